"""When items come back: by the library's reckoning, on the learner's own days, the same every time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.practice.days import day_of, start_of, week_of
from api.practice.scheduling import AGAIN_AFTER, Grade, Standing, graded, new

MADRID, UTC_ZONE = ZoneInfo("Europe/Madrid"), ZoneInfo("UTC")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ZONES = st.sampled_from(
    ["UTC", "Europe/Madrid", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Kiritimati", "Asia/Beirut"]
)
MOMENTS = st.integers(0, 4_000 * 1_440).map(
    lambda minutes: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("made_at", "zone", "due_at"),
    [
        ("2026-11-21T12:00Z", "UTC", "2026-11-22T00:00Z"),
        ("2026-11-21T23:30Z", "Europe/Madrid", "2026-11-22T23:00Z"),
        ("2026-11-21T02:00Z", "America/New_York", "2026-11-21T05:00Z"),
        ("2026-03-28T20:00Z", "Europe/Madrid", "2026-03-28T23:00Z"),
        ("2026-03-29T20:00Z", "Europe/Madrid", "2026-03-29T22:00Z"),
        ("2026-10-24T12:00Z", "Europe/Madrid", "2026-10-24T22:00Z"),
        ("2026-10-25T12:00Z", "Europe/Madrid", "2026-10-25T23:00Z"),
        ("2024-03-30T10:00Z", "Asia/Beirut", "2024-03-30T22:00Z"),
    ],
)
def test_what_is_made_today_is_due_from_the_next_day_of_the_learner_on(
    made_at: str, zone: str, due_at: str
) -> None:
    """Through both changes of the clock, and where midnight itself is skipped."""
    assert new(datetime.fromisoformat(made_at), ZoneInfo(zone)).due_at == datetime.fromisoformat(due_at)


def test_intervals_grow_as_it_is_remembered_and_shrink_when_it_is_not() -> None:
    standing, at, waits = new(NOON, UTC_ZONE), NOON + timedelta(days=1), []
    for _review in range(5):
        standing = graded(standing, Grade.GOOD, at, UTC_ZONE)
        waits.append((standing.due_at.date() - at.date()).days)
        at = standing.due_at + timedelta(hours=9)
    assert waits == sorted(waits)
    assert waits[0] in {2, 3}
    assert waits[-1] > 60
    lapsed = graded(standing, Grade.AGAIN, at, UTC_ZONE)
    assert lapsed.due_at == at + AGAIN_AFTER
    assert lapsed.stability is not None
    assert standing.stability is not None
    assert lapsed.stability < standing.stability / 2


def test_better_grades_come_back_later() -> None:
    known = graded(new(NOON, UTC_ZONE), Grade.GOOD, NOON + timedelta(days=1), UTC_ZONE)
    at = known.due_at + timedelta(hours=3)
    dues = [graded(known, grade, at, UTC_ZONE).due_at for grade in Grade]
    assert dues == sorted(dues)
    assert len(set(dues)) == 4


def test_what_is_forgotten_is_asked_for_in_the_same_sitting() -> None:
    again = graded(new(NOON, MADRID), Grade.AGAIN, NOON, MADRID)
    hard = graded(new(NOON, MADRID), Grade.HARD, NOON, MADRID)
    assert again.due_at - NOON == timedelta(minutes=10)
    assert hard.due_at - NOON == timedelta(minutes=15)
    assert day_of(graded(again, Grade.GOOD, again.due_at, MADRID).due_at, MADRID) > day_of(NOON, MADRID)


@settings(deadline=None)
@given(MOMENTS, ZONES, st.lists(st.sampled_from(Grade), min_size=1, max_size=6))
def test_a_schedule_is_the_same_every_time_and_always_ahead(
    at: datetime, name: str, grades: list[Grade]
) -> None:
    zone = ZoneInfo(name)
    one = other = new(at, zone)
    for grade in grades:
        at = max(at, one.due_at)
        one, other = graded(one, grade, at, zone), graded(other, grade, at, zone)
        assert one == other
        assert one.due_at > at
        later = day_of(one.due_at, zone) > day_of(at, zone)
        whole = one.due_at == start_of(day_of(one.due_at, zone), zone)
        assert whole or not later or one.due_at - at < timedelta(days=1)


@settings(deadline=None)
@given(MOMENTS, ZONES)
def test_a_day_begins_once(moment: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    day = day_of(moment, zone)
    begin = start_of(day, zone)
    assert begin <= moment < start_of(day + timedelta(days=1), zone)
    assert day_of(begin, zone) == day
    assert day_of(begin - timedelta(microseconds=1), zone) == day - timedelta(days=1)


def test_a_standing_is_read_back_as_it_was_kept() -> None:
    for standing in (new(NOON, MADRID), graded(new(NOON, MADRID), Grade.EASY, NOON, MADRID)):
        assert Standing.of(standing.kept()) == standing


def test_weeks_begin_on_monday() -> None:
    assert week_of(date(2026, 11, 22))[0] == date(2026, 11, 16)
    assert week_of(date(2026, 11, 16)) == [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]
