"""Every rule fires and is silent where it should, and names only what exists."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from observability import cases_delivery, cases_feeds, cases_ledger, cases_platform
from observability.cases import Case
from observability.conftest import Promtool
from observability.exposition import TARGET_LABELS, Exposition
from observability.promql import grouped_by, selectors
from onrecord.web.errors import FetchReason

ROOT = Path(__file__).resolve().parents[2]
ALERTS = ROOT / "deploy" / "alerts"
FILES = sorted(ALERTS.glob("*.rules.yml"))
CASES = (*cases_ledger.CASES, *cases_delivery.CASES, *cases_feeds.CASES, *cases_platform.CASES)
QUANTILE = re.compile(r"histogram_quantile\([^>]*?(\w+_bucket)[^>]*>\s*(\d+)")
SEVERITIES = {"page", "ticket"}


def rules() -> dict[str, dict[str, Any]]:
    groups = (group for path in FILES for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"])
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


RULES = rules()
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def promtool_test(case: Case) -> dict[str, Any]:
    expected = []
    if case.fires:
        annotations = {**RULES[case.alert]["annotations"], "summary": case.summary}
        expected = [{"exp_labels": case.labels, "exp_annotations": annotations}]
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in case.series.items()],
        "alert_rule_test": [{"eval_time": case.at, "alertname": case.alert, "exp_alerts": expected}],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.alert}-{'fires' if case.fires else 'silent'}: {case.what}")
def test_alert(case: Case, promtool: Promtool, tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    page = {"rule_files": [str(file) for file in FILES], "evaluation_interval": "1m", "tests": [promtool_test(case)]}
    path.write_text(yaml.safe_dump(page), encoding="utf-8")
    done = promtool("test", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_names_are_unique() -> None:
    named = [
        rule["alert"] for path in FILES for group in yaml.safe_load(path.read_text("utf-8"))["groups"] for rule in group["rules"]
    ]
    assert len(named) == len(set(named))


def test_every_alert_is_seen_firing_and_silent() -> None:
    assert {case.alert for case in CASES if case.fires} == set(RULES)
    assert {case.alert for case in CASES if not case.fires} == set(RULES)


def test_the_cases_use_series_that_exist(exposition: Exposition) -> None:
    found = {selector for case in CASES for name in case.series for selector in selectors(name)}
    assert unknown(found, exposition, extra=frozenset({"le"})) == set()


@every_rule
def test_series_and_labels_exist(rule: dict[str, Any], exposition: Exposition) -> None:
    assert unknown(set(selectors(rule["expr"])), exposition) == set()


def unknown(found: Any, exposition: Exposition, extra: frozenset[str] = frozenset()) -> set[str]:
    strays = set()
    for selector in found:
        if selector.metric not in exposition.labels:
            strays.add(selector.metric)
        elif labels := selector.labels - exposition.labels[selector.metric] - TARGET_LABELS - extra:
            strays.add(f"{selector.metric}{sorted(labels)}")
    return strays


@every_rule
def test_quantiles_are_compared_with_a_bound_of_a_bucket(rule: dict[str, Any], exposition: Exposition) -> None:
    """Above the last bucket a quantile never comes, and between two it is a guess."""
    for bucket, threshold in QUANTILE.findall(rule["expr"]):
        assert float(threshold) in exposition.buckets[bucket], bucket
    assert ("histogram_quantile" in rule["expr"]) == bool(QUANTILE.findall(rule["expr"]))


@every_rule
def test_texts_name_labels_that_are_left(rule: dict[str, Any], exposition: Exposition) -> None:
    groups = grouped_by(rule["expr"])
    own = frozenset[str]().union(*(exposition.labels.get(s.metric, frozenset()) for s in selectors(rule["expr"])))
    used = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
    assert used <= (groups or own | TARGET_LABELS)


@every_rule
def test_an_alert_tells_how_urgent_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in SEVERITIES
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"].endswith(".")
    assert (ROOT / rule["annotations"]["runbook_url"]).is_file()


def test_fetches_that_count_as_no_answer_are_words_of_the_client() -> None:
    pattern = re.search(r'status=~"([^"]+)"', RULES["FetchesFail"]["expr"])
    assert pattern
    for word in pattern[1].split("|"):
        assert any(re.fullmatch(word, reason) for reason in get_args(FetchReason)), word


def test_prometheus_takes_the_configuration_and_every_rule(promtool: Promtool) -> None:
    done = promtool("check", "config", ALERTS / "prometheus.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(FILES)} rule files found" in done.stdout
    assert sum(int(count) for count in re.findall(r"(\d+) rules found", done.stdout)) == len(RULES)


def test_both_configurations_scrape_the_services_alike() -> None:
    pages = (ALERTS / "prometheus.yml", ROOT / "deploy/prometheus/prometheus.yml")
    own, stack = (
        next(job for job in yaml.safe_load(page.read_text("utf-8"))["scrape_configs"] if job["job_name"] == "onrecord")
        for page in pages
    )
    assert own == stack
