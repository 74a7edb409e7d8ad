"""The table of `prompts/assessment/bands.yaml`: from measures to scores, from scores to levels."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.assessment.judging.judgement import Estimate
from api.contract.assessment import MAX_SCORE
from api.contract.exams import Dimension
from api.contract.levels import Level
from prompts import Prompt, load


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Curve(_Kept):
    """How a measure becomes a score: straight lines between points, level beyond the ends."""

    weight: float = Field(gt=0)
    points: Annotated[list[tuple[float, float]], Field(min_length=2)]

    @model_validator(mode="after")
    def _goes_one_way(self) -> Self:
        values = [value for value, _ in self.points]
        if values != sorted(set(values)) and values != sorted(set(values), reverse=True):
            raise ValueError("a curve's values rise or fall")
        return self

    def score(self, value: float) -> float:
        """The score of a value, 0 to 5."""
        points = sorted(self.points)
        if value <= points[0][0]:
            return points[0][1]
        for (x0, y0), (x1, y1) in pairwise(points):
            if value <= x1:
                return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
        return points[-1][1]


class Least(_Kept):
    """Below this is too little."""

    words: int
    seconds: float


class SoundLimits(_Kept):
    """Sound that pronunciation is not judged from."""

    least_snr_db: float
    narrow_hz: float
    voices_apart: float
    voices_share: float


class Overall(_Kept):
    """How the whole is made of its parts."""

    least_dimensions: int
    above_lowest: float
    rubric_weight: float = Field(ge=0, le=0.5)
    rubric_moves_at_most: float
    strayed_at_most: float


class Bands(_Kept):
    """The table."""

    version: int
    name: str
    measures: dict[Dimension, dict[str, Curve]]
    levels: dict[Level, float]
    least: dict[Dimension, Least]
    enough_words: dict[Dimension, int]
    sound: SoundLimits
    overall: Overall

    def score(self, dimension: Dimension, measured: Mapping[str, float | None]) -> float:
        """The weighted mean of the scores of the measures that there are, 0 to 5 in steps of 0.1."""
        known = [
            (curve.weight, curve.score(value))
            for name, curve in self.measures[dimension].items()
            if (value := measured.get(name)) is not None
        ]
        weight = sum(one for one, _ in known)
        return stepped(sum(one * score for one, score in known) / weight) if weight else 0.0

    def level(self, score: float) -> Estimate:
        """The level that a score reaches."""
        reached = [level for level, needed in self.levels.items() if score >= needed]
        return reached[-1] if reached else "below_A1"

    def ordered(self, dimension: Dimension, measured: Mapping[str, float | None]) -> list[tuple[str, float]]:
        """The measures of a dimension by their scores, the lowest first."""
        scored = [
            (name, curve.score(value))
            for name, curve in self.measures[dimension].items()
            if (value := measured.get(name)) is not None
        ]
        return sorted(scored, key=lambda one: (one[1], one[0]))


def stepped(score: float) -> float:
    """A score in steps of 0.1 within 0 to 5."""
    return round(min(MAX_SCORE, max(0.0, score)), 1)


def bands_prompt() -> Prompt:
    """The file that the table stands in."""
    return load("assessment/bands")


@cache
def bands() -> Bands:
    """The table in force."""
    return bands_prompt().parse(Bands)
