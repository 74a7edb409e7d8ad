"""How far the machine's scores agree with people's: pure figures over counted pairs.

A band is a score rounded to a whole number, halves upwards, so 0 to 5. The weighted kappa is Cohen's (1968)
with quadratic weights; the limits of agreement are Bland and Altman's (1986).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

BANDS: Final = 6
WITHIN: Final = 1.96
"""Standard deviations on either side of the mean that hold 95 % of a normal distribution."""
Pair = tuple[float, float]
"""The machine's score and a person's, 0 to 5."""


@dataclass(frozen=True)
class Agreement:
    """Figures over pairs of the machine's score and a person's.

    Attributes:
        qwk: Quadratic weighted kappa of the bands; None where all scores fall into one band.
        mean_difference: Machine less person, in points; above zero the machine is the kinder.
        spread: Standard deviation of the differences.
        same_band: Share of pairs in one band, 0 to 1.
        adjacent_band: Share of pairs at most one band apart.
    """

    qwk: float | None
    mean_difference: float
    spread: float
    same_band: float
    adjacent_band: float

    @property
    def limits(self) -> tuple[float, float]:
        """Between what 95 % of the differences are expected to lie."""
        half = WITHIN * self.spread
        return self.mean_difference - half, self.mean_difference + half


def band(score: float) -> int:
    """The whole-number band of a score, halves upwards; a hair below a half, as floats have it, is a half."""
    return min(BANDS - 1, math.floor(score + 0.5 + 1e-9))


def agreement(pairs: Mapping[Pair, int]) -> Agreement:
    """Figures over counted pairs, of which there is at least one."""
    n = sum(pairs.values())
    mean = sum((machine - person) * count for (machine, person), count in pairs.items()) / n
    squares = sum((machine - person - mean) ** 2 * count for (machine, person), count in pairs.items())
    bands = _banded(pairs)
    return Agreement(
        qwk=weighted_kappa(bands),
        mean_difference=mean,
        spread=math.sqrt(squares / (n - 1)) if n > 1 else 0.0,
        same_band=_share(bands, 0),
        adjacent_band=_share(bands, 1),
    )


def weighted_kappa(pairs: Mapping[tuple[int, int], int]) -> float | None:
    """Quadratic weighted kappa of counted pairs of bands.

    1 is full agreement, 0 what chance would give with these two distributions, below 0 less than that. None
    where chance alone would agree fully, as there is nothing to tell apart.
    """
    n = sum(pairs.values())
    rows, columns = _totals(pairs, 0), _totals(pairs, 1)
    observed = sum((one - other) ** 2 * count for (one, other), count in pairs.items())
    expected = sum(
        (one - other) ** 2 * ones * others / n
        for one, ones in rows.items()
        for other, others in columns.items()
    )
    return 1 - observed / expected if expected else None


def _banded(pairs: Mapping[Pair, int]) -> Counter[tuple[int, int]]:
    counted: Counter[tuple[int, int]] = Counter()
    for (machine, person), count in pairs.items():
        counted[band(machine), band(person)] += count
    return counted


def _totals(pairs: Mapping[tuple[int, int], int], side: int) -> Counter[int]:
    counted: Counter[int] = Counter()
    for pair, count in pairs.items():
        counted[pair[side]] += count
    return counted


def _share(bands: Mapping[tuple[int, int], int], apart: int) -> float:
    return _count(bands, apart) / sum(bands.values())


def _count(bands: Mapping[tuple[int, int], int], apart: int) -> int:
    near: Iterable[int] = (count for (one, other), count in bands.items() if abs(one - other) <= apart)
    return sum(near)
