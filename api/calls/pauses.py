"""How a learner pauses within their turns, from the times of the words they said."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from api.contract.calls import MAX_BRIEF_PAUSES, LearnerPauses

SHORTEST_S = 0.35
"""Between two words; shorter ones are the gaps of fluent speech, or lie within what a recognizer misses."""
LONGEST_S = 8.0
"""What is longer is no pause: a call that was resumed, or a recognizer's clock that began anew."""


def pauses_of(turns: Iterable[Sequence[dict[str, Any]]]) -> LearnerPauses:
    """The latest pauses of spoken turns, each given by its words with `start` and `end` in seconds.

    A turn without times of words tells nothing.
    """
    spoken = [words for words in turns if words]
    found = [gap for words in spoken for gap in _gaps(words)]
    return LearnerPauses(seconds=found[-MAX_BRIEF_PAUSES:], turns=len(spoken))


def _gaps(words: Sequence[dict[str, Any]]) -> list[float]:
    gaps = (after["start"] - before["end"] for before, after in itertools.pairwise(words))
    return [round(gap, 2) for gap in gaps if SHORTEST_S <= gap <= LONGEST_S]
