"""The chart, rendered by helm itself: Kubernetes' own schemas, and the promises of docs/deploy.md."""

import subprocess
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import compose_file
from deploy.chart import CHART, of, pods, template
from deploy.images import ROOT
from deploy.test_compose import SETTINGS, known_to
from onrecord.contracts.topics import CATALOGUE
from onrecord.web.address import IPV4_REFUSED, IPV6_GLOBAL, IPV6_REFUSED

KEDA = ROOT / "deploy" / "keda" / "values.yaml"
VALUES = Path(__file__).parent / "values"
SCHEMAS = ("1.29", "1.34")  # the oldest that the chart takes, and the one that it is rendered for
OF_OTHERS = {"ScaledObject", "TriggerAuthentication", "PodMonitor"}  # custom resources, whose schemas Kubernetes has not
Render = Callable[..., list[dict[str, Any]]]
PEERS = ("feed", "scraper")  # whoever reads pages that strangers write


@pytest.fixture(scope="session")
def rendered(tool: Callable[[str], str]) -> Render:
    def render(*values: Path, **settings: str) -> list[dict[str, Any]]:
        done = template(tool("helm"), values, settings)
        assert done.returncode == 0, done.stderr
        return [document for document in yaml.safe_load_all(done.stdout) if document]

    return render


@pytest.fixture
def full(rendered: Render) -> list[dict[str, Any]]:
    return rendered(VALUES / "full.yaml", KEDA, telemetry__podMonitor="true")


