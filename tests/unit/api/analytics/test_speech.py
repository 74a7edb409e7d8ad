"""What figures of speaking mean."""

from api.analytics.speech import Speech, minutes, trend, words_per_minute


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
