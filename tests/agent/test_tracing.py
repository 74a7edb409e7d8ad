"""One correlation id a call: in the agent's requests, the shipper's deliveries and the names of traces."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from livekit.agents import JobContext
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from agent import tracing
from agent.api_client import AgentApi
from agent.correlation import correlation_of
from agent.outbox import CallLine, OpenedLine, OutboxWriter, TurnLine
from agent.shipper import Shipper
from agent.tracing import CallIds
from infra.telemetry import correlated
from tests.agent.conftest import opening, turn
from tests.agent.fake_api import SERVICE_KEY, FakeApi

TRACE = "0123456789abcdef0123456789abcdef"


def job(metadata: object, job_id: str = "job-1") -> JobContext:
    """A job that was dispatched with this metadata."""
    dispatched = SimpleNamespace(id=job_id, metadata=metadata)
    return cast("JobContext", SimpleNamespace(job=dispatched))


@pytest.fixture
def in_job(monkeypatch: pytest.MonkeyPatch) -> Callable[[JobContext | None], None]:
    """Says which job this process has."""

    def set_job(ctx: JobContext | None) -> None:
        monkeypatch.setattr(tracing, "get_job_context", lambda **_: ctx)

    return set_job


def test_a_job_has_the_id_it_was_dispatched_with() -> None:
    assert correlation_of(job(json.dumps({"correlation_id": TRACE}))) == TRACE


@pytest.mark.parametrize("metadata", ["", "[]", "no json", '{"correlation_id": "two words"}'])
def test_a_job_without_a_good_id_has_one_of_its_own_and_keeps_it(metadata: str) -> None:
    own = correlation_of(job(metadata, "job-a"))
    assert own == correlation_of(job(metadata, "job-a"))
    assert own != correlation_of(job(metadata, "job-b"))


def test_spans_of_a_job_are_in_the_trace_of_its_call(in_job: Callable[[JobContext | None], None]) -> None:
    ids = CallIds()
    in_job(job(json.dumps({"correlation_id": TRACE})))
    assert {ids.generate_trace_id(), ids.generate_trace_id()} == {int(TRACE, 16)}


def test_spans_that_no_call_names_have_traces_of_their_own(
    in_job: Callable[[JobContext | None], None],
) -> None:
    ids = CallIds()
    for ctx in (None, job(json.dumps({"correlation_id": "not-a-trace-id"}))):
        in_job(ctx)
        assert ids.generate_trace_id() != ids.generate_trace_id()


def test_a_collector_that_hangs_does_not_hold_up_the_end_of_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "FLUSH_WITHIN_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}/v1/traces"
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=1)))
        provider.get_tracer("test").start_span("turn").end()
        assert not tracing._flush_spans(provider), "it waited for an answer that never came"


class Listening(FakeApi):
    """Keeps the correlation ids of its requests."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(**changes)
        self.ids: list[str | None] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        self.ids.append(request.headers.get("X-Request-ID"))
        return super().answer(request)


async def test_what_is_delivered_later_belongs_to_the_call(tmp_path: Path) -> None:
    api = Listening()
    with OutboxWriter(tmp_path, "job-1") as writer:
        writer.append(CallLine(open=opening(), correlation_id=TRACE))
        opened = await api.client().open_call(opening())
        writer.append(OpenedLine(call_id=opened.call_id, grant=opened.grant))
        writer.append(TurnLine(turn=turn(0)))
    api.ids.clear()
    await Shipper(tmp_path, api.client()).pass_once()
    assert api.lost == [opened.call_id]
    assert api.kept("room-1")
    assert set(api.ids) == {TRACE}


async def test_requests_carry_the_id_of_their_call_else_the_one_that_is_bound() -> None:
    api = Listening()
    own = AgentApi(
        "http://api.test", SERVICE_KEY, correlation_id=TRACE, transport=httpx.MockTransport(api.answer)
    )
    with correlated("bound-elsewhere"):
        await own.worker_ready()
        await api.client().worker_ready()
    await api.client().worker_ready()
    assert api.ids == [TRACE, "bound-elsewhere", None]
