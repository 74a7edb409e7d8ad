"""Asking each dependency whether it answers."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit, urlunsplit

import httpx

from api.calls.livekit import LiveKit
from api.database import Database
from api.health.repository import ping
from api.health.schemas import Check, Readiness, State
from api.settings import Settings, with_scheme

TIMEOUT_S = 2.0
KEPT_S = 3.0
ESSENTIAL = frozenset({"postgres", "livekit"})


class ReadinessProbe:
    """Checks every configured dependency at once; the answer is kept a few seconds for all who ask."""

    def __init__(self, settings: Settings, database: Database, livekit: LiveKit) -> None:
        self._database = database
        self._livekit = livekit
        self._http: httpx.AsyncClient | None = None
        self._lock = asyncio.Lock()
        self._kept: Readiness | None = None
        self._kept_at = 0.0
        self._checks: dict[str, Callable[[], Awaitable[object]]] = {
            "postgres": self._ask_postgres,
            "livekit": self._livekit.rooms,
        }
        for name, url in speech_addresses(settings).items():
            self._checks[name] = _bound(self._ask_http, url)

    async def readiness(self) -> Readiness:
        """The state of everything, at most KEPT_S old."""
        async with self._lock:
            if self._kept is None or time.monotonic() - self._kept_at > KEPT_S:
                self._kept = await self._measure()
                self._kept_at = time.monotonic()
            return self._kept

    async def close(self) -> None:
        """Close the client's connections."""
        if self._http is not None:
            await self._http.aclose()

    async def _measure(self) -> Readiness:
        names = list(self._checks)
        checks = await asyncio.gather(*(_timed(self._checks[name]) for name in names))
        dependencies = dict(zip(names, checks, strict=True))
        down = {name for name, check in dependencies.items() if check.state is State.DOWN}
        return Readiness(state=_overall(down), dependencies=dependencies)

    async def _ask_postgres(self) -> None:
        async with self._database.reading() as session:
            await ping(session)

    async def _ask_http(self, url: str) -> None:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=TIMEOUT_S)
        answer = await self._http.get(url)
        if answer.status_code >= 500:
            raise RuntimeError(f"status {answer.status_code}")


def speech_addresses(settings: Settings) -> dict[str, str]:
    """Addresses to ask, for each speech or language service that was given by URL."""
    addresses: dict[str, str] = {}
    if settings.stt_url:
        parts = urlsplit(with_scheme(settings.stt_url, secure="https", plain="http"))
        addresses["stt"] = urlunsplit((parts.scheme, parts.netloc, "/health", "", ""))
    for name, base in {
        "tts": settings.tts_url,
        "llm": settings.llm_url,
        "embeddings": settings.embeddings_url,
    }.items():
        if base:
            addresses[name] = f"{base.rstrip('/')}/models"
    if settings.grammar_url:
        addresses["grammar"] = f"{settings.grammar_url.rstrip('/')}/languages"
    return addresses


def _overall(down: set[str]) -> State:
    if down & ESSENTIAL:
        return State.DOWN
    return State.DEGRADED if down else State.OK


def _bound(ask: Callable[[str], Awaitable[object]], url: str) -> Callable[[], Awaitable[object]]:
    return lambda: ask(url)


async def _timed(ask: Callable[[], Awaitable[object]]) -> Check:
    started = time.perf_counter()
    state, reason = State.OK, None
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await ask()
    except Exception as error:  # whatever goes wrong, the dependency is down for us
        state, reason = State.DOWN, type(error).__name__
    return Check(state=state, ms=round((time.perf_counter() - started) * 1000, 1), reason=reason)
