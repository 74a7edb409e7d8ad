"""The clock of a mock exam: a pure function of its phases' lengths and of the events that the API keeps.

Time is reckoned in whole microseconds, so that a boundary lies exactly at the sum of what came before it.

Events are taken in the order of their times, and of their numbers where those are the same, whenever they
arrived. What does not fit (a second start, `DONE` of another phase, what comes before the start or after the
end) changes nothing. Whoever has the same events gets the same answer.

While the learner or the examiner is out of the room the clock stands still, except in preparation, whose time
would grow by leaving. In all it stands still for `AWAY_LIMIT_S` at most; then it runs on without them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

MAX_EVENTS: Final = 1_000

AWAY_LIMIT_S: Final = 600
"""How long the clock of one attempt may stand still in all, in seconds; beyond that it runs on."""

_SECOND: Final = 1_000_000
_AWAY_LIMIT: Final = AWAY_LIMIT_S * _SECOND
_MICROSECOND: Final = timedelta(microseconds=1)

ExamState = Literal["waiting", "running", "finished", "stopped"]
"""`waiting` before the examiner begins, `finished` when every phase is through, `stopped` when given up."""


class PhaseKind(StrEnum):
    """What happens in a phase of a part."""

    INSTRUCTIONS = "instructions"
    PREPARATION = "preparation"
    SPEAKING = "speaking"


class Phase(BaseModel):
    """A stretch of an attempt whose length is fixed before it begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: Annotated[str, Field(max_length=64)]
    kind: PhaseKind
    seconds: float = Field(gt=0)
    may_finish: bool = False
    """Whether the learner may say that they are done before its time."""

    @property
    def microseconds(self) -> int:
        """Its length, a microsecond at least."""
        return max(1, round(self.seconds * _SECOND))


class ExamEventKind(StrEnum):
    """What moves the clock. `STARTED` comes once, first."""

    STARTED = "started"
    LEFT = "left"
    """The learner or the examiner is out of the room."""
    RETURNED = "returned"
    DONE = "done"
    """The learner says that they have finished this phase before its time (preparation or a long turn)."""
    STOPPED = "stopped"
    """The learner gave the exam up."""


class ExamEvent(BaseModel):
    """One event of an attempt as the API keeps it; `number` counts within the attempt."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int = Field(ge=0, le=MAX_EVENTS)
    kind: ExamEventKind
    at: AwareDatetime
    phase: int | None = Field(default=None, ge=0)
    """With `DONE`: the index of the phase that is finished; a later phase is never skipped by it."""


@dataclass(frozen=True)
class ExamPosition:
    """Where an attempt stands at one moment.

    `phase` is the index in the schedule, None before the start and after the end. `elapsed` and `remaining`
    are seconds of the running phase. `paused` while the clock stands still.
    """

    state: ExamState
    phase: int | None
    elapsed: float
    remaining: float
    paused: bool


@dataclass(frozen=True)
class PhaseSpan:
    """When a phase began and ended on the wall clock; `ended_at` is None while it goes on."""

    phase: int
    began_at: datetime
    ended_at: datetime | None


@dataclass
class _Run:
    """The clock's hands while it is wound forward; `moment` is how far."""

    lengths: Sequence[int]
    schedule: Sequence[Phase]
    moment: datetime | None = None
    phase: int = 0
    elapsed: int = 0
    frozen: int = 0
    away: bool = False
    stopped: bool = False
    spans: list[PhaseSpan] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        """Whether it has begun, and neither ended nor been stopped."""
        return self.moment is not None and not self.stopped and self.phase < len(self.lengths)

    @property
    def stands(self) -> bool:
        """Whether it stands still."""
        preparing = self.runs and self.schedule[self.phase].kind is PhaseKind.PREPARATION
        return self.runs and self.away and not preparing and self.frozen < _AWAY_LIMIT

    def wind(self, to: datetime) -> None:
        """Let time pass until a moment."""
        while self.runs and self.moment is not None and self.moment < to:
            passing = (to - self.moment) // _MICROSECOND
            if self.stands:
                passing = min(passing, _AWAY_LIMIT - self.frozen)
                self.frozen += passing
            else:
                passing = min(passing, self.lengths[self.phase] - self.elapsed)
                self.elapsed += passing
            self.moment += passing * _MICROSECOND
            if self.elapsed == self.lengths[self.phase]:
                self.end_phase()

    def take(self, event: ExamEvent) -> None:
        """Let an event have its effect, at the moment that is reached."""
        match event.kind:
            case ExamEventKind.STARTED if self.moment is None:
                self.moment = event.at
                self.begin_phase()
            case ExamEventKind.STOPPED if self.moment is None or self.runs:
                self.stop()
            case ExamEventKind.LEFT | ExamEventKind.RETURNED if self.runs:
                self.away = event.kind is ExamEventKind.LEFT
            case ExamEventKind.DONE if self.runs and event.phase == self.phase:
                if self.schedule[self.phase].may_finish:
                    self.end_phase()

    def begin_phase(self) -> None:
        """The clock enters the phase at `phase`, if there is one."""
        if self.moment is not None and self.phase < len(self.lengths):
            self.spans.append(PhaseSpan(self.phase, self.moment, None))

    def end_phase(self) -> None:
        """The running phase is over; the next one begins at the same moment."""
        self.close_span()
        self.phase += 1
        self.elapsed = 0
        self.begin_phase()

    def stop(self) -> None:
        """Nothing moves any more."""
        self.close_span()
        self.stopped = True

    def close_span(self) -> None:
        """Note when the running phase ended."""
        if self.spans and self.spans[-1].ended_at is None:
            last = self.spans.pop()
            self.spans.append(PhaseSpan(last.phase, last.began_at, self.moment))


