"""A linter of the dashboards: what Grafana would show without complaint and a person could not read."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from observability.conftest import Promtool
from observability.exposition import TARGET_LABELS, Exposition
from observability.promql import grouped_by, in_grafana, selectors

GRAFANA = Path(__file__).resolve().parents[2] / "deploy" / "grafana"
PAGES = sorted((GRAFANA / "dashboards").glob("*.json"))
UNITS = {"short", "s", "bytes", "percentunit"}
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
LEGEND = re.compile(r"\{\{\s*(\w+)\s*\}\}")
COLUMNS = 24

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)


def read(page: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.read_text(encoding="utf-8"))
    return found


def panels(page: Path) -> list[dict[str, Any]]:
    return [panel for panel in read(page)["panels"] if panel["type"] != "row"]


def targets(page: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for panel in panels(page):
        for target in panel["targets"]:
            yield panel["title"], target


def test_the_three_pages_are_there() -> None:
    assert [page.stem for page in PAGES] == ["feeds", "overview", "service"]


def test_pages_are_as_generated() -> None:
    done = subprocess.run([sys.executable, GRAFANA / "generate.py", "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_addresses_and_titles_are_unique() -> None:
    pages = [read(page) for page in PAGES]
    assert len({page["uid"] for page in pages}) == len({page["title"] for page in pages}) == len(pages)


@every_page
def test_ids_are_unique(page: Path) -> None:
    ids = [panel["id"] for panel in read(page)["panels"]]
    assert len(set(ids)) == len(ids)


@every_page
def test_every_panel_says_what_it_shows(page: Path) -> None:
    for panel in panels(page):
        assert panel["title"].strip()
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]


@every_page
def test_titles_are_unique(page: Path) -> None:
    titles = [panel["title"] for panel in panels(page)]
    assert len(set(titles)) == len(titles)


@every_page
def test_every_datasource_is_the_variable(page: Path) -> None:
    variables = {variable["name"]: variable for variable in read(page)["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert [panel["title"] for panel in panels(page) if panel["datasource"] != DATASOURCE] == []
    assert [title for title, target in targets(page) if target["datasource"] != DATASOURCE] == []


@every_page
def test_panels_neither_overlap_nor_leave_the_grid(page: Path) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in read(page)["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert max(x for x, _ in cells) < COLUMNS
        assert not cells & taken, panel["title"]
        taken |= cells


@every_page
def test_variables_in_use_are_declared_and_the_reverse(page: Path) -> None:
    declared = {variable["name"] for variable in read(page)["templating"]["list"]} - {"datasource"}
    used = {name for _, target in targets(page) for name in re.findall(r"\$(?!__)\{?(\w+)", target["expr"])}
    assert used == declared


@every_page
def test_expressions_are_promql(page: Path, promtool: Promtool, tmp_path: Path) -> None:
    rules = [
        {"record": f"panel_{number}", "expr": in_grafana(target["expr"])} for number, (_, target) in enumerate(targets(page))
    ]
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": page.stem, "rules": rules}]}), encoding="utf-8")
    done = promtool("check", "rules", path)
    assert done.returncode == 0, done.stderr
    assert f"{len(rules)} rules found" in done.stdout


@every_page
def test_series_and_labels_exist(page: Path, exposition: Exposition) -> None:
    unknown = set()
    for _, target in targets(page):
        for selector in selectors(in_grafana(target["expr"])):
            if selector.metric not in exposition.labels:
                unknown.add(selector.metric)
            elif stray := selector.labels - exposition.labels[selector.metric] - TARGET_LABELS:
                unknown.add(f"{selector.metric}{sorted(stray)}")
    assert unknown == set()


@every_page
def test_legends_name_labels_that_are_left(page: Path, exposition: Exposition) -> None:
    for title, target in targets(page):
        groups = grouped_by(target["expr"])
        own = frozenset[str]().union(
            *(exposition.labels.get(s.metric, frozenset()) for s in selectors(in_grafana(target["expr"])))
        )
        left = groups if groups else own | TARGET_LABELS
        assert set(LEGEND.findall(target["legendFormat"])) <= left, title


def test_the_provisioned_datasources_are_those_of_the_stack() -> None:
    found = yaml.safe_load((GRAFANA / "provisioning/datasources/onrecord.yml").read_text("utf-8"))["datasources"]
    assert {source["type"]: source["uid"] for source in found} == {"prometheus": "prometheus", "jaeger": "jaeger"}
    assert sum(bool(source.get("isDefault")) for source in found) == 1
    prometheus = yaml.safe_load((GRAFANA.parent / "alerts/prometheus.yml").read_text("utf-8"))
    interval = next(source["jsonData"]["timeInterval"] for source in found if source["type"] == "prometheus")
    assert interval == prometheus["global"]["scrape_interval"]


def test_the_provider_keeps_pages_as_they_are_in_the_repository() -> None:
    [provider] = yaml.safe_load((GRAFANA / "provisioning/dashboards/onrecord.yml").read_text("utf-8"))["providers"]
    assert provider["type"] == "file"
    assert provider["allowUiUpdates"] is False
    compose = yaml.safe_load((GRAFANA.parents[1] / "docker-compose.yml").read_text("utf-8"))
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in compose["services"]["grafana"]["volumes"]
