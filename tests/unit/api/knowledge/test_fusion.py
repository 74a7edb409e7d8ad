"""Fusing two lists, and saying whether anything fits."""

from uuid import UUID

import pytest

from api.knowledge.fusion import THRESHOLD, Candidate, confidence, fitting, fused
from api.knowledge.retrieval import _fresh_after, _fresh_before


def candidate(number: int, nearness: float | None, coverage: float) -> Candidate:
    """A candidate."""
    return Candidate(UUID(int=number), None if nearness is None else 1 - nearness, coverage)


def order(*candidates: Candidate) -> list[int]:
    """The fused order, by number."""
    return [one.chunk_id.int for one in fused(candidates)]


def test_what_both_lists_hold_high_comes_first() -> None:
    assert order(candidate(1, 0.9, 0.0), candidate(2, 0.8, 0.8), candidate(3, None, 0.9)) == [2, 1, 3]


def test_reciprocal_ranks_and_not_scores_decide() -> None:
    assert order(candidate(1, 0.99, 0.0), candidate(2, 0.5, 0.5)) == [2, 1]
    assert order(candidate(2, 0.5, 0.5), candidate(1, 0.99, 0.0)) == [2, 1], "whatever the order given"


def test_one_without_a_vector_is_ranked_by_its_words() -> None:
    assert order(candidate(1, None, 1.0), candidate(2, 0.2, 0.0)) == [1, 2]
    assert confidence(candidate(1, None, 1.0)) == 1.0


def test_ties_are_broken_the_same_way_each_time() -> None:
    assert order(candidate(2, 0.5, 0.5), candidate(1, 0.5, 0.5)) == [1, 2]


@pytest.mark.parametrize(
    ("nearness", "coverage", "fits"),
    [
        (THRESHOLD.meaning_alone + 0.01, 0.0, True),
        (0.0, THRESHOLD.words_alone, True),
        (None, THRESHOLD.words_alone, True),
        (THRESHOLD.nearness + 0.01, THRESHOLD.coverage, True),
        (THRESHOLD.nearness - 0.01, THRESHOLD.coverage, False),
        (THRESHOLD.nearness + 0.01, THRESHOLD.coverage - 0.01, False),
        (None, THRESHOLD.coverage, False),
        (0.0, 0.0, False),
    ],
)
def test_it_fits_in_meaning_or_in_words_or_in_both(
    nearness: float | None, coverage: float, fits: bool
) -> None:
    assert bool(fitting([candidate(1, nearness, coverage)])) is fits


def test_nothing_is_found_among_nothing() -> None:
    assert fitting([]) == []


def test_what_neighbours_share_is_said_once() -> None:
    assert _fresh_after(["a", "b", "c"], ["b", "c", "d"]) == ["d"]
    assert _fresh_after(["a"], ["b"]) == ["b"]
    assert _fresh_before(["x", "a"], ["a", "b"]) == ["x"]
    assert _fresh_before([], ["a"]) == []
