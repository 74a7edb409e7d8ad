"""OpenTelemetry traces: one trace for what one correlation id names, through every process.

A correlation id of 32 hexadecimal digits has the form of a trace id, so it is one: the request that opens a
call, the agent's job, what that asks of the API and the queued work that follows are spans of one trace,
and a log line leads to it. Nothing is sent unless OTEL_EXPORTER_OTLP_ENDPOINT is set; the other variables
of the OpenTelemetry SDK (sampling, headers, batching) are read by the SDK itself.

No span holds what people said, an e-mail address or a token: attributes are routes, figures and kinds of
errors.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from pydantic_settings import SettingsConfigDict

from infra.configuration import FileSettings
from infra.telemetry import correlation_id

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.id_generator import IdGenerator

_TRACE_ID: Final = re.compile(r"[0-9a-f]{32}")


class TracingSettings(FileSettings):
    """Where spans go. The exporter reads the same variable, and others of its own, itself."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    otel_exporter_otlp_endpoint: str = ""


Attributes = Mapping[str, str | int | float | bool]


def configure_tracing(process: str, ids: "IdGenerator | None" = None) -> "TracerProvider | None":
    """Send this process's spans to the collector that the environment names.

    Args:
        process: Name of the process, such as `api`; the service becomes `avaaz-api`.
        ids: Names the traces of spans that have no parent; random ones by default.

    Returns:
        The provider, to flush at the end; None where no collector is named.
    """
    if not TracingSettings().otel_exporter_otlp_endpoint:
        return None
    # The SDK and the exporter cost start time, and are off by default.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource.create({"service.name": f"avaaz-{process}"})
    provider = TracerProvider(resource=resource, id_generator=ids)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


@contextmanager
def traced(
    name: str, attributes: Attributes | None = None, *, kind: SpanKind = SpanKind.INTERNAL
) -> Iterator[Span]:
    """A span around the enclosed work, in the trace that the bound correlation id names.

    An error that passes through is noted by its kind alone, since its text may hold what people said.
    """
    context = None if trace.get_current_span().get_span_context().is_valid else trace_context()
    with _tracer().start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def trace_id_of(correlation: str) -> int | None:
    """The trace that a correlation id names; None where it has another form."""
    return (int(correlation, 16) or None) if _TRACE_ID.fullmatch(correlation) else None


def trace_context() -> Context | None:
    """The parent for a first span under the bound correlation id; None where that is no trace id."""
    trace_id = trace_id_of(correlation_id.get())
    if trace_id is None:
        return None
    parent = SpanContext(
        trace_id=trace_id,
        span_id=trace_id % 2**64 or 1,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    return trace.set_span_in_context(NonRecordingSpan(parent))


def _tracer() -> trace.Tracer:
    return trace.get_tracer("avaaz")
