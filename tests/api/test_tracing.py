"""Spans of requests, statements and jobs, and the log of slow statements."""

from collections.abc import Iterator

import httpx
import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text

from api.database import Database
from tests.api.conftest import Addresses

TRACE = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def _exporter() -> Iterator[InMemorySpanExporter]:
    """The process's only provider of spans, for these tests: it cannot be taken back."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    yield exporter
    provider.shutdown()


@pytest.fixture
def spans(_exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    """Emptied before each test."""
    _exporter.clear()
    yield _exporter
    _exporter.clear()


def of_trace(spans: InMemorySpanExporter) -> list[ReadableSpan]:
    """The spans under the request's id."""
    return [span for span in spans.get_finished_spans() if format(span.context.trace_id, "032x") == TRACE]


async def test_a_request_and_its_statements_are_one_trace(
    spans: InMemorySpanExporter, anonymous: httpx.AsyncClient
) -> None:
    body = {"email": "zoltan@example.org", "password": "Speak-easy-1", "display_name": "Zoltan"}
    answer = await anonymous.post("/api/v1/auth/register", json=body, headers={"X-Request-ID": TRACE})
    assert answer.status_code == 201
    found = of_trace(spans)
    server = next(span for span in found if span.kind is trace.SpanKind.SERVER)
    attributes = dict(server.attributes or {})
    assert server.name == "POST /api/v1/auth/register"
    assert attributes["http.response.status_code"] == 201
    statements = [span for span in found if span.name.startswith("SQL ")]
    assert "SQL INSERT" in {span.name for span in statements}
    assert all(span.parent and span.parent.span_id == server.context.span_id for span in statements)
    everything = " ".join(span.to_json() for span in found)
    assert "zoltan" not in everything.lower()
    assert "Speak-easy-1" not in everything


async def test_slow_statements_are_logged_without_values(addresses: Addresses) -> None:
    database = Database.connect(addresses.serving, process="test", pool_size=1, slow_ms=50)
    try:
        with structlog.testing.capture_logs() as logs:
            async with database.reading() as session:
                await session.execute(text("SELECT pg_sleep(0.08), :said"), {"said": "Zoltan"})
                await session.execute(text("SELECT 1"))
    finally:
        await database.close()
    slow = [record for record in logs if record["event"] == "slow statement"]
    assert len(slow) == 1
    assert "pg_sleep" in slow[0]["statement"]
    assert slow[0]["ms"] >= 50
    assert "Zoltan" not in str(slow)