@pytest.mark.parametrize("version", SCHEMAS)
@pytest.mark.parametrize("values", ["full", "plain"])
def test_kubernetes_takes_everything(
    version: str, values: str, rendered: Render, tool: Callable[[str], str], tmp_path: Path
) -> None:
    documents = [document for document in rendered(VALUES / f"{values}.yaml", KEDA) if document["kind"] not in OF_OTHERS]
    assert {document["kind"] for document in documents} >= {"Deployment", "Job", "Service", "PodDisruptionBudget"}
    file = tmp_path / "all.yaml"
    file.write_text(yaml.safe_dump_all(documents), encoding="utf-8")
    command = [tool("kubernetes-validate"), "--strict", "-k", version, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schemas_refuse_a_wrong_field(rendered: Render, tool: Callable[[str], str], tmp_path: Path) -> None:
    (deployment, *_) = of(rendered(VALUES / "plain.yaml"), "Deployment").values()
    deployment["spec"]["replica"] = 2
    file = tmp_path / "wrong.yaml"
    file.write_text(yaml.safe_dump(deployment), encoding="utf-8")
    command = [tool("kubernetes-validate"), "--strict", "-k", SCHEMAS[-1], str(file)]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_helm_lints_it(tool: Callable[[str], str]) -> None:
    command = [tool("helm"), "lint", "--strict", str(CHART), "-f", str(VALUES / "full.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_pod_is_shut_in(full: list[dict[str, Any]]) -> None:
    found = dict.fromkeys(name for name, _, _ in pods(full))
    assert set(found) == {*compose_file.OWN_SERVICES, "topics", "schemas"}
    for _, pod, container in pods(full):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        rights = container["securityContext"]
        assert rights["readOnlyRootFilesystem"] is True
        assert rights["allowPrivilegeEscalation"] is False
        assert rights["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= set(container["resources"])
        assert container["image"].rpartition(":")[2] == "0.1.0"


def test_every_service_is_probed_and_may_be_moved_one_at_a_time(full: list[dict[str, Any]]) -> None:
    deployments, budgets = of(full, "Deployment"), of(full, "PodDisruptionBudget")
    assert set(deployments) == set(budgets) == set(compose_file.OWN_SERVICES)
    for name, deployment in deployments.items():
        pod = deployment["spec"]["template"]
        (container,) = pod["spec"]["containers"]
        (port,) = container["ports"]
        environment = {variable["name"]: variable.get("value") for variable in container["env"]}
        assert environment["ONRECORD_HTTP_PORT"] == str(port["containerPort"])
        for probe, path in (("startupProbe", "live"), ("livenessProbe", "live"), ("readinessProbe", "ready")):
            assert container[probe]["httpGet"] == {"path": f"/health/{path}", "port": port["name"]}
        assert pod["spec"]["terminationGracePeriodSeconds"] > 20
        assert budgets[name]["spec"]["selector"] == deployment["spec"]["selector"]
        assert deployment["spec"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()


def test_every_variable_is_a_setting_and_every_file_is_mounted(full: list[dict[str, Any]]) -> None:
    for name, pod, container in pods(full):
        known = known_to(name if name in SETTINGS else "cli")
        mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        for variable in container["env"]:
            plain = variable["name"] if variable["name"] in known else variable["name"].removesuffix("_FILE")
            assert plain in known, f"{name} does not know {variable['name']}"
            assert "valueFrom" not in variable
            if variable["name"].endswith("_FILE"):
                folder = mounts[variable["value"].rpartition("/")[0]]
                assert volumes[folder]["secret"]["secretName"]


def test_a_service_is_given_no_other_services_secrets(full: list[dict[str, Any]]) -> None:
    given = {
        name: {volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume} for name, pod, _ in pods(full)
    }
    assert given == {
        "feed": {"onrecord-kafka", "onrecord-feed", "onrecord-database-ca"},
        "scraper": {"onrecord-kafka"},
        "extractor": {"onrecord-kafka"},
        "store": {"onrecord-kafka", "onrecord-store", "onrecord-tokens", "onrecord-database-ca"},
        "topics": {"onrecord-kafka"},
        "schemas": {"onrecord-migrate", "onrecord-database-ca"},
    }


def test_topics_and_schemas_come_before_the_services(full: list[dict[str, Any]]) -> None:
    jobs = of(full, "Job")
    assert {name: job["metadata"]["annotations"]["helm.sh/hook"] for name, job in jobs.items()} == {
        "topics": "pre-install,pre-upgrade",
        "schemas": "pre-install,pre-upgrade",
    }
    arguments = {name: job["spec"]["template"]["spec"]["containers"][0]["args"] for name, job in jobs.items()}
    assert arguments == {"topics": ["topics", "apply", "--replication", "3"], "schemas": ["db", "migrate"]}


def web_rules(policy: dict[str, Any]) -> list[dict[str, Any]]:
    peers = [peer["ipBlock"] for rule in policy["spec"]["egress"] for peer in rule["to"] if "ipBlock" in peer]
    return [block for block in peers if "except" in block]


def test_pages_lead_to_public_addresses_only(full: list[dict[str, Any]]) -> None:
    policies = of(full, "NetworkPolicy")
    for name in PEERS:
        wide = {block["cidr"]: set(block["except"]) for block in web_rules(policies[name])}
        assert wide == {
            "0.0.0.0/0": {str(network) for network, _ in IPV4_REFUSED},
            str(IPV6_GLOBAL): {str(network) for network, _ in IPV6_REFUSED},
        }


def test_nothing_else_reaches_more_than_its_servers(full: list[dict[str, Any]]) -> None:
    policies = of(full, "NetworkPolicy")
    assert set(policies) == {*compose_file.OWN_SERVICES, "topics-job", "schemas-job"}
    reached = {
        name: {
            peer["ipBlock"]["cidr"] for rule in policy["spec"]["egress"] for peer in rule["to"]
            if "ipBlock" in peer and "except" not in peer["ipBlock"]
        }
        for name, policy in policies.items()
    }  # fmt: skip
    kafka, postgres = "10.0.1.0/24", "10.0.2.5/32"
    assert reached == {
        "feed": {kafka, postgres},
        "scraper": {kafka},
        "extractor": {kafka},
        "store": {kafka, postgres},
        "topics-job": {kafka},
        "schemas-job": {postgres},
    }
    for name, policy in policies.items():
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
        assert all(rule["ports"] for rule in policy["spec"]["egress"]), name
        assert bool(web_rules(policy)) == (name in PEERS)
        assert all(ip_network(cidr).is_private for cidr in reached[name])


def test_every_policy_selects_its_pods(full: list[dict[str, Any]]) -> None:
    labels = [
        document["spec"]["template"]["metadata"]["labels"] for document in full if document["kind"] in ("Deployment", "Job")
    ]
    for policy in of(full, "NetworkPolicy").values():
        wanted = policy["spec"]["podSelector"]["matchLabels"].items()
        assert sum(wanted <= found.items() for found in labels) == 1


def test_replicas_follow_the_lag_of_the_topics_that_the_service_reads(full: list[dict[str, Any]]) -> None:
    scaled = of(full, "ScaledObject")
    assert set(scaled) == {"scraper", "extractor", "store"}
    for name, document in scaled.items():
        spec = document["spec"]
        assert spec["minReplicaCount"] <= spec["maxReplicaCount"] <= 12
        triggers = [trigger["metadata"] for trigger in spec["triggers"]]
        assert {trigger["consumerGroup"] for trigger in triggers} == {name}
        lanes = {lane for topic in CATALOGUE if name in topic.consumers for lane in topic.lane_names}
        assert {trigger["topic"] for trigger in triggers} <= lanes
        assert {trigger["allowIdleConsumers"] for trigger in triggers} == {"false"}
        assert {trigger["sasl"] for trigger in triggers} == {"scram_sha512"}
        assert "replicas" not in of(full, "Deployment")[name]["spec"]


@pytest.mark.parametrize("service", ["feed", "scraper", "extractor", "store"])
def test_more_replicas_than_partitions_are_refused(service: str, tool: Callable[[str], str]) -> None:
    done = template(tool("helm"), (VALUES / "full.yaml",), {f"services__{service}__maxReplicas": "13"})
    assert done.returncode != 0
    assert f"services.{service}.maxReplicas is above kafka.partitions" in done.stderr


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("kafka__bootstrap", "kafka.bootstrap is needed"),
        ("kafka__secret", "kafka.secret is needed"),
        ("database__feedSecret", "database.feedSecret is needed"),
        ("database__storeSecret", "database.storeSecret is needed"),
        ("database__migrateSecret", "database.migrateSecret is needed"),
        ("api__tokensSecret", "api.tokensSecret is needed"),
        ("networkPolicy__kafka__cidrs", "networkPolicy.kafka.cidrs is needed"),
        ("networkPolicy__postgres__cidrs", "networkPolicy.postgres.cidrs is needed"),
    ],
)
def test_what_is_missing_is_named(setting: str, why: str, tool: Callable[[str], str]) -> None:
    done = template(tool("helm"), (VALUES / "full.yaml",), {setting: "null" if setting.endswith("cidrs") else ""})
    assert done.returncode != 0
    assert why in done.stderr


def test_a_digest_pins_an_image(rendered: Render) -> None:
    digest = f"sha256:{'0' * 64}"
    documents = rendered(VALUES / "plain.yaml", image__registry="registry.example.org/onrecord", image__digests__feed=digest)
    images = {name: container["image"] for name, _, container in pods(documents)}
    assert images["feed"] == f"registry.example.org/onrecord/feed:0.1.0@{digest}"
    assert images["topics"] == "registry.example.org/onrecord/cli:0.1.0"
