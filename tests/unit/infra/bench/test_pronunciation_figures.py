"""Agreement with experts: the figures' definitions, ties, what is not judged, intervals over speakers."""

import numpy as np
import pytest

from infra.bench.pronunciation.figures import Scored, agreement, filled, intervals


def scored(speaker: str, expected: list[float], given: list[float] | None) -> Scored:
    row = None if given is None else np.array(given)
    return Scored(speaker, "adults", np.array(expected), row)


def test_figures_are_what_they_say() -> None:
    rows = [scored("one", [2, 0.4, 2], [1.8, 0.6, 1.6]), scored("two", [1, 2, 0], [1.0, 1.8, 0.9])]
    found = agreement(rows)
    expected, given = [2, 0.4, 2, 1, 2, 0], [1.8, 0.6, 1.6, 1.0, 1.8, 0.9]
    assert found.phone_pcc == pytest.approx(np.corrcoef(expected, given)[0, 1], abs=1e-4)
    assert found.phone_mse == pytest.approx(np.mean((np.array(expected) - given) ** 2), abs=1e-4)
    assert found.utterance_pcc == pytest.approx(1.0)
    assert (found.n_utterances, found.n_phones) == (2, 6)


def test_only_what_is_below_a_half_of_two_is_mispronounced_and_ties_count_half() -> None:
    # Two mispronounced (0.4, 0) against four: 0.6 is below all, 1.0 is below three and tied with one.
    found = agreement(
        [scored("one", [2, 0.4, 2], [1.8, 0.6, 1.6]), scored("two", [0.5, 2, 0], [1.0, 2.0, 1.0])]
    )
    assert found.auc_mispronounced == pytest.approx((4 + 3.5) / 8, abs=1e-4)


def test_what_was_not_judged_gets_the_mean_of_what_was() -> None:
    rows = filled([scored("one", [2, 2], [1.0, 2.0]), scored("two", [0, 0, 0], None)])
    assert rows[1].given is not None
    assert rows[1].given.tolist() == [1.5, 1.5, 1.5]


def test_nothing_that_varies_is_no_figure() -> None:
    found = agreement([scored("one", [2, 2], [1.5, 1.5])])
    assert found.phone_pcc is None
    assert found.auc_mispronounced is None
    assert found.phone_mse == 0.25


def test_intervals_hold_the_figure_and_are_the_same_each_time() -> None:
    draw = np.random.default_rng(1)
    rows = []
    for speaker in range(30):
        truth = draw.uniform(0, 2, 12)
        rows.append(scored(f"{speaker}", truth.tolist(), (truth + draw.normal(0, 0.6, 12)).tolist()))
    found = intervals(rows)
    assert found == intervals(rows)
    for name, interval in found.items():
        assert interval.value == getattr(agreement(rows), name)
        assert interval.low is not None
        assert interval.high is not None
        assert interval.value is not None
        assert interval.low < interval.value < interval.high
