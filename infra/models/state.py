"""What the server's handlers share: settings, models and their states, places."""

import asyncio
import time
import weakref
from collections.abc import Awaitable
from typing import Literal

from aiohttp import web

from infra.models import embeddings, grammar, stt
from infra.models.admission import Places
from infra.models.embeddings import Embedder
from infra.models.errors import unavailable
from infra.models.grammar import Checker
from infra.models.phrases import PhraseCache
from infra.models.pronunciation.service import Pronunciation
from infra.models.recognizer import Recognizer
from infra.models.settings import Settings
from infra.models.tts import Speaker
from infra.telemetry import get_logger

Condition = Literal["loading", "ready", "failed"]
NAMES = {"stt": stt.MODEL, "embeddings": embeddings.MODEL, "grammar": grammar.MODEL}
_log = get_logger(__name__)


class State:
    """The models of one server. Those not yet loaded answer 503."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.started = time.time()
        self.conditions: dict[str, Condition] = dict.fromkeys(NAMES, "loading")
        self.streams = Places("live transcriptions", settings.max_streams)
        self.uploads = Places("recordings", settings.max_uploads)
        self.judgements = Places("judgements of pronunciation", settings.max_judgements)
        self.syntheses = Places("speech requests", settings.max_syntheses)
        self.embeds = Places("embeddings", settings.max_queued)
        self.checks = Places("grammar checks", settings.max_queued)
        self.sockets: weakref.WeakSet[web.WebSocketResponse] = weakref.WeakSet()
        self.phrases = PhraseCache(settings.phrase_cache, settings.cache_mb * 1024 * 1024)
        self.speaker = Speaker(wait_s=settings.tts_wait_s, timeout_s=settings.tts_timeout_s)
        self.pronunciation = Pronunciation(settings.pronunciation_idle_s)
        self._recognizer = Recognizer(settings.second_look_idle_s)
        self._embedder: Embedder | None = None
        self._checker: Checker | None = None

    @property
    def recognizer(self) -> Recognizer:
        """Speech recognition; raises 503 until it is loaded."""
        self._require("stt")
        return self._recognizer

    @property
    def embedder(self) -> Embedder:
        """Embeddings; raises 503 until they are loaded."""
        if self._embedder is None:
            raise unavailable("embeddings")
        return self._embedder

    @property
    def checker(self) -> Checker:
        """The grammar checker; raises 503 until it is loaded."""
        if self._checker is None:
            raise unavailable("grammar")
        return self._checker

    @property
    def active(self) -> bool:
        """Whether somebody is in a call, or is being heard or spoken to."""
        in_call = bool(self.streams.taken or self.syntheses.taken)
        return in_call or not self.speaker.idle or self._recognizer.busy or self.pronunciation.busy

    async def load(self) -> None:
        """Load everything side by side; a model that fails stays out and is named by `/health`."""
        self.speaker.start()
        await asyncio.gather(
            self._load("stt", self._recognizer.load()),
            self._load("embeddings", self._load_embedder()),
            self._load("grammar", self._load_checker()),
        )

    async def close(self) -> None:
        """End threads and the speech process."""
        await self.speaker.close()
        self._recognizer.close()
        self.pronunciation.close()
        if self._checker is not None:
            self._checker.close()

    def _require(self, name: str) -> None:
        if self.conditions[name] != "ready":
            raise unavailable(name)

    async def _load(self, name: str, loading: Awaitable[None]) -> None:
        try:
            await loading
        except Exception:
            self.conditions[name] = "failed"
            _log.exception("model not loaded", model=name)
        else:
            self.conditions[name] = "ready"

    async def _load_embedder(self) -> None:
        self._embedder = await asyncio.to_thread(Embedder)

    async def _load_checker(self) -> None:
        checker = Checker()
        await checker.load()
        self._checker = checker


STATE: web.AppKey[State] = web.AppKey("state", State)
