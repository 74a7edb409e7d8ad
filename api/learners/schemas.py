"""What the browser receives about learners, and how their list is asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.contract.levels import Level


class LearnerSort(StrEnum):
    """By what the list of learners is ordered."""

    NAME = "name"
    ACTIVITY = "activity"
    MINUTES = "minutes"
    CALLS = "calls"
    TREND = "trend"
    FLAGS = "flags"
    DUE = "due"


class Direction(StrEnum):
    """Smallest or largest first."""

    ASCENDING = "asc"
    DESCENDING = "desc"


@dataclass(frozen=True)
class Wanted:
    """Which learners are asked for, and in what order."""

    sort: LearnerSort
    direction: Direction
    search: str = ""
    program_id: UUID | None = None


class LearnerOut(BaseModel):
    """A learner as a list shows them."""

    model_config = ConfigDict(title="Learner")

    id: UUID
    name: str
    """The name they chose, else their address."""
    email: str
    level: Level
    last_activity_at: datetime | None
    """When they last spoke; none where they never did."""
    calls: int
    """Those that are over."""
    minutes_spoken: float
    """In all."""
    weeks: list[float]
    """Minutes spoken in each of the last four weeks, the latest last."""
    trend_minutes: float
    """Spoken in the last 28 days, less those of the 28 before."""
    open_flags: int
    new_answers: int
    """Answers that no instructor has read."""
    next_due: date | None
    """Of the assignments that are not done."""


class LearnerPage(BaseModel):
    """Learners in the order that was asked for."""

    items: list[LearnerOut]
    total: int
    """How many match, on all pages; 0 on a page without rows."""
    next_cursor: str | None


class ProgramName(BaseModel):
    """A program by its name."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str


class LearnerProfile(BaseModel):
    """A learner's page: who they are. Their figures are at /analytics/learners/{learner_id}."""

    learner: LearnerOut
    native_language: str | None
    joined_at: datetime
    programs: list[ProgramName]
    """Those in which the reader may see the learner."""
