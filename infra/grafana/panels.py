"""The shapes of Grafana's dashboards that ours are made of."""

from dataclasses import dataclass
from typing import Any

SCHEMA = 41
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}
COLUMNS = 24
ROW_HEIGHT = 8
STAT_HEIGHT = 4


@dataclass(frozen=True)
class Query:
    """One PromQL expression and how its series are named."""

    expression: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    """A graph over time, or one figure (`stat`)."""

    title: str
    queries: tuple[Query, ...]
    unit: str = "short"
    meaning: str = ""
    stat: bool = False
    amber: float | None = None
    red: float | None = None
    """From this value on the figure is shown in that colour."""


@dataclass(frozen=True)
class Dashboard:
    """One page: figures on top, graphs in two columns below."""

    uid: str
    title: str
    panels: tuple[Panel, ...]


def rendered(dashboard: Dashboard) -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    stats = [panel for panel in dashboard.panels if panel.stat]
    graphs = [panel for panel in dashboard.panels if not panel.stat]
    width = COLUMNS // max(1, len(stats))
    places = [(index * width, 0, width, STAT_HEIGHT) for index in range(len(stats))]
    places += [
        (index % 2 * 12, STAT_HEIGHT + index // 2 * ROW_HEIGHT, 12, ROW_HEIGHT)
        for index in range(len(graphs))
    ]
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "tags": ["avaaz"],
        "schemaVersion": SCHEMA,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": []},
        "templating": {"list": []},
        "panels": [
            _panel(number, panel, place)
            for number, (panel, place) in enumerate(zip([*stats, *graphs], places, strict=True), start=1)
        ],
    }


def _panel(number: int, panel: Panel, place: tuple[int, int, int, int]) -> dict[str, Any]:
    x, y, width, height = place
    return {
        "id": number,
        "type": "stat" if panel.stat else "timeseries",
        "title": panel.title,
        "description": panel.meaning,
        "datasource": DATASOURCE,
        "gridPos": {"x": x, "y": y, "w": width, "h": height},
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": _options(panel),
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": DATASOURCE,
                "expr": query.expression,
                "legendFormat": query.legend or "__auto",
                "range": True,
            }
            for index, query in enumerate(panel.queries)
        ],
    }


def _defaults(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    for colour, value in (("orange", panel.amber), ("red", panel.red)):
        if value is not None:
            steps.append({"color": colour, "value": value})
    custom = {} if panel.stat else {"custom": {"fillOpacity": 8, "showPoints": "never"}}
    return {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}, **custom}


def _options(panel: Panel) -> dict[str, Any]:
    if panel.stat:
        return {"colorMode": "background", "graphMode": "area", "reduceOptions": {"calcs": ["lastNotNull"]}}
    return {
        "legend": {"displayMode": "table", "placement": "bottom", "calcs": ["mean", "max"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
