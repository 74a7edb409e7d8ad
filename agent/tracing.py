"""Traces and crash reports of a job process.

The framework makes spans of its own for a turn and its stages. They are sent to the collector that
OTEL_EXPORTER_OTLP_ENDPOINT names, in the trace of the call's correlation id, without what people said.
"""

import threading
from multiprocessing.util import Finalize

from livekit.agents import get_job_context
from livekit.agents.telemetry import set_tracer_provider
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from agent.correlation import correlation_of
from infra.error_tracking import configure_error_tracking
from infra.tracing import configure_tracing, trace_id_of

FLUSH_WITHIN_S = 3.0
"""A collector that is away may hold up the end of a job process for so long; its record is complete then."""


class CallIds(RandomIdGenerator):
    """A span without a parent belongs to the trace of the process's one call, whoever makes it."""

    def generate_trace_id(self) -> int:
        """The call's trace id; a random one before there is a call, or where its id names no trace."""
        ctx = get_job_context(required=False)
        named = None if ctx is None else trace_id_of(correlation_of(ctx))
        return super().generate_trace_id() if named is None else named


def configure() -> None:
    """Begin, in a job process that has just been forked; what is not sent yet is sent when it ends."""
    if configure_error_tracking("agent"):
        Finalize(None, _flush_crashes, exitpriority=10)
    provider = configure_tracing("agent", ids=CallIds())
    if provider is not None:
        set_tracer_provider(provider, allow_pii=False)
        Finalize(None, _flush_spans, args=(provider,), exitpriority=10)


def _flush_crashes() -> None:
    import sentry_sdk  # noqa: PLC0415 - costs start time, and is off by default

    sentry_sdk.flush(FLUSH_WITHIN_S)


def _flush_spans(provider: TracerProvider) -> bool:
    """Sends what is left; False where the collector does not take it in time."""
    ending = threading.Thread(target=provider.shutdown, daemon=True)
    ending.start()
    ending.join(FLUSH_WITHIN_S)
    return not ending.is_alive()
