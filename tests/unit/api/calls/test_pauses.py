"""Pauses of a learner from the times of their words."""

from typing import Any

from api.calls.pauses import pauses_of
from api.contract.calls import MAX_BRIEF_PAUSES


def words(*times: tuple[float, float]) -> list[dict[str, Any]]:
    return [{"word": "word", "start": start, "end": end, "confidence": 0.9} for start, end in times]


def test_pauses_are_gaps_within_a_turn() -> None:
    first = words((0.0, 0.4), (0.5, 1.0), (2.2, 2.5))
    second = words((30.0, 30.4), (31.0, 31.2))
    found = pauses_of([first, second])
    assert found.seconds == [1.2, 0.6]
    assert found.turns == 2


def test_gaps_of_fluent_speech_and_clocks_that_began_anew_are_none() -> None:
    found = pauses_of([words((0.0, 1.0), (1.3, 2.0), (60.0, 61.0), (0.2, 0.4))])
    assert found.seconds == []
    assert found.turns == 1


def test_a_turn_without_words_tells_nothing() -> None:
    assert pauses_of([[], []]).turns == 0


def test_only_the_latest_are_kept() -> None:
    long = words(*((3.0 * at, 3.0 * at + 1.0) for at in range(100)))
    found = pauses_of([words((0.0, 1.0), (2.0, 3.0)), long])
    assert found.seconds == [2.0] * MAX_BRIEF_PAUSES
