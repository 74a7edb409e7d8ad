"""The packaged end-of-turn model, with our policy in place of its threshold and a second model beside it.

A session asks a detector for its probability, then for the threshold under which a turn counts as
unfinished, and only then reads how long to wait for an unfinished one. The policy is asked in between: it
sets the session's wait, and the threshold is one that no probability reaches, so that this wait is taken.
The second model is asked where the first is not enough, and hears more of the turn.
"""

import asyncio
from collections.abc import Callable

from livekit import rtc
from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    AgentStateChangedEvent,
    APIConnectOptions,
    inference,
)
from livekit.agents.language import LanguageCode
from livekit.agents.voice.turn import TurnDetectionEvent, _StreamingTurnDetectorStream

from agent.smart_turn import Heard, SmartTurn
from agent.turn_tape import Tape
from infra import telemetry

log = telemetry.get_logger(__name__)

Decide = Callable[[float | None], bool]
"""Takes the probability that the turn is over; sets the session's wait and answers True, or answers False to
leave the decision to the detector's own threshold."""

Sure = Callable[[float | None], bool]
"""Takes the same; answers whether it is enough, so that nobody waits for the second model."""

_ABOVE_ALL = 1.1
ASKED_AFTER_S = 0.22
"""Silence after which a session asks, by 200 ms and the 32 ms in which voice is judged."""
SECOND_WITHIN_S = 0.2
"""From the packaged model's answer on, until the second one is no longer waited for."""


class PolicyDetector(inference.TurnDetector):
    """The model that runs on this machine, a second one where it is there, and somebody who decides."""

    def __init__(
        self, decide: Decide, second: SmartTurn | None = None, *, sure: Sure = lambda _: False
    ) -> None:
        super().__init__(version="v1-mini")
        self._decide = decide
        self._sure = sure
        self._second = second
        self._stream: _PolicyStream | None = None

    @property
    def heard(self) -> Heard | None:
        """What the second model made of the present silence; None where it has not answered."""
        return self._stream.heard if self._stream else None

    def coach_changed(self, event: AgentStateChangedEvent) -> None:
        """Where the coach speaks, what the learner says from then on is another turn."""
        if self._stream and event.new_state == "speaking":
            self._stream.turn_ended()

    def stream(  # type: ignore[override]  # the session takes whatever has a stream's methods
        self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> _StreamingTurnDetectorStream:
        """One call's listening."""
        inner = super().stream(conn_options=conn_options)
        self._stream = _PolicyStream(inner, self._decide, self._sure, self._second)
        return self._stream


class _PolicyStream:
    """Passes everything on to the model's own stream but the question for the threshold."""

    def __init__(
        self, inner: _StreamingTurnDetectorStream, decide: Decide, sure: Sure, second: SmartTurn | None
    ) -> None:
        self._inner = inner
        self._decide = decide
        self._sure = sure
        self._second = second
        self._tape = Tape()
        self._asked: asyncio.Future[TurnDetectionEvent] | None = None
        self.heard: Heard | None = None

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
        self.heard = None
        first = self._inner.predict()
        self._asked = asyncio.ensure_future(self._both(first, self._second)) if self._second else first
        return self._asked

    def cancel_inference(self, *, timed_out: bool = False) -> None:
        """The session's word that voice began, or that nobody waits for an answer any more."""
        self._tape.voice_began()
        self._inner.cancel_inference(timed_out=timed_out)

    def flush(self, reason: str | None = None) -> None:
        self._tape.turn_ended()
        self._inner.flush(reason)

    def push_audio(self, frame: rtc.AudioFrame) -> None:
        if self._second:
            self._tape.push(frame)
        self._inner.push_audio(frame)

    def turn_ended(self) -> None:
        self._tape.turn_ended()

    def end_input(self) -> None:
        self._inner.end_input()

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _both(self, first: asyncio.Future[TurnDetectionEvent], model: SmartTurn) -> TurnDetectionEvent:
        """The first model's answer; where it is not enough, once the second one has answered too or took too
        long. They are not asked at once: they would take each other's time where the first is enough."""
        turn = self._tape.turn()
        found = await first
        if self._sure(found.end_of_turn_probability):
            return found
        second = asyncio.create_task(asyncio.to_thread(model.hear, turn, ASKED_AFTER_S))
        done, _ = await asyncio.wait([second], timeout=SECOND_WITHIN_S)
        if not done:
            second.add_done_callback(_say_nothing)
        elif error := second.exception():
            log.warning("second end-of-turn model", error=type(error).__name__)
        else:
            self.heard = second.result()
        return found

    def _probability(self) -> float | None:
        asked = self._asked
        if asked is None or not asked.done() or asked.cancelled() or asked.exception() is not None:
            return None
        return asked.result().end_of_turn_probability


def _say_nothing(task: asyncio.Task[Heard]) -> None:
    """An answer that came too late, or its error."""
    if not task.cancelled():
        task.exception()
