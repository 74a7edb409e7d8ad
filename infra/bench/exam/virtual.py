"""A mock exam on a virtual clock: a learner who comes and goes, workers that die, a record that hears late.

The record keeps the API's rules: a number is given once, only the worker that was given the attempt last adds
to it, what claims to come from the future is of now. A worker keeps the examiner's: it takes its time from
the plan it was given (and so lags by as long as that was under way), notes who comes and goes at once, and
hands its events to a shipper that outlives it. Times are seconds of a clock that nobody here can read.
"""

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from api.contract.exams import (
    AWAY_LIMIT_S,
    MAX_EVENTS,
    ExamClock,
    ExamEvent,
    ExamEventKind,
    Phase,
    PhaseKind,
)

Kind = ExamEventKind
BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
TOLERANCE_S: Final = 0.25
LOST_BY_A_KILL_S: Final = 1.0
"""Remaining time is right to a second after a worker was killed."""
LONGEST_S: Final = 2 * 3_600.0
"""After that an exam that has not ended never will."""


@dataclass(frozen=True)
class Troubles:
    """How much goes wrong. Means of exponential distributions and bounds of uniform ones, in seconds."""

    between_leaves: float = 90.0
    away: tuple[float, float] = (0.5, 40.0)
    long_away: tuple[float, float] = (300.0, 900.0)
    long_away_share: float = 0.02
    between_kills: float = 240.0
    loss_found: tuple[float, float] = (0.05, 0.8)
    successor: tuple[float, float] = (1.0, 10.0)
    between_outages: float = 400.0
    outage: tuple[float, float] = (1.0, 30.0)
    """The API answers nobody; no worker is killed meanwhile."""
    delivery: tuple[float, float] = (0.005, 0.3)
    lag: tuple[float, float] = (0.001, 0.08)
    """How long the plan is under way, by which a worker's clock is late."""
    timer: tuple[float, float] = (0.0, 0.02)
    """How late a timer wakes."""
    twice_share: float = 0.1
    """Deliveries that are made again."""
    done_share: float = 0.1
    """Phases that the learner ends, of those that they may end."""


@dataclass(frozen=True)
class Outcome:
    """One simulated exam.

    `boundary_errors_s`: of each boundary at which a worker was there, how far it was from where the record
    has it.
    `long_turns`: how many were spoken to their end; `cut` of them ended before the learner had their time, a
    quarter of a second and, for each worker that was killed meanwhile, a second apart.
    `gained_s`: the most that a learner had above the length.
    """

    boundary_errors_s: list[float]
    long_turns: int
    cut: int
    gained_s: float
    leaves: int
    kills: int
    ended: bool


@dataclass
class _Api:
    """The record of one attempt."""

    events: list[ExamEvent] = field(default_factory=list)
    worker: int = -1
    out_until: float = 0.0

    @property
    def next_number(self) -> int:
        return max((event.number + 1 for event in self.events), default=0)

    def add(self, kind: Kind, at: datetime) -> None:
        """The API notes something itself."""
        if self.next_number <= MAX_EVENTS:
            self.events.append(ExamEvent(number=self.next_number, kind=kind, at=at))

    def append(self, worker: int, events: Sequence[ExamEvent], now: datetime) -> list[ExamEvent]:
        """Keep what is new; return what is missing because its number stands for something else."""
        if worker != self.worker:
            return []
        taken = {event.number: event for event in self.events}
        for event in events:
            if event.number not in taken:
                kept = event.model_copy(update={"at": min(event.at, now)})
                self.events.append(kept)
        return [event for event in events if event.number in taken and not _same(taken[event.number], event)]


def _same(one: ExamEvent, other: ExamEvent) -> bool:
    return (one.kind, one.at, one.phase) == (other.kind, other.at, other.phase)


@dataclass
class _Worker:
    """One worker's idea of the attempt."""

    number: int
    events: list[ExamEvent]
    lag: float
    alive: bool = True
    phase: int | None = None


