"""Dashboards and alert rules ask for metrics and labels that the product really has."""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry

from agent.shipper_metrics import ShipperMetrics
from api.metrics import Metrics
from api.worker_metrics import WorkerMetrics
from infra.grafana.boards import DASHBOARDS
from infra.grafana.generate import FOLDER, files
from infra.models.metrics import REGISTRY as MODELS
from tests.support.composed import ROOT, environment_file, services
from tests.support.promql import asked

GRAFANA = ROOT / "infra" / "grafana"
RUNBOOK = ROOT / "docs" / "operations.md"
ADDED_BY_PROMETHEUS = {"job", "instance", "le"}
OURS = ("avaaz_", "lk_agents_", "process_")
FOREIGN = {
    # Prometheus itself
    "up",
    # Caddy 2.11, LiveKit 1.13.5: seen at their /metrics
    "caddy_http_request_duration_seconds_bucket",
    "livekit_participant_total",
    "livekit_quality_score_count",
    "livekit_quality_score_sum",
    "livekit_room_total",
    "livekit_webhook_queue_length",
    # postgres_exporter, node_exporter: from their documentation
    "node_cpu_seconds_total",
    "node_filesystem_avail_bytes",
    "node_filesystem_size_bytes",
    "node_memory_MemAvailable_bytes",
    "node_memory_MemTotal_bytes",
    "pg_database_size_bytes",
    "pg_settings_max_connections",
    "pg_stat_activity_count",
    "pg_stat_activity_max_tx_duration",
    "pg_stat_database_xact_commit",
    "pg_stat_database_xact_rollback",
    "pg_stat_user_tables_n_live_tup",
    "pg_stat_user_tables_n_tup_del",
    "pg_stat_user_tables_n_tup_ins",
    "pg_up",
}


def registries() -> Iterator[CollectorRegistry]:
    for module in ("livekit.agents.telemetry.metrics", "agent.metrics"):
        importlib.import_module(module)
    yield REGISTRY
    yield ShipperMetrics().registry
    yield WorkerMetrics().registry
    yield MODELS
    yield Metrics().registry


def existing() -> dict[str, set[str]]:
    """Every series that our processes can have, with its labels."""
    found: dict[str, set[str]] = {}
    for registry in registries():
        for collector, names in list(registry._collector_to_names.items()):
            for name in names:
                found[name] = set(getattr(collector, "_labelnames", ()))
    return found


EXISTING = existing()
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((GRAFANA / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
SCRAPED = yaml.safe_load((GRAFANA / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
EXPRESSIONS = {
    **{
        f"{dashboard.uid}: {panel.title} {number}": query.expression
        for dashboard in DASHBOARDS
        for panel in dashboard.panels
        for number, query in enumerate(panel.queries)
    },
    **{f"alert {rule['alert']}": rule["expr"] for rule in RULES},
}


@pytest.mark.parametrize("where", EXPRESSIONS)
def test_expression_asks_for_what_exists(where: str) -> None:
    selectors = asked(EXPRESSIONS[where])
    assert selectors
    for selector in selectors:
        if selector.metric.startswith(OURS):
            assert selector.metric in EXISTING
            assert selector.labels <= EXISTING[selector.metric] | ADDED_BY_PROMETHEUS
        else:
            assert selector.metric in FOREIGN


def test_a_metric_that_does_not_exist_would_be_found() -> None:
    (selector,) = asked('sum by (le, route) (rate(avaaz_gone_total{status="500"}[5m]))')
    assert selector.metric == "avaaz_gone_total"
    assert selector.labels == {"le", "route", "status"}
    assert selector.metric not in EXISTING
    with pytest.raises(ValueError, match="parenthesis"):
        asked("sum(rate(avaaz_gone_total[5m])")


def test_every_figure_of_ours_is_shown_somewhere() -> None:
    shown = {selector.metric for text in EXPRESSIONS.values() for selector in asked(text)}
    kinds = ("_bucket", "_sum", "_count", "_created", "_total")
    stems = {re.sub(f"({'|'.join(kinds)})$", "", name) for name in shown}
    own = {re.sub(f"({'|'.join(kinds)})$", "", name) for name in EXISTING if name.startswith("avaaz_")}
    assert own - stems == set()


def test_five_dashboards_are_generated_and_current() -> None:
    assert len(DASHBOARDS) == 5
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == files(), (
        "run python -m infra.grafana.generate"
    )


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_panels_do_not_overlap_and_use_the_provisioned_source(path: Path) -> None:
    board = json.loads(path.read_text("utf-8"))
    source = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "prometheus.yml").read_text("utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
        assert panel["datasource"]["uid"] == source["datasources"][0]["uid"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alert_says_how_urgent_it_is_and_where_its_remedy_stands(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert rule["labels"]["severity"] in {"page", "ticket"}
    page, anchor = rule["annotations"]["runbook"].split("#")
    assert ROOT / page == RUNBOOK
    assert anchor == rule["alert"].lower()
    assert re.search(rf"^### {rule['alert']}$", RUNBOOK.read_text("utf-8"), re.MULTILINE)


def test_alerts_are_told_apart_and_the_runbook_has_no_other() -> None:
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names))
    section = RUNBOOK.read_text("utf-8").split("## Alerts", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"^### (\w+)$", section, re.MULTILINE) == names


def test_prometheus_asks_parts_that_exist_by_the_names_that_are_used() -> None:
    parts = services(environment_file("production"))
    for job in SCRAPED:
        hosts = [name for entry in job.get("dns_sd_configs", []) for name in entry["names"]]
        hosts += [
            target.split(":")[0] for entry in job.get("static_configs", []) for target in entry["targets"]
        ]
        for host in hosts:
            assert set(parts[host]["networks"]) & set(parts["prometheus"]["networks"]), host
    named = {name for text in EXPRESSIONS.values() for name in re.findall(r'job="(\w+)"', text)}
    assert named <= {job["job_name"] for job in SCRAPED}
