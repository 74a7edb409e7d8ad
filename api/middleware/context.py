"""Request id, access log, figures, and the last net under every error."""

import time

from fastapi.routing import APIRoute
from opentelemetry.trace import Span, SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer_database_error, internal_error, is_database_outage
from api.metrics import Metrics
from api.settings import API_PREFIX
from infra.telemetry import REQUEST_ID_HEADER, correlated, get_logger
from infra.tracing import traced

log = get_logger(__name__)

QUIET_ROUTES = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})


class RequestContextMiddleware:
    """Binds the correlation id, logs each answer by its route's template, and turns a crash into a 500.

    Nothing of the query, the body or the client's address is logged.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with correlated(Headers(scope=scope).get(REQUEST_ID_HEADER)) as request_id:
            await self._answer(scope, receive, send, request_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        with traced(_method(scope), kind=SpanKind.SERVER) as span:
            try:
                await self.app(scope, receive, send_with_id)
            except Exception as error:
                if status:  # the answer has begun; the connection is all that can be ended
                    log.exception("request failed after its answer had begun")
                    raise
                answer = answer_database_error(error) if is_database_outage(error) else internal_error()
                if answer.status_code == 500:
                    log.exception("request failed")
                await answer(scope, receive, send_with_id)
            finally:
                self._record(scope, status, time.perf_counter() - started, span)

    def _record(self, scope: Scope, status: int, seconds: float, span: Span) -> None:
        route = scope.get("route")
        template = _template(scope["path"], route) if isinstance(route, APIRoute) else "other"
        method = _method(scope)
        span.update_name(f"{method} {template}")
        span.set_attributes({"http.request.method": method, "http.route": template})
        span.set_attribute("http.response.status_code", status)
        self.metrics.requests.labels(method, template, str(status)).inc()
        self.metrics.durations.labels(method, template).observe(seconds)
        if template not in QUIET_ROUTES:
            log.info("request", method=method, route=template, status=status, ms=round(seconds * 1000, 1))


def _template(path: str, route: APIRoute) -> str:
    """The route's whole template: an included router's route knows its path without the prefix."""
    prefixed = path.startswith(API_PREFIX + "/") and not route.path.startswith(API_PREFIX + "/")
    return API_PREFIX + route.path if prefixed else route.path


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in {"GET", "POST", "PUT", "PATCH", "DELETE"} else "OTHER"
