"""The end of a call after a goodbye: the coach said it, the learner heard it and says no more."""

import asyncio
from collections.abc import Callable

from livekit.agents import AgentSession, ConversationItemAddedEvent, UserInputTranscribedEvent, llm

FAREWELL_S = 4.0
"""Quiet after the goodbye was heard until the call ends; long enough to think of one thing more."""


class Farewell:
    """Waits for quiet after each of the coach's goodbyes, and then ends the call.

    `is_goodbye` tells from the conversation whether its last words are such a goodbye. The learner's words
    keep the call open until the coach has answered them; a noise without words only starts the wait anew.
    """

    def __init__(
        self,
        session: AgentSession[None],
        *,
        is_goodbye: Callable[[llm.ChatContext], bool],
        on_end: Callable[[], None],
        wait_s: float = FAREWELL_S,
    ) -> None:
        self._session = session
        self._is_goodbye = is_goodbye
        self._on_end = on_end
        self._wait_s = wait_s
        self._timer: asyncio.TimerHandle | None = None
        self._said = False
        session.on("conversation_item_added", self._added)
        session.on("user_input_transcribed", self._words)
        session.on("user_state_changed", lambda _: self._restart())

    def close(self) -> None:
        """Wait no longer."""
        self._said = False
        self._stop()

    def _added(self, event: ConversationItemAddedEvent) -> None:
        coach = isinstance(event.item, llm.ChatMessage) and event.item.role == "assistant"
        self._said = coach and self._is_goodbye(self._session.history)
        self._restart()

    def _words(self, event: UserInputTranscribedEvent) -> None:
        if event.transcript.strip():
            self.close()

    def _restart(self) -> None:
        self._stop()
        if self._said and self._session.user_state != "speaking":
            self._timer = asyncio.get_running_loop().call_later(self._wait_s, self._on_end)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
