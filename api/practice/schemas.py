"""Items to review, and what practising earned, as browsers send and receive them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.bodies import Body
from api.practice.matching import Verdict
from api.practice.models import ItemKind
from api.practice.rules import Measure
from api.practice.scheduling import Grade


class Rating(StrEnum):
    """How well the answer came."""

    AGAIN = "again"
    """Not, or wrong."""
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"

    @property
    def grade(self) -> Grade:
        """As the scheduling library numbers it."""
        return Grade[self.name]


class ReviewItemOut(BaseModel):
    """Something to say again."""

    model_config = ConfigDict(title="ReviewItem", from_attributes=True)

    id: UUID
    kind: ItemKind
    cue: str
    """The learner's own sentence, or the meaning of the phrase or word."""
    answer: str
    note: str
    """Why, or an example; may be empty."""
    category: str | None
    call_id: UUID | None
    """The call in which the slip was made last."""
    turn_id: UUID | None
    times_made: int
    due_at: datetime
    last_review_at: datetime | None
    suspended_at: datetime | None
    created_at: datetime


class DueReviews(BaseModel):
    """What is due, the item that has waited longest first."""

    items: list[ReviewItemOut]
    due: int
    """How many are due, beyond the listed ones too."""
    next_due_at: datetime | None
    """When the next one is due that is not due now."""


class ReviewPage(BaseModel):
    """Items, the newest first."""

    items: list[ReviewItemOut]
    next_cursor: str | None


class DueOnDay(BaseModel):
    """How many items are due on a day; those that wait already count for today."""

    day: date
    due: int


class ReviewSummary(BaseModel):
    """How many items there are, and when they are due."""

    total: int
    due: int
    suspended: int
    next_due_at: datetime | None
    forecast: list[DueOnDay]
    """Seven days of the learner's, today first."""


class Grading(Body):
    """How well an item came; sent twice with the same `grading_id` it counts once."""

    grading_id: UUID
    rating: Rating


class Undoing(Body):
    """Takes the item's last grading back."""

    grading_id: UUID
    """That of the grading."""


class Graded(BaseModel):
    """The item as it stands now."""

    item: ReviewItemOut
    due: int
    """How many items are due still."""
    next_due_at: datetime | None


class SaidWord(BaseModel):
    """A word of the answer."""

    text: str
    said: bool


class Said(BaseModel):
    """What was heard in a recording, beside the answer."""

    heard: str
    verdict: Verdict
    words: list[SaidWord]
    """The answer's."""


class Typed(Body):
    """An answer that was typed."""

    text: Annotated[str, Field(min_length=1, max_length=400)]


class BadgeOut(BaseModel):
    """A badge, earned or not yet."""

    model_config = ConfigDict(title="Badge")

    key: str
    measure: Measure
    at_least: int
    reached: int
    """How much of `at_least` there is."""
    earned_at: datetime | None


class PracticeDay(BaseModel):
    """A day of the present week."""

    day: date
    minutes: float


class WeekOut(BaseModel):
    """The present week, in the learner's time zone."""

    model_config = ConfigDict(title="PracticeWeek")

    minutes: float
    goal_minutes: int
    days: list[PracticeDay]
    """Monday first."""


class PracticeStreak(BaseModel):
    """Days in a row with practice.

    Practice is a call in which the learner said something, or five items reviewed. One missed day in any
    seven is forgiven: it does not end the run, and it does not count.
    """

    model_config = ConfigDict(from_attributes=True)

    days: int
    longest: int
    today: bool
    forgiven: list[date]
    """Missed days within the present run, newest first."""


class PointsOut(BaseModel):
    """What practising earned."""

    model_config = ConfigDict(title="Points")

    total: int
    week: int
    """Since Monday."""


class PracticeOut(BaseModel):
    """How a learner's practice stands."""

    model_config = ConfigDict(title="Practice")

    time_zone: str
    streak: PracticeStreak
    week: WeekOut
    points: PointsOut
    badges: list[BadgeOut]
    due: int


class GoalUpdate(Body):
    """How many minutes a week the learner means to speak."""

    minutes: Annotated[int, Field(ge=5, le=600)]
