"""Items to review with how well they are remembered, every grading of them, and what practising earned."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped, utc_now


class ItemKind(StrEnum):
    """What an item asks for."""

    CORRECTION = "correction"
    """The learner's own sentence, said better."""
    PHRASE = "phrase"
    WORD = "word"


class How(StrEnum):
    """How a grading came about."""

    SCREEN = "screen"
    """The learner graded it."""
    CALL = "call"
    """The learner said the answer in a call."""
    SLIP = "slip"
    """The learner made the same slip again in a call."""
    UNDO = "undo"
    """The grading before was taken back."""


class PointKind(StrEnum):
    """What points are given for."""

    MINUTES = "minutes"
    REVIEW = "review"
    LESSON = "lesson"
    GOAL = "goal"


class ReviewItem(Identified, TenantOwned, Timestamped, Base):
    """Something to say again when it is about to be forgotten.

    `state`, `step`, `stability` (days), `difficulty` and `last_review_at` are the scheduling library's own
    (FSRS). An item that the learner removed stays as an empty row, so that what it was made from does not
    bring it back.
    """

    __tablename__ = "review_items"
    __table_args__ = (
        UniqueConstraint("organisation_id", "user_id", "key"),
        CheckConstraint("kind IN ('correction', 'phrase', 'word')", name="kind"),
        CheckConstraint("state BETWEEN 1 AND 3", name="state"),
        Index("ix_review_items_due", "organisation_id", "user_id", "due_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    """A digest of what makes it this item and no other."""
    cue: Mapped[str] = mapped_column(String(400))
    """What it is asked by: the learner's own sentence, or the meaning of the phrase or word."""
    answer: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(String(400), default="")
    """Why, or an example."""
    category: Mapped[str | None] = mapped_column(String(16))
    rule: Mapped[str | None] = mapped_column(String(64))
    """Of a correction."""
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    """Where the slip was made last."""
    source_id: Mapped[UUID | None]
    """The correction or the lesson that it comes from."""
    times_made: Mapped[int] = mapped_column(default=1)
    """How often the slip was noticed."""
    state: Mapped[int] = mapped_column(SmallInteger, default=1)
    step: Mapped[int | None] = mapped_column(SmallInteger, default=0)
    stability: Mapped[float | None]
    difficulty: Mapped[float | None]
    last_review_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class ReviewEntry(Identified, TenantOwned, Base):
    """One grading of an item, or its undoing; never changed."""

    __tablename__ = "review_entries"
    __table_args__ = (
        UniqueConstraint("user_id", "grading_id"),
        UniqueConstraint("undoes_id"),
        CheckConstraint("how IN ('screen', 'call', 'slip', 'undo')", name="how"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        Index("ix_review_entries_item", "item_id", "reviewed_at"),
        Index("ix_review_entries_learner", "organisation_id", "user_id", "reviewed_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("review_items.id", ondelete="CASCADE"))
    grading_id: Mapped[UUID]
    """Chosen by whoever graded: the same grading sent twice is one."""
    how: Mapped[str] = mapped_column(String(8))
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    """1 again, 2 hard, 3 good, 4 easy; absent in an undoing."""
    reviewed_at: Mapped[datetime] = mapped_column(default=utc_now)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """How the item stood."""
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    """The learner's words that it rests on."""
    undoes_id: Mapped[UUID | None] = mapped_column(ForeignKey("review_entries.id", ondelete="CASCADE"))


class PointEntry(Identified, TenantOwned, Base):
    """Points for one cause; the same cause is paid once."""

    __tablename__ = "point_entries"
    __table_args__ = (
        UniqueConstraint("organisation_id", "user_id", "cause"),
        CheckConstraint("kind IN ('minutes', 'review', 'lesson', 'goal')", name="kind"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(String(96))
    points: Mapped[int]
    earned_at: Mapped[datetime] = mapped_column(default=utc_now)


class BadgeEarned(TenantOwned, Base):
    """A badge that a learner has; it is never taken away."""

    __tablename__ = "badges_earned"

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    badge: Mapped[str] = mapped_column(String(32), primary_key=True)
    earned_at: Mapped[datetime] = mapped_column(default=utc_now)


class WeeklyGoal(TenantOwned, Timestamped, Base):
    """How many minutes a week a learner means to speak; the rules' own where there is none."""

    __tablename__ = "weekly_goals"
    __table_args__ = (CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes"),)

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    minutes: Mapped[int] = mapped_column(SmallInteger)
