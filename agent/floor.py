"""Who has the floor: overlap of learner and coach, patience in force, and help after silence."""

import asyncio
import time
from collections.abc import Callable

from livekit.agents import (
    AgentFalseInterruptionEvent,
    AgentSession,
    AgentStateChangedEvent,
    UserStateChangedEvent,
)

from agent.endpointing import (
    Moment,
    Pauses,
    Weights,
    expects_short,
    is_sure,
    level_doubt,
    wait_after,
)
from agent.smart_turn import Heard
from agent.turn_taking import (
    OVERLAP_MAX_DELAY,
    VAD_MIN_SILENCE,
    Delays,
    Waits,
    delays,
    silence_before_help,
)
from api.contract.calls import Patience
from api.contract.levels import Level

MAX_HINTS = 2
"""Times in a row that the coach helps into silence; after that it waits once more and ends the call."""
WRITING_TAKES = 6
"""Times longer that a learner who types may be quiet: reading and writing make no sound."""
SHOWN_FROM_S = 0.8
"""The shortest wait of which the learner is told that the coach goes on listening."""
VOICE_NOTICED_AFTER_S = 0.06
"""How long somebody has spoken when voice activity detection says so."""


class Floor:
    """Follows the session's states, says how long to wait in a pause and asks for help when nobody speaks.

    While the learner makes a sound over the coach's speech the longest delay is short, so that a cough
    is decided on within a second; as soon as words come, the learner's own patience counts again. `pauses`
    are those of earlier turns. `on_waiting` is told when the coach begins to wait for more in a longer pause,
    and when that is over. `heard` answers what the second end-of-turn model made of this silence, `said` all
    words of the learner's turn so far, `asked` what the coach said last.
    """

    def __init__(
        self,
        session: AgentSession[None],
        *,
        patience: Patience,
        level: Level,
        on_silence: Callable[[int], None],
        pauses: Pauses | None = None,
        on_waiting: Callable[[bool], None] = lambda _: None,
        heard: Callable[[], Heard | None] = lambda: None,
        said: Callable[[], str] = str,
        asked: Callable[[], str] = str,
        max_hints: int = MAX_HINTS,
    ) -> None:
        self._session = session
        self._level = level
        self._on_silence = on_silence
        self._on_waiting = on_waiting
        self._waiting = False
        self._heard = heard
        self._said = said
        self._asked_last = asked
        self._waits = Waits()
        self.max_hints = max_hints
        self._timer: asyncio.TimerHandle | None = None
        self._asked = 0
        self._present = True
        self._writes = False
        self.patience = patience
        self.overlapping = False
        self.pauses = pauses or Pauses()
        self._only_noise = False
        self._quiet_since: float | None = None
        self.in_force: Delays = delays(patience)
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
        self.overlapping = self._only_noise = False
        self._apply(self._usual())

    def words_came(self) -> None:
        """The learner says words, not noises: from now on they get the time that their words ask for."""
        if self._only_noise:
            self._only_noise = False
            self._apply(self._usual())

    def fell_silent(self, probability: float | None) -> bool:
        """The learner has stopped, and the end-of-turn model has said what it thinks: wait as is right.

        Answers False where only a noise was made over the coach's speech, which is decided on quickly.
        """
        if self._only_noise:
            return False
        moment = self._moment(probability, self._heard())
        # Without a word nothing is answered: the session asks for the final text at once and then asks again.
        wait = wait_after(moment, self.pauses, self.patience) if moment.text else self._shortest
        self._apply(Delays(min(wait, self._usual().min_delay), wait))
        self._show(waiting=wait >= SHOWN_FROM_S and not self.overlapping and bool(moment.text))
        return True

    def is_sure(self, probability: float | None) -> bool:
        """Whether the first end-of-turn model and the words are enough, without the second one."""
        moment = self._moment(probability, None)
        return bool(moment.text) and not self._only_noise and is_sure(moment, self.pauses, self.patience)

    def _moment(self, probability: float | None, heard: Heard | None) -> Moment:
        doubt = level_doubt(self._level) + self._waits.doubt
        short = self._waits.short or (not self._waits.doubt and expects_short(self._asked_last()))
        return Moment(probability, self._said(), doubt, short, heard)

    @property
    def _shortest(self) -> float:
        return Weights.shipped().floor[self.patience]

    @property
    def longest(self) -> float:
        """The longest that the coach waits at this patience, in seconds."""
        return Weights.shipped().ceiling[self.patience]

    def learner_spoke(self, *, typed: bool = False) -> None:
        """A turn of the learner came in: silence starts to count anew. One that was typed has no pauses."""
        self._asked = 0
        self._quiet_since = None
        self._show(waiting=False)
        if not typed:
            self.pauses.end_turn()

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
            self.overlapping = self._only_noise = True
            usual = self._usual()
            self._apply(Delays(min(usual.min_delay, 0.3), min(usual.max_delay, OVERLAP_MAX_DELAY)))
        elif event.new_state == "speaking":
            self._show(waiting=False)
            self._went_on()
        elif not self.overlapping:
            self._quiet_since = time.monotonic() - VAD_MIN_SILENCE
        self._restart()

    def _show(self, *, waiting: bool) -> None:
        if waiting is not self._waiting:
            self._waiting = waiting
            self._on_waiting(waiting)

    def _went_on(self) -> None:
        """The learner speaks again: what was quiet until now was a pause of theirs."""
        if self._quiet_since is not None:
            self.pauses.add(time.monotonic() - self._quiet_since - VOICE_NOTICED_AFTER_S)
            self._quiet_since = None

    def _false_alarm(self, event: AgentFalseInterruptionEvent) -> None:
        """The coach goes on after a noise: words of that noise that come late are still over its speech."""
        if event.resumed:
            self._only_noise = False
            self._apply(self._usual())
        else:
            self.settle()

    def _agent_changed(self, _: AgentStateChangedEvent) -> None:
        self._restart()

    def _usual(self) -> Delays:
        return delays(self.patience)

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
