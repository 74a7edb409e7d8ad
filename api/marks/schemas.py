"""What the browser sends and receives about marks and their agreement with the machine."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.bodies import Body
from api.contract.assessment import MAX_SCORE
from api.contract.exams import Dimension
from api.contract.levels import Level
from api.text import Prose

REASON_CHARACTERS = 1_000
MOST_VERSIONS = 100
"""That a person's mark on one dimension of an attempt has."""


def in_tenths(score: float) -> float:
    """Return the score as exactly so many tenths; raise ValueError where it lies between two."""
    tenths = round(score * 10)
    if abs(score * 10 - tenths) > 1e-6:
        raise ValueError("a score goes in steps of 0.1")
    return tenths / 10


Score = Annotated[float, Field(ge=0, le=MAX_SCORE), AfterValidator(in_tenths)]
Reason = Annotated[Prose, StringConstraints(min_length=1, max_length=REASON_CHARACTERS)]


class NewMark(Body):
    """A person's mark on one dimension, in place of the version that they gave before."""

    dimension: Dimension
    score: Score | None
    """Null takes the mark back."""
    reason: Reason
    version: Annotated[int, Field(ge=0, le=MOST_VERSIONS)]
    """The newest version of one's own mark that was read; 0 where there is none."""
    blind: bool = False
    """The machine's scores were not opened before."""


class MarkOut(BaseModel):
    """One version of a mark."""

    model_config = ConfigDict(title="Mark")

    id: UUID
    dimension: Dimension
    score: float | None
    """Null: taken back."""
    reason: str
    version: int
    author_id: UUID | None
    author_name: str
    """Empty where the account is gone."""
    mine: bool
    counts: bool
    """It is the newest of its author, and was not taken back."""
    blind: bool
    machine_score: float | None
    """The machine's at that moment."""
    created_at: datetime


class AttemptMarks(BaseModel):
    """Everything that people gave an attempt, oldest first, earlier versions too."""

    attempt_id: UUID
    title: str
    """Of the exam."""
    target_level: Level
    sat_at: datetime
    learner_id: UUID
    learner_name: str
    mine: bool
    """The reader sat this exam."""
    may_mark: bool
    items: list[MarkOut]


class PairOfScores(BaseModel):
    """How often the machine and a person gave these."""

    machine: float
    person: float
    count: int


class DimensionAgreement(BaseModel):
    """How far machine and people agree on one dimension; figures are null while they are withheld."""

    dimension: Dimension
    marks: int
    """Pairs of the machine's score and a person's."""
    blind_marks: int
    """Of those, given before the machine's was opened."""
    learners: int
    qwk: float | None = None
    """Null also where all scores fall into one band."""
    mean_difference: float | None = None
    """Machine less person, in points of 5."""
    lower_limit: float | None = None
    """Between this and the upper limit 95 % of the differences are expected to lie."""
    upper_limit: float | None = None
    same_band: float | None = None
    adjacent_band: float | None = None
    pairs: list[PairOfScores] = []
    withheld: bool
    """There are too few marks, or too few learners, for figures."""


class Calibration(BaseModel):
    """Agreement by dimension, over the learners whom the reader looks after."""

    fewest_marks: int
    fewest_learners: int
    dimensions: list[DimensionAgreement]
    versions: list[str]
    """Of the machine's scoring that the marks stand beside."""


class DoubleMark(BaseModel):
    """One dimension of a double-marked attempt."""

    dimension: Dimension
    machine: float | None
    person: float
    """The mean, where several gave a mark."""


class DoubleMarked(BaseModel):
    """An attempt that both the machine and people marked."""

    attempt_id: UUID
    learner_id: UUID
    learner_name: str
    title: str
    sat_at: datetime
    marked_at: datetime
    people: int
    marks: list[DoubleMark]


class DoubleMarkedPage(BaseModel):
    """Double-marked attempts, the last marked first."""

    items: list[DoubleMarked]
    next_cursor: str | None
