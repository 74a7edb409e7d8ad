"""Days in a row, with one missed day in seven forgiven."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.analytics.streaks import FORGIVEN_EVERY, Streak, streak

TODAY = date(2026, 11, 21)
AGES = st.sets(st.integers(0, 40))


def days_ago(*ages: int) -> list[date]:
    return [TODAY - timedelta(days=age) for age in sorted(ages)]


@pytest.mark.parametrize(
    ("practised", "found"),
    [
        ([], Streak(0, 0, today=False)),
        (days_ago(0), Streak(1, 1, today=True)),
        (days_ago(1), Streak(1, 1, today=False)),
        (days_ago(2), Streak(1, 1, today=False, forgiven=days_ago(1))),
        (days_ago(3), Streak(0, 1, today=False)),
        (days_ago(0, 1, 2, 4, 5), Streak(5, 5, today=True, forgiven=days_ago(3))),
        (days_ago(0, 2, 4, 5, 6), Streak(2, 4, today=True, forgiven=days_ago(1))),
        (days_ago(0, 2, *range(3, 8), 9, 10), Streak(9, 9, today=True, forgiven=days_ago(1, 8))),
        (days_ago(0, 2, *range(3, 7), 8, 9), Streak(6, 7, today=True, forgiven=days_ago(1))),
        (days_ago(3, 4, 5), Streak(0, 3, today=False)),
    ],
)
def test_streak_forgives_one_day_in_seven(practised: list[date], found: Streak) -> None:
    assert streak(practised, TODAY) == found


@settings(deadline=None)
@given(AGES, st.integers(0, 40))
def test_one_more_day_of_practice_never_takes_from_a_streak(ages: set[int], more: int) -> None:
    before, after = streak(days_ago(*ages), TODAY), streak(days_ago(*ages, more), TODAY)
    assert after.days >= before.days
    assert after.longest >= before.longest


@settings(deadline=None)
@given(AGES)
def test_a_streak_holds_practised_days_and_few_forgiven_ones(ages: set[int]) -> None:
    practised = days_ago(*ages)
    found = streak(practised, TODAY)
    assert found.days <= found.longest <= len(practised)
    assert not set(found.forgiven) & set(practised)
    gaps = [newer - older for newer, older in zip(found.forgiven, found.forgiven[1:], strict=False)]
    assert all(gap >= FORGIVEN_EVERY for gap in gaps)
    span = (TODAY - practised[found.days - 1]).days + 1 if found.days else 0
    rest = 0 if found.today or not found.days else 1
    assert span - len(found.forgiven) - rest == found.days or not found.days


@settings(deadline=None)
@given(AGES)
def test_what_was_kept_yesterday_is_not_lost_by_the_day_turning(ages: set[int]) -> None:
    yesterday = streak(days_ago(*(age + 1 for age in ages)), TODAY - timedelta(days=1))
    if yesterday.today:
        assert streak(days_ago(*(age + 1 for age in ages)), TODAY).days == yesterday.days
