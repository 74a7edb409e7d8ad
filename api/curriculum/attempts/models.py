"""Attempts at lessons, which calls they were made in, what happened there, and the mastery that it shows."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.contract.lessons import Support
from api.database import Base, Identified, TenantOwned, Timestamped, utc_now


class AttemptState(StrEnum):
    """Where an attempt stands."""

    OPEN = "open"
    """It is the plan of the session's next call, or of the one that goes on."""
    LEFT = "left"
    """The learner went back to free talk; it can be taken up again."""
    COMPLETED = "completed"


class EvidenceSource(StrEnum):
    """What a piece of evidence for mastery comes from."""

    LESSON = "lesson"
    PLACEMENT = "placement"
    EXAM = "exam"


class LessonAttempt(Identified, TenantOwned, Timestamped, Base):
    """A learner's way through one version of a lesson; a session has one open attempt at most."""

    __tablename__ = "lesson_attempts"
    __table_args__ = (
        Index(
            "uq_lesson_attempts_open",
            "session_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_lesson_attempts_learner_id_lesson_id", "learner_id", "lesson_id", "started_at"),
        CheckConstraint("state IN ('open', 'left', 'completed')", name="state"),
        CheckConstraint("support IN ('more', 'usual', 'less')", name="support"),
        CheckConstraint("(state = 'completed') = (finished_at IS NOT NULL)", name="finished"),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("lesson_versions.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16), default=AttemptState.OPEN)
    is_draft: Mapped[bool] = mapped_column(default=False)
    """An author tries a draft: it proves nothing and is in no list."""
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Index of the step to go on with; the number of steps when all are through."""
    exchange: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Index of the exchange to go on with, within the step."""
    met: Mapped[list[str]] = mapped_column(JSONB, default=list)
    skipped: Mapped[list[str]] = mapped_column(JSONB, default=list)
    support: Mapped[str] = mapped_column(String(16), default=Support.USUAL)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    resumed_at: Mapped[datetime] = mapped_column(default=utc_now)
    """When it was last begun or taken up: what a call says of before cannot end it."""
    finished_at: Mapped[datetime | None]


class LessonCall(Identified, TenantOwned, Timestamped, Base):
    """That a call was given an attempt as its plan."""

    __tablename__ = "lesson_calls"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), unique=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("lesson_attempts.id", ondelete="CASCADE"), index=True)


class LessonEventRow(Identified, TenantOwned, Timestamped, Base):
    """One event of an attempt as its call told of it; `number` counts within the call."""

    __tablename__ = "lesson_events"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        Index("ix_lesson_events_attempt_id_at", "attempt_id", "at"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("lesson_attempts.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    step: Mapped[str | None] = mapped_column(String(64))
    exchange: Mapped[int | None] = mapped_column(SmallInteger)
    criterion: Mapped[str | None] = mapped_column(String(64))
    item_id: Mapped[str | None] = mapped_column(String(64))
    support: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)


class MasteryEvidence(Identified, TenantOwned, Timestamped, Base):
    """One thing that a learner was seen to do, or not to do, and which objective it speaks for."""

    __tablename__ = "mastery_evidence"
    __table_args__ = (
        UniqueConstraint("learner_id", "source", "reference", "criterion"),
        Index(
            "ix_mastery_evidence_learner_id_objective_key",
            "organisation_id",
            "learner_id",
            "objective_key",
            "at",
        ),
        CheckConstraint("source IN ('lesson', 'placement', 'exam')", name="source"),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    objective_key: Mapped[str] = mapped_column(ForeignKey("objectives.key", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(16))
    reference: Mapped[UUID]
    """The attempt, placement or exam attempt that it comes from."""
    criterion: Mapped[str] = mapped_column(String(64))
    shown: Mapped[bool]
    helped: Mapped[bool] = mapped_column(default=False)
    """Whether a hint came before it."""
    at: Mapped[datetime]


class Mastery(Identified, TenantOwned, Timestamped, Base):
    """How well a learner masters an objective, from 0 to 1, reckoned from the evidence."""

    __tablename__ = "mastery"
    __table_args__ = (
        UniqueConstraint("organisation_id", "learner_id", "objective_key"),
        CheckConstraint("level BETWEEN 0 AND 1", name="level"),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    objective_key: Mapped[str] = mapped_column(ForeignKey("objectives.key", ondelete="CASCADE"), index=True)
    level: Mapped[float] = mapped_column(Float)
    evidence: Mapped[int]
    """How many pieces of evidence it rests on."""
