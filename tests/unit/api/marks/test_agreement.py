"""Agreement between the machine's scores and people's."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.marks.agreement import agreement, band, weighted_kappa

scores = st.integers(0, 50).map(lambda tenths: tenths / 10)
pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=40)


def counted(each: list[tuple[float, float]]) -> dict[tuple[float, float], int]:
    return {one: each.count(one) for one in each}


@pytest.mark.parametrize(
    ("score", "expected"), [(0.0, 0), (0.4, 0), (0.5, 1), (2.4, 2), (2.5, 3), (4.5, 5), (5.0, 5)]
)
def test_halves_go_upwards(score: float, expected: int) -> None:
    assert band(score) == expected


def test_a_tenth_that_floats_cannot_hold_falls_where_it_should() -> None:
    assert band(0.1 + 0.2 + 0.2) == 1


def test_weighted_kappa_by_hand() -> None:
    """Observed squares: 1. By chance (rows 1 1 2 3, columns 1 2 2 3): 1 x 20 of 16 pairs, so 5 in 4."""
    assert weighted_kappa({(1, 1): 1, (1, 2): 1, (2, 2): 1, (3, 3): 1}) == pytest.approx(1 - 1 / 5)


def test_full_agreement_is_one_and_full_reversal_is_less_than_nothing() -> None:
    assert weighted_kappa({(0, 0): 3, (5, 5): 3}) == 1
    assert weighted_kappa({(0, 5): 3, (5, 0): 3}) == -1


def test_one_band_for_everybody_tells_nothing() -> None:
    assert weighted_kappa({(3, 3): 12}) is None
    assert agreement({(3.0, 3.2): 12}).qwk is None


def test_a_machine_that_is_kinder_by_half_a_point() -> None:
    found = agreement({(3.5, 3.0): 2, (2.5, 2.0): 2})
    assert found.mean_difference == pytest.approx(0.5)
    assert found.spread == pytest.approx(0.0)
    assert found.limits == pytest.approx((0.5, 0.5))
    assert (found.same_band, found.adjacent_band) == (0.0, 1.0)


def test_spread_is_the_samples_own() -> None:
    found = agreement({(3.0, 2.0): 1, (2.0, 3.0): 1})
    assert found.mean_difference == 0
    assert found.spread == pytest.approx(math.sqrt(2))
    assert found.limits == pytest.approx((-1.96 * math.sqrt(2), 1.96 * math.sqrt(2)))


@given(pairs)
def test_figures_stay_in_their_ranges_and_turn_with_the_sides(each: list[tuple[float, float]]) -> None:
    found = agreement(counted(each))
    turned = agreement(counted([(person, machine) for machine, person in each]))
    assert found.qwk is None or -1.0000001 <= found.qwk <= 1.0000001
    assert 0 <= found.same_band <= found.adjacent_band <= 1
    assert found.mean_difference == pytest.approx(-turned.mean_difference)
    assert found.qwk == pytest.approx(turned.qwk)


@given(pairs)
def test_a_pair_twice_as_often_is_the_same_share(each: list[tuple[float, float]]) -> None:
    once = agreement(counted(each))
    twice = agreement(counted(each * 2))
    assert twice.qwk == pytest.approx(once.qwk)
    assert twice.same_band == pytest.approx(once.same_band)
