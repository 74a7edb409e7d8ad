"""The clock of a mock exam over random traces, against a reckoning that counts it out tick by tick."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.contract.exam_clock import (
    AWAY_LIMIT_S,
    ExamClock,
    ExamEvent,
    ExamEventKind,
    ExamPosition,
    Phase,
    PhaseKind,
)

Kind = ExamEventKind
BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TICK = timedelta(seconds=0.5)
"""All lengths and times of the random traces are whole ticks."""
AWAY_TICKS = int(AWAY_LIMIT_S / TICK.total_seconds())


def at(ticks: int) -> datetime:
    return BEGIN + ticks * TICK


def phase(ticks: int, kind: PhaseKind = PhaseKind.SPEAKING, *, may_finish: bool = False) -> Phase:
    seconds = ticks * TICK.total_seconds()
    return Phase(part="part", kind=kind, seconds=seconds, may_finish=may_finish)


def event(number: int, kind: Kind, ticks: int, finished: int | None = None) -> ExamEvent:
    return ExamEvent(number=number, kind=kind, at=at(ticks), phase=finished)


@dataclass(frozen=True)
class Trace:
    """A schedule, and what happened; `order` is how the events were delivered."""

    schedule: list[Phase]
    events: list[ExamEvent]
    order: list[ExamEvent]

    @property
    def clock(self) -> ExamClock:
        return ExamClock(self.schedule, self.order)

    @property
    def until(self) -> int:
        """A tick by which all is through."""
        last = max((one.at - BEGIN) // TICK for one in self.events)
        return last + sum(ticks_of(one) for one in self.schedule) + AWAY_TICKS


def ticks_of(one: Phase) -> int:
    return round(one.seconds / TICK.total_seconds())


LENGTHS = st.one_of(st.integers(1, 12), st.integers(1, 700))
PHASES = st.builds(phase, LENGTHS, st.sampled_from(PhaseKind), may_finish=st.booleans())
MOVES = st.lists(
    st.tuples(
        st.sampled_from([Kind.LEFT, Kind.RETURNED, Kind.LEFT, Kind.RETURNED, Kind.DONE, *Kind]),
        st.one_of(st.integers(-4, 20), st.integers(0, 900)),
        st.integers(0, 5),
    ),
    max_size=14,
)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """A start, moves at random distances, some before those of lower numbers, in any order of delivery."""
    schedule = draw(st.lists(PHASES, min_size=1, max_size=6))
    events = [event(0, Kind.STARTED, 0)]
    moment = 0
    for number, (kind, later, finished) in enumerate(draw(MOVES), start=1):
        moment = max(0, moment + later)
        events.append(event(number, kind, moment, finished if kind is Kind.DONE else None))
    return Trace(schedule, events, draw(st.permutations(events)))


@dataclass
class Counted:
    """The same rules counted out: one tick after the other, with nothing clever."""

    trace: Trace
    phase: int = 0
    elapsed: int = 0
    frozen: int = 0
    away: bool = False
    stopped: bool = False

    @property
    def over(self) -> bool:
        return self.stopped or self.phase >= len(self.trace.schedule)

    @property
    def stands(self) -> bool:
        if self.over or not self.away or self.frozen >= AWAY_TICKS:
            return False
        return self.trace.schedule[self.phase].kind is not PhaseKind.PREPARATION

    @property
    def may_finish(self) -> bool:
        return self.trace.schedule[self.phase].may_finish

    def tick(self) -> None:
        if self.over:
            return
        if self.stands:
            self.frozen += 1
            return
        self.elapsed += 1
        if self.elapsed == ticks_of(self.trace.schedule[self.phase]):
            self.phase, self.elapsed = self.phase + 1, 0

    def take(self, one: ExamEvent) -> None:
        if self.over:
            return
        if one.kind in {Kind.LEFT, Kind.RETURNED}:
            self.away = one.kind is Kind.LEFT
        elif one.kind is Kind.STOPPED:
            self.stopped = True
        elif one.kind is Kind.DONE and one.phase == self.phase and self.may_finish:
            self.phase, self.elapsed = self.phase + 1, 0

    def position(self) -> ExamPosition:
        if self.stopped:
            return ExamPosition("stopped", None, 0.0, 0.0, paused=False)
        if self.over:
            return ExamPosition("finished", None, 0.0, 0.0, paused=False)
        tick = TICK.total_seconds()
        rest = ticks_of(self.trace.schedule[self.phase]) - self.elapsed
        return ExamPosition("running", self.phase, self.elapsed * tick, rest * tick, paused=self.stands)


def counted(trace: Trace, moment: int) -> ExamPosition:
    """Where an attempt stands at a tick."""
    count = Counted(trace)
    for now in range(moment + 1):
        if now:
            count.tick()
        for one in trace.events:
            if one.at == at(now) and one.kind is not Kind.STARTED:
                count.take(one)
    return count.position()


def rank(place: ExamPosition) -> tuple[int, float]:
    """How far an attempt has come."""
    if place.state == "waiting":
        return -1, 0.0
    return (99, 0.0) if place.phase is None else (place.phase, place.elapsed)


@given(traces(), st.integers(0, 4_000))
def test_it_is_what_counting_gives(trace: Trace, moment: int) -> None:
    moment = min(moment, trace.until)
    assert trace.clock.at(at(moment)) == counted(trace, moment)


@given(traces(), st.data())
def test_delivery_order_and_repetition_change_nothing(trace: Trace, data: st.DataObject) -> None:
    now = at(data.draw(st.integers(0, trace.until)))
    again = [*trace.order, *data.draw(st.lists(st.sampled_from(trace.order), max_size=5))]
    other = ExamClock(trace.schedule, data.draw(st.permutations(again)))
    assert other.at(now) == ExamClock(trace.schedule, trace.events).at(now)
    assert other.spans(now) == trace.clock.spans(now)


@given(traces(), st.data())
def test_it_never_goes_back(trace: Trace, data: st.DataObject) -> None:
    moments = sorted(data.draw(st.lists(st.integers(0, trace.until), min_size=2, max_size=8)))
    ranks = [rank(trace.clock.at(at(moment))) for moment in moments]
    assert ranks == sorted(ranks)


@given(traces(), st.data())
def test_what_comes_later_is_not_known_before(trace: Trace, data: st.DataObject) -> None:
    moment = data.draw(st.integers(0, trace.until))
    known = [one for one in trace.events if one.at <= at(moment)]
    assert trace.clock.at(at(moment)) == ExamClock(trace.schedule, known).at(at(moment))


@settings(max_examples=20)
@given(traces())
def test_nobody_gains_and_no_phase_is_cut(trace: Trace) -> None:
    """The time that the clock ran in a phase is the phase's length, however often somebody left."""
    end = at(trace.until)
    clock = trace.clock
    for span in clock.spans(end):
        if span.ended_at is None or clock.at(span.ended_at).state == "stopped":
            continue
        length = timedelta(seconds=trace.schedule[span.phase].seconds)
        ran = ran_in(clock, span.began_at, span.ended_at)
        finished = any(
            one.kind is Kind.DONE and one.phase == span.phase and trace.schedule[span.phase].may_finish
            for one in trace.events
        )
        assert ran <= length
        assert ran == length or finished


