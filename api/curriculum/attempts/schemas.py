"""What the browser sends and receives about attempts."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.bodies import Body
from api.contract.lessons import Support
from api.contract.levels import Level
from api.curriculum.attempts.models import AttemptState


class LessonState(StrEnum):
    """Where a learner stands with a lesson."""

    NEW = "new"
    OPEN = "open"
    """It is the plan of the next call, or of the one that goes on."""
    STARTED = "started"
    """It was begun and left."""
    COMPLETED = "completed"


class StartLesson(Body):
    """How to begin."""

    restart: bool = False
    """From the beginning, where an attempt was left unfinished."""


class CriterionState(BaseModel):
    """Something to show by speaking, and whether it was shown."""

    key: str
    says: str
    step: str
    met: bool


class StepState(BaseModel):
    """A part of the lesson, and where it stands."""

    key: str
    title: str
    state: Literal["coming", "running", "done", "skipped"]


class SupportChange(BaseModel):
    """That the coach helps more or less from a moment on, and why."""

    at: datetime
    support: Support
    reason: str | None


class AttemptOut(BaseModel):
    """One way through a lesson."""

    model_config = ConfigDict(title="LessonAttempt")

    id: UUID
    lesson_id: UUID
    version: int
    title: str
    level: Level
    state: AttemptState
    draft: bool
    step: int
    steps: list[StepState]
    criteria: list[CriterionState]
    support: Support
    started_at: datetime
    finished_at: datetime | None


class AttemptDetail(AttemptOut):
    """One way through a lesson, with its calls and how the coach's help changed."""

    goal: str
    reflection: str
    call_ids: list[UUID]
    support_changes: list[SupportChange]


class AttemptPage(BaseModel):
    """Attempts, newest first."""

    items: list[AttemptOut]
    next_cursor: str | None


class LessonTaken(BaseModel):
    """A lesson was begun, taken up or left."""

    attempt: AttemptOut
    resumed: bool
    """It goes on where it was left."""
    takes_effect: Literal["next_call", "after_this_call"]
    """A call that goes on stays what it is: the lesson, or free talk, comes with the next one."""
    open_call_id: UUID | None


class CurrentLesson(BaseModel):
    """The lesson of the learner's next call; null while they talk freely."""

    attempt: AttemptOut | None
