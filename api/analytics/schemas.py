"""Figures as browsers receive them. Minutes to a tenth; shares from 0 to 1; days and weeks as dates."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class SpokenOut(BaseModel):
    """How much was spoken."""

    model_config = ConfigDict(title="Spoken", from_attributes=True)

    calls: int
    minutes_spoken: float
    words_per_minute: float | None
    """Absent where less than ten seconds were spoken."""
    share_of_talk: float | None
    """The learner's part of the time in which learner or coach spoke."""


class LearnerWeek(SpokenOut):
    """A week of a learner, in the time zone that was asked for."""

    model_config = ConfigDict(title="LearnerWeek")

    week: date
    """Its Monday."""


class LearnerDayOut(SpokenOut):
    """A day of a learner, in UTC, as the nightly snapshots have it."""

    model_config = ConfigDict(title="LearnerDay")

    day: date
    turns: int
    distinct_words: int


class StreakOut(BaseModel):
    """Days in a row with practice, in the time zone that was asked for.

    Practice is a call in which the learner said something, or five items reviewed. One missed day in any
    seven is forgiven: it does not end the run, and it does not count.
    """

    model_config = ConfigDict(title="Streak", from_attributes=True)

    days: int
    longest: int
    today: bool
    """Whether there was practice today."""
    forgiven: list[date]
    """Missed days within the present run, newest first."""


class LearnerFigures(SpokenOut):
    """How a learner stands in the organisation that they act under."""

    model_config = ConfigDict(title="LearnerFigures")

    turns: int
    last_activity_at: datetime | None
    week_minutes: float
    """Spoken in the last 7 days."""
    month_minutes: float
    """Spoken in the last 28 days."""
    trend: float | None
    """The last 28 days against the 28 before: 0.5 is half as much again."""
    streak: StreakOut
    weeks: list[LearnerWeek]
    """Oldest first, empty weeks included."""
    days: list[LearnerDayOut]
    """Days with practice within the last 28, oldest first."""


class GroupFigures(SpokenOut):
    """What a program's learners did in a week."""

    model_config = ConfigDict(title="GroupFigures")

    active_learners: int
    """Learners with a call in that week."""
    turns: int


class ProgramWeekOut(BaseModel):
    """A week of a program."""

    model_config = ConfigDict(title="ProgramWeek")

    week: date
    figures: GroupFigures | None
    """Absent where they are withheld: too few people stand behind them."""


class ProgramFigures(BaseModel):
    """A program's weeks that are over."""

    program_id: UUID
    name: str
    learners: int
    """Enrolled at present."""
    smallest_group: int
    """Figures of fewer active learners are withheld."""
    reckoned_at: datetime | None
    weeks: list[ProgramWeekOut]
    """Oldest first; the week that goes on is not among them."""
    total: SpokenOut | None
    """The sum of the weeks that are told."""


class RefreshOut(BaseModel):
    """The figures will be reckoned anew within moments."""

    model_config = ConfigDict(title="Refresh")

    queued: bool = True
