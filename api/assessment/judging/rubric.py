"""What a language model says of an answer by a rubric: asked at temperature 0, checked, and never alone.

It moves the scores of grammar, vocabulary and coherence by a fixed weight and by no more than a fixed amount
(`prompts/assessment/bands.yaml`, `overall`); what it quotes and was not said does not count.
"""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.contract.exams import Dimension
from prompts import Prompt, load

PROMPT: Final = "assessment/rubric"
JUDGES: Final = (Dimension.GRAMMAR, Dimension.VOCABULARY, Dimension.COHERENCE)
MOST_PROOFS: Final = 6

Line = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RubricProof(_Kept):
    """A place that the model names."""

    dimension: Literal["grammar", "vocabulary", "coherence"]
    turn: int
    quote: Line
    says: Line
    helps: bool


class Better(_Kept):
    """A sentence of the learner's as the next level would say it."""

    turn: int
    quote: Line
    better: Line


class Rubric(_Kept):
    """What the model is asked for: scores 0 to 5 by the rubric's words."""

    grammar: float = Field(ge=0, le=5)
    vocabulary: float = Field(ge=0, le=5)
    coherence: float = Field(ge=0, le=5)
    relevant: float = Field(ge=0, le=1)
    """How much of what was said belongs to the tasks."""
    proofs: Annotated[list[RubricProof], Field(max_length=12)]
    better: Better | None

    def score(self, dimension: Dimension) -> float | None:
        """Its score of a dimension, where it gives one."""
        return float(getattr(self, dimension.value)) if dimension in JUDGES else None


def rubric_prompt() -> Prompt:
    """The rubric."""
    return load(PROMPT)


def combined(own: float, model: float, weight: float, most: float) -> float:
    """A score moved towards the model's by its weight, and by no more than `most`."""
    return own + max(-most, min(most, weight * (model - own)))


def within(proofs: Sequence[RubricProof], dimension: Dimension) -> list[RubricProof]:
    """The places of one dimension."""
    return [proof for proof in proofs if proof.dimension == dimension.value][:MOST_PROOFS]
