"""Limits on request bodies, held before anything is parsed."""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import envelope

DEFAULT_LIMIT = 1_000_000
AUTH_LIMIT = 64_000
AGENT_LIMIT = 8_000_000
"""A full batch of long turns with their words."""
DRAIN_LIMIT = 32_000_000
"""What is read and thrown away so that the client can hear the refusal; past it the connection is cut."""
DEEPEST_JSON = 32

STREAMED = frozenset({("POST", "/api/v1/documents")})
"""Handed on as they come: the route counts their bytes and stops reading where there are too many."""

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def limit_for(path: str) -> int:
    """Bytes that a request to `path` may carry."""
    if path.startswith("/api/v1/auth/"):
        return AUTH_LIMIT
    return AGENT_LIMIT if path.startswith("/agent/") else DEFAULT_LIMIT


def nesting(body: bytes) -> int:
    """How deep brackets nest in a JSON text, outside of strings; 0 where there are too few to matter."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST_JSON:
        return 0
    depth = deepest = 0
    for byte in _STRINGS.sub(b"", body):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


class BodyLimitMiddleware:
    """Refuses bodies that are too large (413) or nested too deep (422), and hands the rest on whole."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
            return
        if (scope["method"], scope["path"]) in STREAMED:
            await _stream(self.app, scope, receive, send)
            return
        limit = limit_for(scope["path"])
        body = await _read(receive, limit)
        if body is None:
            refusal = envelope(
                413,
                "too_large",
                f"The request is larger than {limit} bytes.",
                headers={"Connection": "close"},
            )
            await refusal(scope, receive, send)
            return
        if _is_json(scope) and nesting(body) > DEEPEST_JSON:
            refusal = envelope(422, "validation_error", f"Nested deeper than {DEEPEST_JSON} levels.")
            await refusal(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


async def _stream(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the application read as much as it wants; where it wants less, throw away the rest, to a bound.

    A client that still sends hears an answer only when somebody reads what it sends.
    """
    more, total = True, 0

    async def counted() -> Message:
        nonlocal more, total
        message = await receive()
        more = message["type"] == "http.request" and message.get("more_body", False)
        total += len(message.get("body", b""))
        return message

    async def drained(message: Message) -> None:
        if message["type"] == "http.response.start":
            while more and total <= DRAIN_LIMIT:
                await counted()
            if more:
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
        await send(message)

    await app(scope, counted, drained)


def _is_json(scope: Scope) -> bool:
    return "json" in (Headers(scope=scope).get("content-type") or "json")


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The whole body, or None where it is over the limit (up to DRAIN_LIMIT of it is read all the same)."""
    chunks: list[bytes] = []
    total = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(chunks) if total <= limit else None
        chunk: bytes = message.get("body", b"")
        total += len(chunk)
        if total <= limit:
            chunks.append(chunk)
        elif total > DRAIN_LIMIT:
            return None
        if not message.get("more_body", False):
            return b"".join(chunks) if total <= limit else None


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body once and then whatever comes from the connection."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if not given:
            given = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replayed
