"""What a learner sees of the coach's memory, and of a call's report."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.contract.calls import FactKind


class FactOut(BaseModel):
    """One thing that the coach remembers of the learner, with the words it rests on."""

    model_config = ConfigDict(title="MemoryFact")

    id: UUID
    kind: FactKind
    text: str
    """Follows "You" in the third person, such as "lives in Lima"; in English, as the coach knows it."""
    quote: str
    """The learner's turn."""
    call_id: UUID
    turn_id: UUID
    said_at: datetime


class MemoryOut(BaseModel):
    """All that the coach remembers of the learner, newest first."""

    model_config = ConfigDict(title="Memory")

    items: list[FactOut]
    summary: str
    """The running summary of the practice, as the coach gets it."""


class ReportState(StrEnum):
    """How it stands with a report."""

    PENDING = "pending"
    READY = "ready"
    REFUSED = "refused"
    FAILED = "failed"


class Refusal(StrEnum):
    """Why there is no report, and will be none."""

    TOO_LITTLE_SAID = "too_little_said"
    NOT_MADE = "not_made"
    """The call is from before there were reports, or its words were deleted."""


class TalkTime(BaseModel):
    """Who spoke how long, from the times of the words."""

    call_seconds: float = Field(ge=0)
    learner_seconds: float = Field(ge=0)
    coach_seconds: float = Field(ge=0)
    learner_share: float | None = Field(default=None, ge=0, le=1)
    """Of the time in which somebody spoke; null where nobody did."""
    learner_words: int = Field(ge=0)
    learner_turns: int = Field(ge=0)


class Praise(BaseModel):
    """Something that went well; with the learner's own words where they show it."""

    text: str
    quote: str | None = None
    turn_id: UUID | None = None


class Improvement(BaseModel):
    """A sentence of the learner's, word for word, and a better one."""

    quote: str
    better: str
    why: str | None = None
    turn_id: UUID


class ReportContent(BaseModel):
    """A report, in the language that the learner reads."""

    talked_about: list[str]
    went_well: list[Praise]
    work_on: list[Improvement]
    practise_next: list[str]
    time: TalkTime
    checked: bool = True
    """Whether the learner's sentences could be checked; False where there is no grammar checker."""


class ReportOut(BaseModel):
    """A call's report, or why there is none."""

    model_config = ConfigDict(title="CallReport")

    call_id: UUID
    state: ReportState
    reason: Refusal | None = None
    content: ReportContent | None = None
    prompt_hash: str | None = None
    written_by: str | None = None
    """`rules`, or the language model that wrote it."""
    written_at: datetime | None = None
