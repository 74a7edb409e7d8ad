"""What the browser sends and receives about beginning."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.bodies import Body
from api.contract.calls import CorrectionStyle
from api.contract.levels import Level
from api.identity.schemas import LanguageTag
from api.onboarding.models import LevelSource, PlacementKind, PlacementState
from api.onboarding.placement import Reason
from api.text import PlainText, Prose

MOST_ANSWER_CHARACTERS = 2_000


class GoalKind(StrEnum):
    """What somebody practises for."""

    EVERYDAY = "everyday"
    WORK = "work"
    STUDY = "study"
    EXAM = "exam"
    TRAVEL = "travel"
    FRIENDS = "friends"
    OTHER = "other"


class OnboardingOut(BaseModel):
    """What a learner said at the beginning, and can change at any time."""

    model_config = ConfigDict(title="Onboarding")

    done: bool
    """They went through the first questions, or past them."""
    native_language: str | None
    goal_kind: GoalKind | None
    goal: str | None
    correction_style: CorrectionStyle
    level: Level
    level_source: LevelSource | None
    """Null while the level is the one that everybody begins with."""


class OnboardingUpdate(Body):
    """Answers to the first questions; what is left out stays, null empties."""

    native_language: LanguageTag | None = None
    goal_kind: GoalKind | None = None
    goal: Annotated[PlainText, StringConstraints(max_length=200)] | None = None
    correction_style: CorrectionStyle | None = None
    done: Literal[True] | None = None


class LevelUpdate(Body):
    """A level chosen by hand."""

    level: Level


class LevelChangeOut(BaseModel):
    """How a level came about."""

    model_config = ConfigDict(title="LevelChange", from_attributes=True)

    before: Level
    level: Level
    source: LevelSource
    placement_id: UUID | None
    created_at: datetime


class LevelOut(BaseModel):
    """A learner's level and how it came about, newest first."""

    model_config = ConfigDict(title="LearnerLevel")

    level: Level
    source: LevelSource | None
    history: list[LevelChangeOut]


class PlacementStart(Body):
    """How the learner wants to be placed."""

    kind: PlacementKind


class PlacementTask(BaseModel):
    """One task."""

    key: str
    title: str
    instructions: str
    question: str
    easier: str


class PlacementOut(BaseModel):
    """An attempt, and what came of it."""

    model_config = ConfigDict(title="Placement")

    id: UUID
    kind: PlacementKind
    state: PlacementState
    level: Level | None
    reasons: list[Reason] = []
    words: int = 0
    """That the learner used in all."""
    tasks: list[PlacementTask] = []
    """To be answered, while a typed one runs."""
    created_at: datetime
    finished_at: datetime | None


class TaskAnswer(Body):
    """What the learner wrote to one task."""

    task: Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9-]+$")]
    text: Annotated[Prose, StringConstraints(max_length=MOST_ANSWER_CHARACTERS)]


class PlacementAnswers(Body):
    """All answers of a typed placement; tasks may be left out."""

    answers: Annotated[list[TaskAnswer], Field(min_length=1, max_length=12)]
