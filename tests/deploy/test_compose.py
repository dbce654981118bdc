"""docker-compose.yml: exact images, no rights, limits, checks, and settings that exist."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from deploy import compose_file
from onrecord.cli.kafka import CliSettings
from onrecord.extractor.settings import ExtractorSettings
from onrecord.feed.settings import FeedSettings
from onrecord.runtime.settings import ELSEWHERE, Settings
from onrecord.scraper.settings import ScraperSettings
from onrecord.store.settings import StoreSettings

SERVICES: dict[str, dict[str, Any]] = compose_file.base()["services"]
SETTINGS: dict[str, type[Settings]] = {
    "feed": FeedSettings, "scraper": ScraperSettings, "extractor": ExtractorSettings, "store": StoreSettings,
}  # fmt: skip
JOBS = ("topics", "schemas", "cli")
WITHOUT_CHECK = {"collector": "its image has neither a shell nor an HTTP client", **dict.fromkeys(JOBS, "it ends by itself")}
EXACT_TAG = re.compile(r"[\w./-]+:v?\d+\.\d+(\.\d+)?(-[\w.]+)?(@sha256:[0-9a-f]{64})?")
NETWORKS = {
    "feed": {"bus", "database", "telemetry", "outside"},
    "scraper": {"bus", "telemetry", "outside"},
    "extractor": {"bus", "telemetry"},
    "store": {"bus", "database", "telemetry", "edge"},
}


def known_to(service: str) -> set[str]:
    """Variables that the process in this container reads."""
    if service in SETTINGS:
        return set(SETTINGS[service].names())
    databases = {"ONRECORD_FEED_DATABASE", "ONRECORD_STORE_DATABASE"}
    return set(CliSettings.names()) | databases | {f"ONRECORD_{name}" for name in ELSEWHERE}


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_is_shut_in(service: str) -> None:
    container = SERVICES[service]
    assert container["cap_drop"] == ["ALL"]
    assert container["read_only"] is True
    assert "no-new-privileges:true" in container["security_opt"]
    uid = int(container["user"].partition(":")[0])
    assert uid > 0
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(container)
    assert all("docker.sock" not in str(volume) for volume in container.get("volumes", ()))


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_has_limits(service: str) -> None:
    assert {"mem_limit", "cpus", "pids_limit"} <= set(SERVICES[service])


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_is_checked_or_says_why_not(service: str) -> None:
    check = SERVICES[service].get("healthcheck", {})
    assert bool(check.get("test")) != (service in WITHOUT_CHECK)


@pytest.mark.parametrize("service", SERVICES)
def test_every_image_is_an_exact_version(service: str) -> None:
    assert EXACT_TAG.fullmatch(SERVICES[service]["image"]), SERVICES[service]["image"]


@pytest.mark.parametrize("image", ["postgres", "postgres:latest", "postgres:18", "apache/kafka:latest", "onrecord/feed:main"])
def test_a_tag_that_moves_is_not_exact(image: str) -> None:
    assert not EXACT_TAG.fullmatch(image)


@pytest.mark.parametrize("service", [name for name in SERVICES if SERVICES[name]["image"].startswith("onrecord/")])
@pytest.mark.parametrize("layers", [(), ("tls",), ("external",)])
def test_every_variable_is_a_setting_of_its_reader(
    service: str, layers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose_file, "filled", lambda value, _: _filled_loosely(value))
    known = known_to(service)
    for name in compose_file.environment(service, *layers):
        plain = name if name in known else name.removesuffix("_FILE")
        assert plain in known, f"{service} does not know {name}"


def _filled_loosely(value: Any) -> Any:
    """What a layer demands of the person who deploys has no default."""
    return compose_file.VARIABLE.sub(lambda match: match[3], value) if isinstance(value, str) else (
        {key: _filled_loosely(inner) for key, inner in value.items()} if isinstance(value, dict)
        else [_filled_loosely(inner) for inner in value] if isinstance(value, list) else value
    )  # fmt: skip


def test_every_secret_that_a_variable_names_is_mounted() -> None:
    for service in SERVICES:
        mounted = set(compose_file.secrets(service))
        named = {value for value in compose_file.environment(service).values() if value.startswith("/run/secrets/")}
        assert named <= mounted, service


def test_a_service_is_given_no_other_services_secrets() -> None:
    given = {service: set(compose_file.secrets(service)) for service in compose_file.OWN_SERVICES}
    assert given["feed"] == {"/run/secrets/feed_database"}
    assert given["store"] == {"/run/secrets/store_database", "/run/secrets/api_tokens"}
    assert given["scraper"] == given["extractor"] == set()


def test_ports_are_published_on_loopback_only_and_lead_to_the_port_that_is_served() -> None:
    published = [port for container in SERVICES.values() for port in container.get("ports", ())]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert SERVICES["store"]["ports"][0].endswith(":" + compose_file.environment("store")["ONRECORD_HTTP_PORT"])
    listeners = compose_file.environment("kafka")["KAFKA_LISTENERS"]
    assert f"HOST://:{SERVICES['kafka']['ports'][0].rpartition(':')[2]}" in listeners


@pytest.mark.parametrize("service", compose_file.OWN_SERVICES)
def test_health_is_asked_where_it_is_served(service: str) -> None:
    port = compose_file.environment(service)["ONRECORD_HTTP_PORT"]
    assert f"127.0.0.1:{port}/health/ready" in " ".join(SERVICES[service]["healthcheck"]["test"])


def test_prometheus_asks_every_service_at_its_port_under_the_labels_that_the_alerts_use() -> None:
    config = yaml.safe_load((compose_file.ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    (ours,) = [job for job in config["scrape_configs"] if job["job_name"] == "onrecord"]
    (lookup,) = ours["dns_sd_configs"]
    assert set(lookup["names"]) == set(compose_file.OWN_SERVICES)
    assert {str(lookup["port"])} == {compose_file.environment(name)["ONRECORD_HTTP_PORT"] for name in compose_file.OWN_SERVICES}
    assert [relabel["target_label"] for relabel in ours["relabel_configs"]] == ["service"]


def test_prometheus_takes_its_file_and_finds_the_rules(tool: Callable[[str], str], tmp_path: Path) -> None:
    """Laid out as the container sees it."""
    places = {volume.split(":")[1]: volume.split(":")[0] for volume in SERVICES["prometheus"]["volumes"]}
    shutil.copy(compose_file.ROOT / places["/etc/prometheus/prometheus.yml"], tmp_path)
    shutil.copytree(compose_file.ROOT / places["/etc/prometheus/alerts"], tmp_path / "alerts")
    command = [tool("promtool"), "check", "config", str(tmp_path / "prometheus.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("rules found") == len(list((tmp_path / "alerts").glob("*.rules.yml"))) > 0


def test_dashboards_are_mounted_where_grafana_is_told_to_look() -> None:
    places = {volume.split(":")[1]: compose_file.ROOT / volume.split(":")[0] for volume in SERVICES["grafana"]["volumes"]}
    (provider,) = (places["/etc/grafana/provisioning"] / "dashboards").glob("*.y*ml")
    told = {entry["options"]["path"] for entry in yaml.safe_load(provider.read_text(encoding="utf-8"))["providers"]}
    assert told <= set(places)
    assert all(any(places[path].glob("*.json")) for path in told)


def test_datasources_are_asked_where_compose_starts_them() -> None:
    (file,) = (compose_file.ROOT / "deploy/grafana/provisioning/datasources").glob("*.y*ml")
    urls = {urlsplit(source["url"]) for source in yaml.safe_load(file.read_text(encoding="utf-8"))["datasources"]}
    assert {url.hostname for url in urls} <= set(SERVICES)
    for url in urls:
        assert {str(url.port)} == {port.rpartition(":")[2] for port in SERVICES[str(url.hostname)]["ports"]}


def test_services_wait_for_topics_and_schemas_and_these_for_their_servers() -> None:
    for service in compose_file.OWN_SERVICES:
        waits = SERVICES[service]["depends_on"]
        assert waits["topics"]["condition"] == "service_completed_successfully"
        assert ("schemas" in waits) == ("database" in NETWORKS[service])
    assert SERVICES["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert SERVICES["schemas"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_only_feed_and_scraper_reach_the_outside_and_the_bus_and_the_database_do_not() -> None:
    assert {name: set(SERVICES[name]["networks"]) for name in NETWORKS} == NETWORKS
    networks = compose_file.base()["networks"]
    assert all(networks[name]["internal"] for name in ("bus", "database", "telemetry"))


def test_a_container_is_given_more_time_to_stop_than_a_service_takes() -> None:
    assert all(int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > 20 for name in compose_file.OWN_SERVICES)


def test_every_mounted_file_is_there() -> None:
    for service, container in SERVICES.items():
        for volume in container.get("volumes", ()):
            source = volume.partition(":")[0]
            if source.startswith("./"):
                assert (compose_file.ROOT / source).exists(), f"{service} mounts {source}"


def test_the_example_environment_states_the_defaults_and_nothing_else() -> None:
    stated = dict(
        line.split("=", 1)
        for line in (compose_file.ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    text = compose_file.BASE.read_text(encoding="utf-8")
    defaults = {match[1]: match[3] for match in compose_file.VARIABLE.finditer(text)}
    assert stated == defaults


LAYER_FILES: list[tuple[Path, ...]] = [(), *((layer,) for layer in sorted(compose_file.LAYERS.glob("*.yml")))]


@pytest.mark.parametrize("layers", LAYER_FILES, ids=lambda layers: "+".join(path.stem for path in layers) or "base")
def test_compose_itself_takes_the_file_and_each_layer(layers: tuple[Path, ...], tool: Callable[[str], str]) -> None:
    files = [part for path in (compose_file.BASE, *layers) for part in ("-f", str(path))]
    command = [tool("docker-compose"), *files, "--profile", "cli", "config", "--format", "json"]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "KAFKA_BOOTSTRAP": "b.example.org:9093"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=compose_file.ROOT, check=False)
    assert done.returncode == 0, done.stderr
    merged = json.loads(done.stdout)["services"]
    bundled = {"kafka", "postgres"} if "external" not in [path.stem for path in layers] else set()
    assert set(compose_file.OWN_SERVICES) | set(JOBS) | bundled <= set(merged)
    assert ("kafka" in merged) == bool(bundled)
    assert all(merged[name]["cap_drop"] == ["ALL"] and merged[name]["read_only"] for name in merged)