def ran_in(clock: ExamClock, began: datetime, ended: datetime) -> timedelta:
    """How long the clock ran between two moments, seen from outside."""
    ran, moment = timedelta(), began
    while moment < ended:
        if not clock.at(moment).paused:
            ran += TICK
        moment += TICK
    return ran


@given(traces(), st.data())
def test_who_returns_goes_on_where_they_left(trace: Trace, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, sum(ticks_of(one) for one in trace.schedule) - 1))
    away = data.draw(st.integers(1, AWAY_TICKS))
    before = ExamClock(trace.schedule, [event(0, Kind.STARTED, 0)]).at(at(start))
    both = [event(0, Kind.STARTED, 0), event(1, Kind.LEFT, start), event(2, Kind.RETURNED, start + away)]
    after = ExamClock(trace.schedule, both).at(at(start + away))
    assert before.phase is not None
    if trace.schedule[before.phase].kind is not PhaseKind.PREPARATION:
        assert after == before
    else:
        assert rank(after) >= rank(before)


@given(traces(), st.data())
def test_the_latest_end_is_late_enough_and_the_boundary_exact(trace: Trace, data: st.DataObject) -> None:
    now = at(data.draw(st.integers(0, trace.until)))
    known = ExamClock(trace.schedule, [one for one in trace.events if one.at <= now])
    latest, boundary, place = known.latest_end(now), known.boundary(now), known.at(now)
    assert (latest is None) == (place.state != "running")
    if latest is not None:
        assert known.at(latest).state == "finished"
        assert known.ended_at(latest) is not None
    if boundary is not None and place.phase is not None:
        assert rank(known.at(boundary)) >= (place.phase + 1, 0.0)
        just_before = known.at(boundary - timedelta(microseconds=1))
        assert just_before.phase == place.phase


@given(st.lists(st.floats(0.01, 600), min_size=1, max_size=6))
def test_without_events_the_end_is_the_sum_to_the_microsecond(lengths: list[float]) -> None:
    schedule = [Phase(part="p", kind=PhaseKind.SPEAKING, seconds=one) for one in lengths]
    clock = ExamClock(schedule, [event(0, Kind.STARTED, 0)])
    total = timedelta(microseconds=sum(round(one * 1_000_000) for one in lengths))
    assert clock.ended_at(BEGIN + timedelta(days=1)) == BEGIN + total
    assert clock.at(BEGIN + total).state == "finished"
    assert clock.at(BEGIN + total - timedelta(microseconds=1)).state == "running"


TALK = [phase(4, PhaseKind.INSTRUCTIONS), phase(20, PhaseKind.PREPARATION, may_finish=True), phase(40)]


@pytest.mark.parametrize(
    ("events", "moment", "expected"),
    [
        ([], 10, ("waiting", None, False)),
        ([event(1, Kind.LEFT, 1)], 10, ("waiting", None, False)),
        ([event(0, Kind.STOPPED, 1)], 10, ("stopped", None, False)),
        ([event(0, Kind.STARTED, 0)], 64, ("finished", None, False)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.LEFT, 6)], 23, ("running", 1, False)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.LEFT, 6)], 30, ("running", 2, True)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.DONE, 6, 1)], 6, ("running", 2, False)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.DONE, 30, 2)], 31, ("running", 2, False)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.DONE, 2, 1)], 3, ("running", 0, False)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.STARTED, 50)], 70, ("finished", None, False)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.STOPPED, 70)], 70, ("finished", None, False)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.LEFT, 24)], 24 + AWAY_TICKS, ("running", 2, False)),
        ([event(0, Kind.STARTED, 0), event(1, Kind.LEFT, 24)], 64 + AWAY_TICKS, ("finished", None, False)),
    ],
)
def test_rules_by_name(events: list[ExamEvent], moment: int, expected: tuple[str, int | None, bool]) -> None:
    place = ExamClock(TALK, events).at(at(moment))
    assert (place.state, place.phase, place.paused) == expected
