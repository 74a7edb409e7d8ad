"""Assessments as browsers send and receive them; one by itself is `api.contract.assessment.Assessment`."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from api.bodies import Body
from api.contract.assessment import FlagCode, RefusalCode
from api.contract.exams import Dimension
from api.contract.levels import Level
from api.text import Prose

MOST_NOTE: Final = 1_000

AssessmentState = Literal["waiting", "scoring", "ready", "failed"]
Estimate = Level | Literal["below_A1"]


class AskReview(Body):
    """A wish that a person looks at an assessment, with what the learner wants to say about it."""

    note: Annotated[Prose, StringConstraints(max_length=MOST_NOTE)] = ""


class AssessmentBrief(BaseModel):
    """One assessment of a list: what a history and a trend show of it."""

    attempt_id: UUID
    title: str
    """Of the exam."""
    target_level: Level
    taken_at: datetime
    """When the exam was begun."""
    state: AssessmentState
    scored_at: datetime | None
    version: str
    band_table: str
    scores: dict[Dimension, float | None]
    """Of each dimension that was judged; None where that was refused. Empty until it is scored."""
    level: Estimate | None
    refused: RefusalCode | None
    flags: list[FlagCode]
    review_asked_at: datetime | None


class AssessmentPage(BaseModel):
    """A page of a learner's assessments, the newest exam first."""

    items: list[AssessmentBrief]
    next_cursor: str | None


class LearnersAssessment(AssessmentBrief):
    """An assessment with whose it is, for those who look after several learners."""

    learner_id: UUID
    learner_name: str
    review_note: str


class LearnersAssessmentPage(BaseModel):
    """A page of the assessments of the learners whom a person looks after."""

    items: list[LearnersAssessment]
    next_cursor: str | None