class ExamClock:
    """The clock of one attempt.

    `at(now)` says where it stands, `boundary(now)` when the running phase ends if nothing happens,
    `spans(now)` when each phase began and ended, `latest_end(now)` when all is through at the latest.
    Each may be asked for any moment: events after it are not yet known then.
    """

    def __init__(self, schedule: Sequence[Phase], events: Iterable[ExamEvent]) -> None:
        self.schedule = list(schedule)
        self.events = sorted(events, key=lambda event: (event.at, event.number))
        self._lengths = [phase.microseconds for phase in self.schedule]

    def at(self, now: datetime) -> ExamPosition:
        """Where the attempt stands at a moment."""
        run = self._wound(now)
        if run.stopped:
            return ExamPosition("stopped", None, 0.0, 0.0, paused=False)
        if run.moment is None:
            return ExamPosition("waiting", None, 0.0, 0.0, paused=False)
        if not run.runs:
            return ExamPosition("finished", None, 0.0, 0.0, paused=False)
        remaining = self._lengths[run.phase] - run.elapsed
        return ExamPosition(
            "running", run.phase, run.elapsed / _SECOND, remaining / _SECOND, paused=run.stands
        )

    def boundary(self, now: datetime) -> datetime | None:
        """When the running phase ends if nothing happens; None while paused, before and after."""
        run = self._wound(now)
        if not run.runs or run.stands:
            return None
        return now + (self._lengths[run.phase] - run.elapsed) * _MICROSECOND

    def runs_on_at(self, now: datetime) -> datetime | None:
        """When the clock runs on although somebody is away; None unless it stands still."""
        run = self._wound(now)
        return now + (_AWAY_LIMIT - run.frozen) * _MICROSECOND if run.stands else None

    def spans(self, now: datetime) -> list[PhaseSpan]:
        """The phases that have begun, in order, with their times."""
        return self._wound(now).spans

    def ended_at(self, now: datetime) -> datetime | None:
        """When the last phase was through, or the exam stopped; None while that has not happened."""
        run = self._wound(now)
        return None if run.runs else run.moment

    def is_away(self, now: datetime) -> bool:
        """Whether somebody who is needed is out of the room, by the record; False unless it runs."""
        run = self._wound(now)
        return run.runs and run.away

    def latest_end(self, now: datetime) -> datetime | None:
        """When all is through, should nobody come back and nothing else happen; None unless it runs."""
        run = self._wound(now)
        if not run.runs:
            return None
        rest = sum(self._lengths[run.phase :]) - run.elapsed
        if run.away:
            rest += _AWAY_LIMIT - run.frozen
        return now + rest * _MICROSECOND

    def _wound(self, now: datetime) -> _Run:
        run = _Run(self._lengths, self.schedule)
        for event in self.events:
            if event.at > now:
                break
            run.wind(event.at)
            run.take(event)
        run.wind(now)
        return run
