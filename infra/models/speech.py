"""One spoken text: its clauses from the phrase cache or the speech process."""

from infra.models.metrics import CACHE
from infra.models.phrases import MAX_CHARS, PhraseCache
from infra.models.tts import Speaker, Urgency


class Speech:
    """The clauses of one request; `clause` is called with 0, 1, 2 ... in turn."""

    def __init__(self, speaker: Speaker, phrases: PhraseCache, parts: list[str], speed: float) -> None:
        self._speaker = speaker
        self._phrases = phrases
        self._parts = parts
        self._speed = speed
        self.first_cached = False

    async def clause(self, index: int) -> bytes:
        """PCM of a clause; raises `ModelsError` when it is not cached and cannot be synthesized."""
        text = self._parts[index]
        if (pcm := self._phrases.get(text, self._speed)) is not None:
            self.first_cached = self.first_cached or index == 0
            CACHE.labels("hit").inc()
            return pcm
        CACHE.labels("miss").inc()
        pcm = await self._speaker.say(text, self._speed, Urgency.LATER if index else Urgency.FIRST)
        if pcm and len(text) <= MAX_CHARS:
            self._phrases.put(text, self._speed, pcm)
        return pcm
