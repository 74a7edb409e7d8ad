"""A judgement as it is kept: reasons by their names, so that each reader is told in their own language."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.contract.assessment import FlagCode, Improvement, Measure, PhonePractice, RefusalCode
from api.contract.exams import Dimension
from api.contract.levels import Level

Estimate = Level | Literal["below_A1"]


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Phrase(_Kept):
    """A sentence of `prompts/assessment/words-*.yaml`, by its name, with what stands in its gaps."""

    name: str
    values: dict[str, str | int | float] = {}


class Proof(_Kept):
    """A place in the record that a score rests on; seconds within the call's recording."""

    turn_id: UUID
    call_id: UUID
    start_s: float | None = None
    end_s: float | None = None
    quote: Annotated[str, Field(max_length=400)]
    says: Phrase
    helps: bool


class Judged(_Kept):
    """One dimension."""

    dimension: Dimension
    score: float | None = None
    confidence: float = 0.0
    level: Estimate | None = None
    refused: RefusalCode | None = None
    reasons: list[Phrase] = []
    evidence: list[Proof] = []
    measures: list[Measure] = []


class Criterion(_Kept):
    """How a dimension stands against the target level."""

    dimension: Dimension
    ready: bool | None
    score: float | None
    needed: float
    says: Phrase


class Advice(_Kept):
    """One thing to practise; what lessons are looked for by is `api.assessment.lessons`' matter."""

    dimension: Dimension
    says: Phrase
    topic: str
    """What to look for: the name of a structure, a category of slips, `range`, `cohesion`, ..."""
    lesson_ids: list[UUID] = []


class Judgement(_Kept):
    """The whole."""

    dimensions: list[Judged]
    level: Estimate | None = None
    level_confidence: float = 0.0
    refused: RefusalCode | None = None
    flags: list[FlagCode] = []
    readiness: list[Criterion] = []
    phones: list[PhonePractice] = []
    improvement: Improvement | None = None
    practise: list[Advice] = []
    notes: list[Phrase] = []
    """What is said of the whole attempt: what was left out of the judgement, and why."""

    def of(self, dimension: Dimension) -> Judged:
        """One dimension's."""
        return next(one for one in self.dimensions if one.dimension is dimension)
