"""The session of a call as the examiner uses it: lines said, the learner's words taken as turns."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from livekit.agents import (
    AgentSession,
    AgentStateChangedEvent,
    ConversationItemAddedEvent,
    TurnHandlingOptions,
    UserStateChangedEvent,
    llm,
)

from agent.exam_ear import ExamAgent
from agent.exam_silence import Silence
from agent.hearing import Hearing
from agent.recorder import Answer, Recorder
from agent.turn_taking import VAD_MIN_SILENCE
from agent.tutor import GUIDED
from api.contract.calls import TurnRecord
from prompts import load

SETTLES_WITHIN_S = 1.5
"""How long the recognizer may take for the final text of what it has heard."""
FLUSH_AFTER_S = 0.8
"""Pause after which the recognizer is asked for its final text; shorter ones would cost it the context."""

EXAM_TURNS: TurnHandlingOptions = {
    "turn_detection": "manual",
    "interruption": {"enabled": False, "discard_audio_if_uninterruptible": False},
    "preemptive_generation": {"enabled": False},
}
"""The session takes no turn, starts no answer and lets nobody break in by itself: the examiner does."""


class SessionStage:
    """Follows one session. `on_turn` is told of each turn of either side that was recorded."""

    def __init__(
        self,
        session: AgentSession[None],
        ear: ExamAgent,
        silence: Callable[[], Silence],
        *,
        hearing: Hearing,
        recorder: Recorder,
        on_turn: Callable[[TurnRecord], None],
    ) -> None:
        self._session = session
        self._ear = ear
        self._silence = silence
        self._hearing = hearing
        self._recorder = recorder
        self._on_turn = on_turn
        self._began: float | None = None
        self._ended: float | None = None
        self._flush: asyncio.TimerHandle | None = None
        self._speaking = False
        self._written = ""
        self.closed = False
        session.on("user_state_changed", self._learner)
        session.on("agent_state_changed", self._coach)
        session.on("conversation_item_added", self._item)

    def say(self, text: str, *, yields: bool = False) -> Awaitable[object]:
        """Say a line; nothing is said in a call that ends."""
        if self.closed:
            return _nothing()
        self._recorder.answered(Answer(text, GUIDED, load("examiner").hash))
        return self._session.say(text, allow_interruptions=yields)

    def hush(self) -> None:
        """Say no more of what is being said."""
        if not self.closed:
            self._session.interrupt(force=True)

    def said(self) -> str:
        """The learner's words since they were last taken."""
        return f"{self._written} {self._hearing.said}".strip()

    async def take(self) -> str:
        """Record the learner's words until now as a turn; where some are not settled, they are asked for."""
        if self._hearing.unsettled or self._speaking:
            await self._ear.settle(SETTLES_WITHIN_S)
        return self.take_now()

    def take_now(self) -> str:
        """The same with the words as they are."""
        written, self._written = self._written, ""
        if written:
            self._recorder.typed(written)
            self._keep(llm.ChatMessage(role="user", content=[written]))
        return f"{written} {self._take_spoken()}".strip()

    def typed(self, text: str) -> None:
        """The learner wrote instead of speaking."""
        self._written = f"{self._written} {text}".strip()
        self._silence().words()

    def aclose(self) -> None:
        """Say nothing more, and record what is left."""
        self.closed = True
        if self._flush:
            self._flush.cancel()
        self.take_now()

    def _take_spoken(self) -> str:
        text = self._hearing.said
        began, ended = self._began, None if self._speaking else self._ended
        self._began = time.time() if self._speaking else None
        if not text:
            self._hearing.take_words()
            return ""
        message = llm.ChatMessage(role="user", content=[text])
        if began is not None:
            message.metrics = {"started_speaking_at": began, "stopped_speaking_at": ended or time.time()}
        self._keep(message)
        return text

    def _keep(self, message: llm.ChatMessage) -> None:
        turn = self._recorder.commit(message)
        if turn:
            self._on_turn(turn)

    def _item(self, event: ConversationItemAddedEvent) -> None:
        if isinstance(event.item, llm.ChatMessage) and event.item.role == "assistant":
            self._keep(event.item)

    def _learner(self, event: UserStateChangedEvent) -> None:
        self._speaking = event.new_state == "speaking"
        self._silence().learner(self._speaking)
        if self._flush:
            self._flush.cancel()
            self._flush = None
        if self._speaking:
            self._began = self._began or time.time()
            return
        self._ended = time.time() - VAD_MIN_SILENCE
        self._flush = asyncio.get_running_loop().call_later(FLUSH_AFTER_S - VAD_MIN_SILENCE, self._ear.flush)

    def _coach(self, event: AgentStateChangedEvent) -> None:
        self._silence().coach(event.new_state == "speaking")


async def _nothing() -> Any:
    return None
