"""What a dashboard is made of. Panels are laid out in rows of 24 columns, in the order in which they are told."""

from dataclasses import dataclass, field
from typing import Any

COLUMNS = 24  # Grafana's grid
STAT_HEIGHT, GRAPH_HEIGHT, ROW_HEIGHT = 4, 8, 1  # grid units of 30 px
PROMETHEUS = {"type": "prometheus", "uid": "${datasource}"}
TAG = "onrecord"
SCHEMA_VERSION = 39  # Grafana 11; later ones read it


@dataclass(frozen=True, slots=True)
class Query:
    """`legend` may name labels of the expression, {{so}}."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """`unit` is one of Grafana's unit ids. `alarm`: the value from which a stat turns red."""

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    kind: str = "timeseries"
    width: int = 8
    stacked: bool = False
    alarm: float | None = None

    @property
    def height(self) -> int:
        return STAT_HEIGHT if self.kind == "stat" else GRAPH_HEIGHT


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`uid` is part of its address and never changes."""

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]
    variables: tuple[dict[str, Any], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": [TAG],
            "schemaVersion": SCHEMA_VERSION,
            "editable": False,
            "graphTooltip": 1,
            "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"},
            "timezone": "utc",
            "links": [{"type": "dashboards", "title": "onrecord", "tags": [TAG], "asDropdown": True, "keepTime": True}],
            "templating": {"list": [DATASOURCE_VARIABLE, *self.variables]},
            "panels": laid_out(self.rows),
        }


DATASOURCE_VARIABLE: dict[str, Any] = {
    "name": "datasource",
    "label": "Prometheus",
    "type": "datasource",
    "query": "prometheus",
    "current": {},
}


def label_variable(name: str, label: str, query: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": PROMETHEUS,
        "query": {"query": query, "refId": "variable"},
        "definition": query,
        "refresh": 2,  # when the time range changes: services come and go
        "sort": 1,
        "current": {},
    }


def laid_out(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    y = 0
    for row in rows:
        found.append(
            {
                "id": len(found) + 1,
                "type": "row",
                "title": row.title,
                "collapsed": False,
                "panels": [],
                "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": ROW_HEIGHT},
            }
        )
        y += ROW_HEIGHT
        x = line_height = 0
        for panel in row.panels:
            if x + panel.width > COLUMNS:
                x, y, line_height = 0, y + line_height, 0
            place = {"x": x, "y": y, "w": panel.width, "h": panel.height}
            found.append({"id": len(found) + 1, "gridPos": place, **drawn(panel)})
            x, line_height = x + panel.width, max(line_height, panel.height)
        y += line_height
    return found


def drawn(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.alarm is not None:
        steps.append({"color": "red", "value": panel.alarm})
    defaults: dict[str, Any] = {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}
    if panel.kind == "stat":
        options: dict[str, Any] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value", "graphMode": "area"}
    else:
        options = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
        stacking = {"mode": "normal" if panel.stacked else "none"}
        defaults["custom"] = {"fillOpacity": 20 if panel.stacked else 0, "stacking": stacking, "showPoints": "never"}
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": PROMETHEUS,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "targets": [target(query, chr(ord("A") + number)) for number, query in enumerate(panel.queries)],
    }


def target(query: Query, ref_id: str) -> dict[str, Any]:
    return {"refId": ref_id, "datasource": PROMETHEUS, "expr": query.expr, "legendFormat": query.legend or "__auto"}


def quantiles(metric: str, *, by: str = "", matching: str = "", of: tuple[float, ...] = (0.5, 0.9)) -> tuple[Query, ...]:
    """`metric` as Prometheus names the histogram, without `_bucket`."""
    selector = f"{metric}_bucket{{{matching}}}" if matching else f"{metric}_bucket"
    labels = f"le, {by}" if by else "le"
    legend = f" {{{{{by}}}}}" if by else ""
    return tuple(
        Query(
            f"histogram_quantile({share}, sum by ({labels}) (rate({selector}[$__rate_interval])))", f"{share * 100:.0f} %{legend}"
        )
        for share in of
    )
