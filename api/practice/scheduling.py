"""When an item comes back: FSRS, as the library `fsrs` reckons it, with days that are the learner's own.

What is asked for again within the same sitting keeps its minutes. Whatever is due on a later day is due from
the beginning of that day on, so that a learner finds the day's reviews in one go. Nothing is left to chance.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from fsrs import Card, Rating, Scheduler, State

from api.practice.days import day_of, start_of

RETENTION: Final = 0.9
"""An item comes back when it is remembered with this probability."""
AGAIN_AFTER: Final = timedelta(minutes=10)
LONGEST_DAYS: Final = 365
SAFE_DAYS: Final = 21.0
"""An item of this stability is remembered for weeks."""

_SCHEDULER: Final = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(AGAIN_AFTER,),
    relearning_steps=(AGAIN_AFTER,),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)


class Grade(IntEnum):
    """How well the answer came, as the library numbers it."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class Standing:
    """How well an item is remembered, and when it is due."""

    due_at: datetime
    state: int = State.Learning.value
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    last_review_at: datetime | None = None

    def kept(self) -> dict[str, Any]:
        """The fields, as they can be kept in a record of gradings."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Standing":
        """Read `kept` back."""
        moments = {
            name: datetime.fromisoformat(kept[name]) if kept[name] else None
            for name in ("due_at", "last_review_at")
        }
        return cls(**{**kept, **moments})


def new(at: datetime, zone: ZoneInfo) -> Standing:
    """An item made at a moment: first due on the learner's next day."""
    return Standing(due_at=start_of(day_of(at, zone) + timedelta(days=1), zone))


def graded(standing: Standing, grade: Grade, at: datetime, zone: ZoneInfo) -> Standing:
    """How an item stands after it was graded at a moment."""
    card, _log = _SCHEDULER.review_card(_card(standing), Rating(grade), at.astimezone(UTC))
    return Standing(
        due_at=_due(card.due, at, zone),
        state=card.state.value,
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        last_review_at=card.last_review,
    )


def _card(standing: Standing) -> Card:
    return Card(
        card_id=0,
        state=State(standing.state),
        step=standing.step,
        stability=standing.stability,
        difficulty=standing.difficulty,
        due=standing.due_at,
        last_review=standing.last_review_at,
    )


def _due(due: datetime, at: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the day in which an item is due, unless that is the day on which it was graded."""
    day = day_of(due, zone)
    return due if day == day_of(at, zone) or due - at < timedelta(days=1) else start_of(day, zone)
