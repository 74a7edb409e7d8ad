"""What figures of speaking mean."""

from datetime import date, timedelta

import pytest

from api.analytics.speech import Speech, Streak, minutes, streak, trend, words_per_minute

TODAY = date(2026, 11, 21)


def days_ago(*ages: int) -> list[date]:
    return [TODAY - timedelta(days=age) for age in ages]


@pytest.mark.parametrize(
    ("practised", "found"),
    [
        ([], Streak(0, 0, today=False)),
        (days_ago(0), Streak(1, 1, today=True)),
        (days_ago(1), Streak(1, 1, today=False)),
        (days_ago(2), Streak(0, 1, today=False)),
        (days_ago(0, 1, 2, 4, 5), Streak(3, 3, today=True)),
        (days_ago(1, 3, 4, 5, 6), Streak(1, 4, today=False)),
        (days_ago(3, 4, 5), Streak(0, 3, today=False)),
    ],
)
def test_streak_ends_today_or_yesterday(practised: list[date], found: Streak) -> None:
    assert streak(practised, TODAY) == found


def test_minutes_are_told_to_a_tenth() -> None:
    assert [minutes(ms) for ms in (0, 2_999, 3_001, 90_000)] == [0.0, 0.0, 0.1, 1.5]


def test_a_rate_needs_ten_seconds_of_speech() -> None:
    assert words_per_minute(30, 9_999) is None
    assert words_per_minute(30, 20_000) == 90.0


def test_share_of_talk_is_that_of_the_time_in_which_anybody_spoke() -> None:
    assert Speech.of(spoken_ms=30_000, coach_ms=10_000, words=50) == Speech(0.5, 100.0, 0.75)
    assert Speech.of(spoken_ms=0, coach_ms=0, words=0) == Speech(0.0, None, None)


def test_trend_needs_something_before() -> None:
    assert trend(60_000, 0) is None
    assert trend(90_000, 60_000) == 0.5
    assert trend(0, 60_000) == -1.0
