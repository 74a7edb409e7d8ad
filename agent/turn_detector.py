"""The packaged end-of-turn model, with our policy in place of its threshold.

A session asks a detector for its probability, then for the threshold under which a turn counts as
unfinished, and only then reads how long to wait for an unfinished one. The policy is asked in between: it
sets the session's wait, and the threshold is one that no probability reaches, so that this wait is taken.
"""

import asyncio
from collections.abc import Callable

from livekit import rtc
from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, inference
from livekit.agents.language import LanguageCode
from livekit.agents.voice.turn import TurnDetectionEvent, _StreamingTurnDetectorStream

Decide = Callable[[float | None], bool]
"""Takes the probability that the turn is over; sets the session's wait and answers True, or answers False to
leave the decision to the detector's own threshold."""

_ABOVE_ALL = 1.1


class PolicyDetector(inference.TurnDetector):
    """The model that runs on this machine, and somebody who decides."""

    def __init__(self, decide: Decide) -> None:
        super().__init__(version="v1-mini")
        self._decide = decide

    def stream(  # type: ignore[override]  # the session takes whatever has a stream's methods
        self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> _StreamingTurnDetectorStream:
        """One call's listening."""
        return _PolicyStream(super().stream(conn_options=conn_options), self._decide)


class _PolicyStream:
    """Passes everything on to the model's own stream but the question for the threshold."""

    def __init__(self, inner: _StreamingTurnDetectorStream, decide: Decide) -> None:
        self._inner = inner
        self._decide = decide
        self._asked: asyncio.Future[TurnDetectionEvent] | None = None

    @property
    def model(self) -> str:
        return self._inner.model

    @property
    def provider(self) -> str:
        return self._inner.provider

    @property
    def is_fallback(self) -> bool:
        return self._inner.is_fallback

    @property
    def prediction_timeout(self) -> float:
        return self._inner.prediction_timeout

    async def unlikely_threshold(self, language: LanguageCode | None) -> float | None:
        if self._decide(self._probability()):
            return _ABOVE_ALL
        return await self._inner.unlikely_threshold(language)

    async def backchannel_threshold(self, language: LanguageCode | None) -> float | None:
        return await self._inner.backchannel_threshold(language)

    async def supports_language(self, language: LanguageCode | None) -> bool:
        return await self._inner.supports_language(language)

    def predict(self) -> asyncio.Future[TurnDetectionEvent]:
        self._asked = self._inner.predict()
        return self._asked

    def cancel_inference(self, *, timed_out: bool = False) -> None:
        self._inner.cancel_inference(timed_out=timed_out)

    def flush(self, reason: str | None = None) -> None:
        self._inner.flush(reason)

    def push_audio(self, frame: rtc.AudioFrame) -> None:
        self._inner.push_audio(frame)

    def end_input(self) -> None:
        self._inner.end_input()

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _probability(self) -> float | None:
        asked = self._asked
        if asked is None or not asked.done() or asked.cancelled() or asked.exception() is not None:
            return None
        return asked.result().end_of_turn_probability
