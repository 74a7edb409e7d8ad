"""What is found in a learner's words, as the agent hears it and the record keeps it."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class CorrectionCategory(StrEnum):
    """What kind of slip it is."""

    GRAMMAR = "grammar"
    WORD_CHOICE = "word_choice"
    REGISTER = "register"


class Severity(StrEnum):
    """How much it matters to a listener."""

    SLIGHT = "slight"
    CLEAR = "clear"
    """A listener notices and understands."""
    OBSCURING = "obscuring"
    """A listener may misunderstand."""


class Correction(BaseModel):
    """One slip: where it is, how it is better said, and why.

    `start` and `end` are code points within the turn's text; `better` is the whole sentence as it should be.
    """

    model_config = ConfigDict(extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    original: Annotated[str, Field(max_length=400)]
    """The words of the span."""
    replacement: Annotated[str, Field(max_length=400)]
    """What should stand there; empty where the words should go."""
    better: Annotated[str, Field(max_length=1_000)]
    category: CorrectionCategory
    rule: Annotated[str, Field(max_length=64)]
    """Name of the pattern or of the model that found it."""
    explanation: Annotated[str, Field(max_length=400)]
    """One short sentence at the learner's level."""
    severity: Severity
    confidence: float = Field(ge=0, le=1)
