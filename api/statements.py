"""Every SQL statement as a span, and the slow ones as a log line. Values never appear, only their places."""

import time
from collections.abc import Callable
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.trace import SpanKind
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from infra.telemetry import get_logger

log = get_logger(__name__)

SLOW_STATEMENT_MS: Final = 250.0
_SHOWN: Final = 500
_BEGAN: Final = "avaaz_statement_began"


Observe = Callable[[float], None]
"""Takes the seconds of one statement."""


def watch_statements(engine: AsyncEngine, slow_ms: float, observe: Observe | None = None) -> None:
    """Trace and time the engine's statements, and log those that take longer than `slow_ms` milliseconds.

    A statement is traced only inside a traced request or job: the pool's own tests of connections are not.
    """
    tracer = trace.get_tracer("avaaz.sql")

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def before(connection: Connection, *_: Any) -> None:
        connection.info[_BEGAN] = (time.perf_counter(), time.time_ns())

    @event.listens_for(engine.sync_engine, "after_cursor_execute")
    def after(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        began, began_ns = connection.info.pop(_BEGAN)
        seconds = time.perf_counter() - began
        ms = seconds * 1000
        if observe is not None:
            observe(seconds)
        if ms >= slow_ms:
            log.warning("slow statement", ms=round(ms, 1), statement=statement[:_SHOWN])
        if trace.get_current_span().is_recording():
            attributes = {"db.system.name": "postgresql", "db.query.text": statement[:_SHOWN]}
            span = tracer.start_span(
                "SQL " + statement.split(None, 1)[0].upper(),
                kind=SpanKind.CLIENT,
                attributes=attributes,
                start_time=began_ns,
            )
            span.end()