class Simulation:
    """One exam from beginning to end."""

    def __init__(
        self, schedule: Sequence[Phase], long_turns: frozenset[str], troubles: Troubles, seed: int
    ) -> None:
        self.schedule = list(schedule)
        self.long_turns = long_turns
        self.troubles = troubles
        self.random = random.Random(seed)
        self.now = 0.0
        self.api = _Api()
        self.workers: list[_Worker] = []
        self.present = True
        self.leaves = 0
        self.kills: list[float] = []
        self.carried_out: dict[int, float] = {}
        """When a worker entered each phase."""
        self.heard: list[tuple[float, bool]] = []
        """From when on the learner was, or was not, with an examiner."""
        self.staffed: list[tuple[float, bool]] = []
        """From when on a worker that has the plan was there, or not."""
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._queued = 0

    def run(self) -> Outcome:
        """Let it happen."""
        self._open()
        self._later(self._next(self.troubles.between_leaves), self._leave)
        self._later(self._next(self.troubles.between_kills), self._kill)
        self._later(self._next(self.troubles.between_outages), self._fail)
        while self._queue and self.now < LONGEST_S and not self._over():
            self.now, _, action = heapq.heappop(self._queue)
            action()
        return self._outcome()

    # What happens.

    def _open(self) -> None:
        """A worker is given the plan, once the API can be asked."""
        if self.now < self.api.out_until:
            self._later(self.api.out_until - self.now + self._between((0.3, 2.0)), self._open)
            return
        clock = ExamClock(self.schedule, self.api.events)
        at = self._at(self.now)
        if clock.at(at).state == "running" and not clock.is_away(at):
            self.api.add(Kind.LEFT, at)
        worker = _Worker(len(self.workers), list(self.api.events), self._between(self.troubles.lag))
        self.workers.append(worker)
        self.api.worker = worker.number
        self._later(worker.lag, lambda: self._begin(worker))

    def _begin(self, worker: _Worker) -> None:
        """The worker has the plan and is in the room."""
        if not worker.alive:
            return
        self.staffed.append((self.now, True))
        if not self.present:
            self._look(worker)
            return
        waiting = ExamClock(self.schedule, worker.events).at(self._time_of(worker)).state == "waiting"
        self._note(worker, Kind.STARTED if waiting else Kind.RETURNED)
        self._hear()

    def _leave(self) -> None:
        self.present = False
        self.leaves += 1
        self._tell(Kind.LEFT)
        long = self.random.random() < self.troubles.long_away_share
        self._later(self._between(self.troubles.long_away if long else self.troubles.away), self._return)

    def _return(self) -> None:
        self.present = True
        worker = self._worker()
        if worker is not None:
            self._begin(worker)
        self._later(self._next(self.troubles.between_leaves), self._leave)

    def _kill(self) -> None:
        worker = self._worker()
        if worker is not None and self.now >= self.api.out_until:
            worker.alive = False
            self.kills.append(self.now)
            self.staffed.append((self.now, False))
            self._hear()
            self._later(self._between(self.troubles.loss_found), self._find_loss)
            self._later(self._between(self.troubles.successor), self._open)
        self._later(self._next(self.troubles.between_kills), self._kill)

    def _find_loss(self) -> None:
        """The loss of a worker is reported, once the API can be told."""
        if self.now < self.api.out_until:
            self._later(self.api.out_until - self.now + self._between((0.0, 0.3)), self._find_loss)
            return
        clock, at = ExamClock(self.schedule, self.api.events), self._at(self.now)
        replaced = self.workers[self.api.worker].alive
        if not replaced and clock.at(at).state == "running" and not clock.is_away(at):
            self.api.add(Kind.LEFT, at)

    def _fail(self) -> None:
        self.api.out_until = self.now + self._between(self.troubles.outage)
        self._later(self._next(self.troubles.between_outages), self._fail)

    # What a worker does.

    def _tell(self, kind: Kind) -> None:
        worker = self._worker()
        if worker is not None and any(event.kind is Kind.STARTED for event in worker.events):
            self._note(worker, kind)
        self._hear()

    def _note(self, worker: _Worker, kind: Kind, phase: int | None = None) -> None:
        """Something happened now: the worker goes by it at once, the record hears of it later."""
        last = max(worker.events, key=lambda event: event.number, default=None)
        now = self._time_of(worker)
        event = ExamEvent(
            number=last.number + 1 if last else 0,
            kind=kind,
            at=now if last is None else max(now, last.at),
            phase=phase,
        )
        worker.events.append(event)
        self._ship(worker, [event])
        self._look(worker)

    def _look(self, worker: _Worker) -> None:
        """Carry out a boundary that has come, and wake at the next one."""
        if not worker.alive:
            return
        clock, now = ExamClock(self.schedule, worker.events), self._time_of(worker)
        place = clock.at(now)
        if place.phase != worker.phase:
            worker.phase = place.phase
            self._enter(worker, place.phase)
        change = clock.boundary(now) or clock.runs_on_at(now)
        if change is not None:
            wait = (change - now).total_seconds() + self._between(self.troubles.timer)
            self._later(wait, lambda: self._look(worker))

    def _enter(self, worker: _Worker, phase: int | None) -> None:
        index = len(self.schedule) if phase is None else phase
        self.carried_out.setdefault(index, self.now)
        may_finish = phase is not None and self.schedule[phase].may_finish
        if may_finish and self.random.random() < self.troubles.done_share:
            length = self.schedule[index].seconds
            self._later(self._between((0.2 * length, length)), lambda: self._finish(worker, index))

    def _finish(self, worker: _Worker, phase: int) -> None:
        if worker.alive and worker.phase == phase and self.present:
            self._look(worker)
            if worker.phase == phase:
                self._note(worker, Kind.DONE, phase)

    def _ship(self, worker: _Worker, events: list[ExamEvent]) -> None:
        for _ in range(2 if self.random.random() < self.troubles.twice_share else 1):
            self._later(self._between(self.troubles.delivery), lambda: self._deliver(worker, events))

    def _deliver(self, worker: _Worker, events: list[ExamEvent]) -> None:
        if self.now < self.api.out_until:
            wait = self.api.out_until - self.now + self._between(self.troubles.delivery)
            self._later(wait, lambda: self._deliver(worker, events))
            return
        missing = self.api.append(worker.number, events, self._at(self.now))
        kept = {(event.kind, event.at, event.phase) for event in self.api.events}
        missing = [event for event in missing if (event.kind, event.at, event.phase) not in kept]
        if missing:
            first = self.api.next_number
            again = [one.model_copy(update={"number": first + place}) for place, one in enumerate(missing)]
            self._deliver(worker, again)

    # The clockwork.

    def _worker(self) -> _Worker | None:
        return next((worker for worker in reversed(self.workers) if worker.alive), None)

    def _hear(self) -> None:
        staffed = bool(self.staffed) and self.staffed[-1][1]
        self.heard.append((self.now, self.present and staffed))

    def _over(self) -> bool:
        worker = self._worker()
        if worker is None:
            return False
        state = ExamClock(self.schedule, worker.events).at(self._time_of(worker)).state
        return state == "finished" and worker.phase is None and not self._undelivered()

    def _undelivered(self) -> bool:
        worker = self.workers[-1]
        kept = {(event.kind, event.at) for event in self.api.events}
        return any((event.kind, event.at) not in kept for event in worker.events)

    def _outcome(self) -> Outcome:
        end = self._at(self.now + LONGEST_S)
        spans = ExamClock(self.schedule, self.api.events).spans(end)
        moments = {span.phase: self._seconds(span.began_at) for span in spans}
        if spans and spans[-1].ended_at is not None:
            moments[spans[-1].phase + 1] = self._seconds(spans[-1].ended_at)
        errors = [
            abs(moment - moments[phase])
            for phase, moment in self.carried_out.items()
            if phase in moments and _held_through(self.staffed, moments[phase], TOLERANCE_S)
        ]
        long_turns = self._spoken(moments)
        return Outcome(
            boundary_errors_s=errors,
            long_turns=len(long_turns),
            cut=sum(had < length - allowed for had, length, allowed in long_turns),
            gained_s=max((had - length for had, length, _ in long_turns), default=0.0),
            leaves=self.leaves,
            kills=len(self.kills),
            ended=len(self.schedule) in moments,
        )

    def _spoken(self, moments: dict[int, float]) -> list[tuple[float, float, float]]:
        """Of each long turn that nobody ended early: the time had, its length, and what may be missing.

        Those of a learner who was away for longer than any clock waits are left out.
        """
        done = {event.phase for event in self.api.events if event.kind is Kind.DONE}
        stood = sum(
            moments[phase + 1] - moments[phase] - one.seconds
            for phase, one in enumerate(self.schedule)
            if phase + 1 in moments and phase not in done
        )
        if stood > AWAY_LIMIT_S - 1:
            return []
        found = []
        for phase, one in enumerate(self.schedule):
            began, ended = self.carried_out.get(phase), self.carried_out.get(phase + 1)
            spoken = one.part in self.long_turns and one.kind is PhaseKind.SPEAKING and phase not in done
            if not spoken or began is None or ended is None:
                continue
            kills = sum(began <= moment <= ended for moment in self.kills)
            allowed = kills * LOST_BY_A_KILL_S + TOLERANCE_S
            found.append((_time_within(self.heard, began, ended), one.seconds, allowed))
        return found

    def _time_of(self, worker: _Worker) -> datetime:
        return self._at(self.now - worker.lag)

    @staticmethod
    def _at(seconds: float) -> datetime:
        return BEGIN + timedelta(seconds=seconds)

    @staticmethod
    def _seconds(moment: datetime) -> float:
        return (moment - BEGIN).total_seconds()

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._queued += 1
        heapq.heappush(self._queue, (self.now + max(0.0, seconds), self._queued, action))

    def _next(self, mean: float) -> float:
        return self.random.expovariate(1 / mean)

    def _between(self, bounds: tuple[float, float]) -> float:
        return self.random.uniform(*bounds)


def _held_at(changes: list[tuple[float, bool]], moment: float) -> bool:
    """What held at a moment, by when it changed."""
    return next((held for at, held in reversed(changes) if at <= moment), False)


def _held_through(changes: list[tuple[float, bool]], moment: float, seconds: float) -> bool:
    """Whether it held at a moment and for so long after it."""
    return _held_at(changes, moment) and all(held for at, held in changes if moment < at < moment + seconds)


def _time_within(changes: list[tuple[float, bool]], began: float, ended: float) -> float:
    """For how long it held between two moments."""
    total, held, since = 0.0, _held_at(changes, began), began
    for at, now_held in [*[change for change in changes if began < change[0] < ended], (ended, False)]:
        total += (at - since) if held else 0.0
        held, since = now_held, at
    return total
