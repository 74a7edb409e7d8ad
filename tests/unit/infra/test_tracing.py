"""What leaves a process for a collector of traces or of crashes, over real HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.collector import Collector, collecting

TRACE = "0123456789abcdef0123456789abcdef"
SECRET = "My name is Zoltan and my mail is zoltan@example.org"

SPANS = f"""
from infra.telemetry import correlated
from infra.tracing import configure_tracing, traced
provider = configure_tracing("api")
with correlated("{TRACE}"), traced("outer", {{"http.route": "/calls"}}):
    try:
        with traced("inner"):
            raise ValueError("{SECRET}")
    except ValueError:
        pass
with correlated("not-a-trace-id"), traced("elsewhere"):
    pass
provider.shutdown()
"""

CRASH = f"""
import logging
from infra.error_tracking import configure_error_tracking
from infra.telemetry import correlated
assert configure_error_tracking("api")
import sentry_sdk
said = "{SECRET}"
with correlated("{TRACE}"):
    try:
        raise ValueError(said)
    except ValueError:
        logging.getLogger("api").exception("request failed for %s", said)
sentry_sdk.flush(5)
"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A server on loopback."""
    with collecting() as server:
        yield server


def run(program: str, **env: str) -> None:
    """Run a program with these settings."""
    subprocess.run([sys.executable, "-c", program], env={**os.environ, **env}, check=True, timeout=60)


def spans(collector: Collector) -> dict[str, Span]:
    """What came, by name."""
    return {sent.span.name: sent.span for sent in collector.spans()}


def test_the_correlation_id_is_the_trace_id(collector: Collector) -> None:
    run(SPANS, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    found = spans(collector)
    assert found["outer"].trace_id.hex() == TRACE
    assert found["inner"].trace_id.hex() == TRACE
    assert found["inner"].parent_span_id == found["outer"].span_id
    assert found["elsewhere"].trace_id.hex() != TRACE


def test_an_error_leaves_its_kind_and_not_its_text(collector: Collector) -> None:
    run(SPANS, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    assert spans(collector)["inner"].status.message == "ValueError"
    assert not any(b"Zoltan" in body for body in collector.bodies)


def test_nothing_is_sent_by_default() -> None:
    run(
        "from infra.tracing import configure_tracing, traced\n"
        "from infra.error_tracking import configure_error_tracking\n"
        "assert configure_tracing('api') is None\n"
        "assert configure_error_tracking('api') is False\n"
        "with traced('a') as span: assert not span.is_recording()\n",
        OTEL_EXPORTER_OTLP_ENDPOINT="",
        SENTRY_DSN="",
    )


def test_a_crash_is_told_without_what_was_said(collector: Collector) -> None:
    run(CRASH, SENTRY_DSN=f"http://public@127.0.0.1:{collector.server_port}/1")
    sent = b"\n".join(collector.bodies)
    assert b"ValueError" in sent
    assert TRACE.encode() in sent
    assert b"Zoltan" not in sent
    assert b"zoltan@" not in sent
