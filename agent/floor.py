"""Who has the floor: overlap of learner and coach, patience in force, and help after silence."""

import asyncio
from collections.abc import Callable

from livekit.agents import (
    AgentFalseInterruptionEvent,
    AgentSession,
    AgentStateChangedEvent,
    UserStateChangedEvent,
)

from agent.turn_taking import OVERLAP_MAX_DELAY, Delays, Waits, delays, delays_after, silence_before_help
from api.contract.calls import Patience
from api.contract.levels import Level

MAX_HINTS = 2
"""Times in a row that the coach helps into silence; after that it waits once more and ends the call."""
WRITING_TAKES = 6
"""Times longer that a learner who types may be quiet: reading and writing make no sound."""


class Floor:
    """Follows the session's states, keeps its delays right and asks for help when nobody speaks.

    While the learner makes a sound over the coach's speech the longest delay is short, so that a cough
    is decided on within a second; as soon as words come, the learner's own patience counts again.
    """

    def __init__(
        self,
        session: AgentSession[None],
        *,
        patience: Patience,
        level: Level,
        on_silence: Callable[[int], None],
        max_hints: int = MAX_HINTS,
    ) -> None:
        self._session = session
        self._level = level
        self._on_silence = on_silence
        self._waits = Waits()
        self.max_hints = max_hints
        self._timer: asyncio.TimerHandle | None = None
        self._asked = 0
        self._present = True
        self._writes = False
        self.patience = patience
        self.overlapping = False
        self.in_force: Delays = delays(patience, level)
        session.on("user_state_changed", self._user_changed)
        session.on("agent_state_changed", self._agent_changed)
        session.on("agent_false_interruption", self._false_alarm)

    def set_patience(self, patience: Patience) -> None:
        """Wait as the learner asked for, from this turn on."""
        self.patience = patience
        self._apply(self._usual())
        self._restart()

    def expect(self, waits: Waits) -> None:
        """From now on this kind of answer is waited for."""
        self._waits = waits
        self._apply(self._usual())
        self._restart()

    def settle(self) -> None:
        """The overlap is over: the coach has finished, or a turn was taken."""
        self.overlapping = False
        self._apply(self._usual())

    def words_came(self, text: str) -> None:
        """The learner says words, not noises: give them the time that is right after these words."""
        self._apply(self._longer(delays_after(text, self.patience, self._level)))

    def learner_spoke(self) -> None:
        """A turn of the learner came in: silence starts to count anew."""
        self._asked = 0

    def learner_present(self, present: bool) -> None:
        """Silence counts only while the learner is there."""
        self._present = present
        self._restart()

    def learner_writes(self, writes: bool) -> None:
        """Whether the learner is there by text alone."""
        self._writes = writes
        self._restart()

    def close(self) -> None:
        """Stop counting."""
        self._present = False
        self._stop()

    def _user_changed(self, event: UserStateChangedEvent) -> None:
        if event.new_state == "speaking" and self._session.agent_state == "speaking":
            self.overlapping = True
            usual = self._usual()
            self._apply(Delays(min(usual.min_delay, 0.3), min(usual.max_delay, OVERLAP_MAX_DELAY)))
        self._restart()

    def _false_alarm(self, event: AgentFalseInterruptionEvent) -> None:
        """The coach goes on after a noise: words of that noise that come late are still over its speech."""
        if event.resumed:
            self._apply(self._usual())
        else:
            self.settle()

    def _agent_changed(self, _: AgentStateChangedEvent) -> None:
        self._restart()

    def _usual(self) -> Delays:
        return self._longer(delays(self.patience, self._level))

    def _longer(self, usual: Delays) -> Delays:
        return Delays(usual.min_delay, round(usual.max_delay + self._waits.extra, 3))

    def _apply(self, wanted: Delays) -> None:
        if wanted != self.in_force:
            self.in_force = wanted
            self._session.update_options(endpointing_opts=wanted.options())

    def _restart(self) -> None:
        self._stop()
        quiet = self._session.agent_state == "listening" and self._session.user_state != "speaking"
        if not (self._present and quiet):
            return
        wait = silence_before_help(self.patience) * (2 if self._asked >= self.max_hints else 1)
        wait *= self._waits.quiet
        wait *= WRITING_TAKES if self._writes else 1
        self._timer = asyncio.get_running_loop().call_later(wait, self._silence)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _silence(self) -> None:
        self._timer = None
        self._asked += 1
        self._on_silence(self._asked)
