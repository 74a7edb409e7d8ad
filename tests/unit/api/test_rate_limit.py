"""Rates over a moving window."""

import pytest

from api.errors import RateLimitedError
from api.rate_limit import Rate


class Clock:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


def test_refuses_what_is_over_the_rate_and_says_when_to_come_back(clock: Clock) -> None:
    rate = Rate("2/minute", clock)
    rate.take("ana")
    clock.now += 20
    rate.take("ana")
    clock.now += 10
    with pytest.raises(RateLimitedError) as refused:
        rate.take("ana")
    assert refused.value.retry_after_s == 30


def test_the_window_moves_and_a_refusal_does_not_count(clock: Clock) -> None:
    rate = Rate("2/minute", clock)
    assert rate.admits("ana")
    clock.now += 40
    assert rate.admits("ana")
    assert not rate.admits("ana")
    clock.now += 20  # the first is out of the window now, the second is in it still
    assert rate.admits("ana")
    assert not rate.admits("ana")


def test_keys_are_counted_apart(clock: Clock) -> None:
    rate = Rate("1/minute", clock)
    assert rate.admits("ana")
    assert rate.admits("ben")
    assert not rate.admits("ana")


def test_checking_counts_nothing_and_counting_refuses_nothing(clock: Clock) -> None:
    rate = Rate("1/15minute", clock)
    rate.check("ana")
    rate.check("ana")
    rate.count("ana")
    rate.count("ana")
    with pytest.raises(RateLimitedError):
        rate.check("ana")
    clock.now += 15 * 60
    rate.check("ana")


def test_a_key_keeps_its_events_over_the_turn_of_generations(clock: Clock) -> None:
    rate = Rate("2/minute", clock)
    clock.now += 59
    assert rate.admits("ana")
    clock.now += 1  # here the generations turn
    assert rate.admits("ana")
    assert not rate.admits("ana")


def test_silent_keys_are_forgotten(clock: Clock) -> None:
    rate = Rate("2/minute", clock)
    for number in range(500):
        rate.take(f"caller {number}")
    assert rate.keys_held == 500
    clock.now += 60
    rate.take("ana")
    clock.now += 60
    rate.take("ben")
    assert rate.keys_held == 2


def test_a_rate_of_nothing_refuses_everybody(clock: Clock) -> None:
    with pytest.raises(RateLimitedError) as refused:
        Rate("0/minute", clock).take("ana")
    assert refused.value.retry_after_s == 60
