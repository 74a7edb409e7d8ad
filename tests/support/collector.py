"""What leaves a process for a collector of traces or of crashes: a server that keeps it."""

import contextlib
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True)
class Sent:
    """A span, and the service that sent it."""

    service: str
    span: Span

    @property
    def trace(self) -> str:
        """Its trace id, 32 hexadecimal digits."""
        return self.span.trace_id.hex()


class Collector(ThreadingHTTPServer):
    """Keeps what is posted, in the order in which it comes."""

    daemon_threads = True
    bodies: list[bytes]

    @property
    def url(self) -> str:
        """What OTEL_EXPORTER_OTLP_ENDPOINT is set to."""
        return f"http://127.0.0.1:{self.server_port}"

    def spans(self) -> list[Sent]:
        """All spans that came."""
        return [
            Sent(_service(resource.resource), span)
            for body in list(self.bodies)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def holding(self, words: list[str]) -> list[str]:
        """Which of the words stand anywhere in what came."""
        kept = b"\n".join(list(self.bodies))
        return [word for word in words if word.encode() in kept]


def _service(resource: Resource) -> str:
    return next(one.value.string_value for one in resource.attributes if one.key == "service.name")


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = zlib.decompress(body, 31)
        assert isinstance(self.server, Collector)
        self.server.bodies.append(body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextlib.contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free port of 127.0.0.1."""
    server = Collector(("127.0.0.1", 0), _Handler)
    server.bodies = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
