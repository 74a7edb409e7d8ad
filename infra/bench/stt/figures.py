"""Word error rates with intervals: speakers are drawn again, since one speaker's sentences stand together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

DRAWS = 2_000
_SEED = 7

Table = npt.NDArray[np.float64]


class Rate(BaseModel):
    """A share with its 95 % interval over speakers; all absent where nothing was counted."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    """Of what it is a share: words, or slips."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of one utterance: who said it, how many were counted, of how many."""

    speaker: str
    counted: int
    of: int


def rate(counts: Sequence[Count]) -> Rate:
    """The share of what was counted, in all utterances together."""
    speakers = sorted({one.speaker for one in counts})
    index = {name: at for at, name in enumerate(speakers)}
    table = np.zeros((len(speakers), 2))
    for one in counts:
        table[index[one.speaker]] += (one.counted, one.of)
    whole = table.sum(axis=0) if speakers else np.zeros(2)
    if not whole[1]:
        return Rate()
    sums = _drawn(table)
    shares = sums[:, 0] / np.maximum(sums[:, 1], 1)
    low, high = np.percentile(shares, [2.5, 97.5])
    return Rate(
        value=round(float(whole[0] / whole[1]), 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
        n=int(whole[1]),
    )


def relative(new: Sequence[Count], old: Sequence[Count]) -> Rate:
    """By how much the new counts are below the old ones of the same utterances, as a share of these."""
    speakers = sorted({one.speaker for one in old})
    index = {name: at for at, name in enumerate(speakers)}
    table = np.zeros((len(speakers), 2))
    for column, counts in enumerate((new, old)):
        for one in counts:
            table[index[one.speaker], column] += one.counted
    whole = table.sum(axis=0) if speakers else np.zeros(2)
    if not whole[1]:
        return Rate()
    low, high = np.percentile(_fewer(_drawn(table)), [2.5, 97.5])
    return Rate(
        value=round(float(_fewer(whole)), 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
        n=int(whole[1]),
    )


def _drawn(table: Table) -> Table:
    """Sums over as many speakers as there are, drawn again and again with replacement."""
    drawn = np.random.default_rng(_SEED).integers(len(table), size=(DRAWS, len(table)))
    sums: Table = table[drawn].sum(axis=1)
    return sums


def _fewer(sums: Table) -> Table:
    shares: Table = 1 - sums[..., 0] / np.maximum(sums[..., 1], 1)
    return shares
