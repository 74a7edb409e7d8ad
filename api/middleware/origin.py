"""Writes that carry a cookie must come from our own pages."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import envelope
from infra.telemetry import get_logger

log = get_logger(__name__)

SESSION_COOKIE = "avaaz_session"


class OriginCheckMiddleware:
    """Refuses (403) unsafe requests to the browser's API that a page of another origin sent.

    A browser always says where such a request comes from (`Origin`, or `Sec-Fetch-Site`); a program that is
    no browser says neither and holds no cookie that it was not given. A request that shows a bearer token and
    no session cookie is let through: no page can make a browser add that header without being asked first.
    """

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        self.app = app
        self.allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if self._refuses(scope):
            log.warning("origin refused")
            refusal = envelope(403, "origin_refused", "Requests from this page are not accepted.")
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refuses(self, scope: Scope) -> bool:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            return False
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            return False
        headers = Headers(scope=scope)
        return not _shows_bearer_alone(headers) and not self._is_own(headers)

    def _is_own(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
        if origin.rstrip("/") in self.allowed:
            return True
        try:
            return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc == headers.get("host")
        except ValueError:
            return False


def _shows_bearer_alone(headers: Headers) -> bool:
    """Whether the proof is a bearer token; a session cookie beside it would win, so then it is not."""
    scheme = headers.get("authorization", "").partition(" ")[0].lower()
    return scheme == "bearer" and SESSION_COOKIE not in headers.get("cookie", "")
