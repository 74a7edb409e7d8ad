"""Prometheus figures of the API."""

from typing import Annotated

from fastapi import Depends, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

STATEMENT_SECONDS = (
    0.001, 0.002, 0.003, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
)  # fmt: skip
"""Bounds of the statement timer: close together around the 50 ms that a statement may take."""


class Metrics:
    """All figures of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "avaaz_http_requests_total",
            "Answered requests",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.durations = Histogram(
            "avaaz_http_request_seconds", "Time to answer", ["method", "route"], registry=self.registry
        )
        self.statements = Histogram(
            "avaaz_statement_seconds",
            "Time of an SQL statement as the application waits for it",
            buckets=STATEMENT_SECONDS,
            registry=self.registry,
        )
        self.calls_opened = Counter(
            "avaaz_calls_opened_total",
            "Calls opened or carried on by a worker",
            ["resumed"],
            registry=self.registry,
        )
        self.calls_closed = Counter(
            "avaaz_calls_closed_total", "Closes delivered by workers", ["reason"], registry=self.registry
        )
        self.jobs_lost = Counter(
            "avaaz_jobs_lost_total", "Jobs that died in the middle of a call", registry=self.registry
        )
        self.turns_kept = Counter("avaaz_turns_kept_total", "New turns in the record", registry=self.registry)
        self.open_calls = Gauge("avaaz_calls_open", "Calls open at the moment", registry=self.registry)


async def metrics(request: Request) -> Metrics:
    """The figures of the application that answers."""
    held: Metrics = request.app.state.metrics
    return held


CurrentMetrics = Annotated[Metrics, Depends(metrics)]
