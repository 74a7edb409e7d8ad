"""Agreement of scores with experts', with intervals over speakers: one speaker's phones stand together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

MISPRONOUNCED: Final = 0.5
"""Of the experts' 0 to 2: a phone under it is mispronounced."""
DRAWS: Final = 1_000
_SEED: Final = 7

Row = npt.NDArray[np.float64]


class Interval(BaseModel):
    """A figure with its 95 % interval over speakers; absent where it has no meaning (nothing varies)."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


class Agreement(BaseModel):
    """How scores agree with experts'. The error is on their scale, 0 to 2."""

    phone_pcc: float | None
    phone_mse: float | None
    utterance_pcc: float | None
    auc_mispronounced: float | None
    n_utterances: int
    n_phones: int


@dataclass(frozen=True, slots=True)
class Scored:
    """One utterance: its speaker, the experts' scores of its phones and the machine's, both 0 to 2.

    `given` is None where the machine could not judge.
    """

    speaker: str
    group: str
    expected: Row
    given: Row | None


def filled(scored: Sequence[Scored]) -> list[Scored]:
    """The same, an utterance that was not judged given the mean of all scores that were."""
    known = [one.given for one in scored if one.given is not None]
    mean = float(np.concatenate(known).mean()) if known else 1.0
    return [
        one
        if one.given is not None
        else Scored(one.speaker, one.group, one.expected, np.full(len(one.expected), mean))
        for one in scored
    ]


def agreement(scored: Sequence[Scored]) -> Agreement:
    """All figures of some utterances."""
    whole = _Draw(scored)
    weights = np.ones(len(whole.speakers))
    return Agreement(
        phone_pcc=_rounded(whole.phone_pcc(weights)),
        phone_mse=_rounded(whole.phone_mse(weights)),
        utterance_pcc=_rounded(whole.utterance_pcc(weights)),
        auc_mispronounced=_rounded(whole.auc(weights)),
        n_utterances=len(scored),
        n_phones=len(whole.expected),
    )


def intervals(scored: Sequence[Scored]) -> dict[str, Interval]:
    """The figures of `agreement` by name, each with its interval."""
    whole = _Draw(scored)
    count = len(whole.speakers)
    if not count:
        return {}
    drawn = np.random.default_rng(_SEED).integers(count, size=(DRAWS, count))
    weights = [np.bincount(row, minlength=count).astype(np.float64) for row in drawn]
    found: dict[str, Callable[[Row], float]] = {
        "phone_pcc": whole.phone_pcc,
        "phone_mse": whole.phone_mse,
        "utterance_pcc": whole.utterance_pcc,
        "auc_mispronounced": whole.auc,
    }
    return {name: _interval(figure, weights, count) for name, figure in found.items()}


def _interval(figure: Callable[[Row], float], weights: Sequence[Row], count: int) -> Interval:
    values = np.array([figure(row) for row in weights])
    values = values[np.isfinite(values)]
    value = _rounded(figure(np.ones(count)))
    if value is None or not len(values):
        return Interval(value=value)
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(value=value, low=_rounded(low), high=_rounded(high))


class _Draw:
    """Phones of some utterances, each weighted by how often its speaker was drawn."""

    def __init__(self, scored: Sequence[Scored]) -> None:
        self.speakers = sorted({one.speaker for one in scored})
        index = {name: at for at, name in enumerate(self.speakers)}
        owners = [index[one.speaker] for one in scored]
        sizes = [len(one.expected) for one in scored]
        given = [one.given if one.given is not None else np.zeros(len(one.expected)) for one in scored]
        self.expected = np.concatenate([one.expected for one in scored] or [np.zeros(0)])
        self._given = np.concatenate(given or [np.zeros(0)])
        self._owner = np.repeat(np.array(owners, np.int64), sizes)
        self._utterances = np.array([one.expected.mean() for one in scored])
        self._judged = np.array([row.mean() for row in given])
        self._utterance_owner = np.array(owners, np.int64)
        self._ties, self._rank = np.unique(self._given, return_inverse=True)

    def phone_pcc(self, weights: Row) -> float:
        """Pearson's r over phones."""
        return _pcc(self._given, self.expected, weights[self._owner])

    def phone_mse(self, weights: Row) -> float:
        """Mean squared error over phones."""
        return float(np.average((self._given - self.expected) ** 2, weights=weights[self._owner]))

    def utterance_pcc(self, weights: Row) -> float:
        """Pearson's r over utterances, each the mean of its phones."""
        return _pcc(self._judged, self._utterances, weights[self._utterance_owner])

    def auc(self, weights: Row) -> float:
        """How often a mispronounced phone has a lower score than another; ties count half."""
        per_phone = weights[self._owner]
        bad = self.expected < MISPRONOUNCED
        bads = np.bincount(self._rank, per_phone * bad, len(self._ties))
        goods = np.bincount(self._rank, per_phone * ~bad, len(self._ties))
        pairs = bads.sum() * goods.sum()
        if not pairs:
            return float("nan")
        above = goods.sum() - np.cumsum(goods)
        return float((bads * (above + goods / 2)).sum() / pairs)


def _pcc(one: Row, other: Row, weights: Row) -> float:
    if not weights.sum():
        return float("nan")
    mean_one, mean_other = np.average(one, weights=weights), np.average(other, weights=weights)
    spread = np.sqrt(
        np.average((one - mean_one) ** 2, weights=weights)
        * np.average((other - mean_other) ** 2, weights=weights)
    )
    if spread < 1e-12:
        return float("nan")
    return float(np.average((one - mean_one) * (other - mean_other), weights=weights) / spread)


def _rounded(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
