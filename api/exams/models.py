"""Versions of templates, attempts at them, what moved their clocks, and who has extra time.

Templates are the installation's own: every organisation reads them, and only the loader, which is the
schema's owner, writes them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
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

from api.database import Base, Identified, TenantOwned, Timestamped


class ExamState(StrEnum):
    """Where an attempt stands in the record; how far it is within a phase says its clock."""

    WAITING = "waiting"
    """The examiner has not begun."""
    RUNNING = "running"
    FINISHED = "finished"
    """Its time is through."""
    STOPPED = "stopped"
    """The learner gave it up, before it began or on the way."""
    EXPIRED = "expired"
    """Nobody came to begin it."""


OPEN = (ExamState.WAITING, ExamState.RUNNING)
IS_OPEN = "state IN ('waiting', 'running')"


class EventSource(StrEnum):
    """Who noted an event."""

    AGENT = "agent"
    API = "api"
    """The connection was found lost, or the learner gave up on screen."""


class ExamTemplate(Identified, Timestamped, Base):
    """One version of a template; of each key one is offered at most, the others stay for their attempts."""

    __tablename__ = "exam_templates"
    __table_args__ = (
        UniqueConstraint("key", "number"),
        Index("uq_exam_templates_offered", "key", unique=True, postgresql_where=text("offered")),
    )

    key: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    """Of the version, from 1."""
    offered: Mapped[bool]
    from_level: Mapped[str] = mapped_column(String(2))
    target_level: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """An `ExamContent`."""
    content_hash: Mapped[str] = mapped_column(String(64))


class ExamAttempt(Identified, TenantOwned, Timestamped, Base):
    """A learner's sitting of one version of a template; they have one open at most in an organisation.

    What the clock needs (template, extra time, scale) is fixed when the attempt is made.
    """

    __tablename__ = "exam_attempts"
    __table_args__ = (
        Index(
            "uq_exam_attempts_open",
            "organisation_id",
            "learner_id",
            unique=True,
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_exam_attempts_learner_id_created_at", "learner_id", "created_at", "id"),
        CheckConstraint("state IN ('waiting', 'running', 'finished', 'stopped', 'expired')", name="state"),
        CheckConstraint(f"({IS_OPEN}) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("target_level IN ('A1', 'A2', 'B1', 'B2')", name="target_level"),
        CheckConstraint("extra_time BETWEEN 0 AND 1", name="extra_time"),
        CheckConstraint("time_scale > 0 AND time_scale <= 1", name="time_scale"),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    template_id: Mapped[UUID] = mapped_column(ForeignKey("exam_templates.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16), default=ExamState.WAITING)
    target_level: Mapped[str] = mapped_column(String(2))
    """The level whose readiness is judged."""
    extra_time: Mapped[float] = mapped_column(Float, default=0.0)
    """Share by which preparing and speaking are longer."""
    extra_time_granted: Mapped[bool] = mapped_column(default=False)
    """Whether a school granted it; otherwise the learner asked for it themselves."""
    time_scale: Mapped[float] = mapped_column(Float, default=1.0)
    """What every length is multiplied by; 1 but in tests."""
    seed: Mapped[int] = mapped_column(BigInteger)
    """What the tasks were drawn with."""
    tasks: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    """`DrawnTask`s, one a part."""
    job_id: Mapped[str | None] = mapped_column(String(64))
    """The worker's job that was given it last: what another one still sends comes too late."""
    audio_consent: Mapped[bool] = mapped_column(default=False)
    """Whether its sound may be held until it is scored, where the learner allows no recording."""
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ExamEventRow(Identified, TenantOwned, Timestamped, Base):
    """One event of an attempt's clock; rows are added and never changed."""

    __tablename__ = "exam_events"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        CheckConstraint("kind IN ('started', 'left', 'returned', 'done', 'stopped')", name="kind"),
        CheckConstraint("source IN ('agent', 'api')", name="source"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("exam_attempts.id", ondelete="CASCADE"))
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id", ondelete="SET NULL"), index=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    phase: Mapped[int | None] = mapped_column(SmallInteger)
    source: Mapped[str] = mapped_column(String(8))


class ExamCall(Identified, TenantOwned, Timestamped, Base):
    """That a call was given an attempt."""

    __tablename__ = "exam_calls"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), unique=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("exam_attempts.id", ondelete="CASCADE"), index=True)


class ExamAccommodation(Identified, TenantOwned, Timestamped, Base):
    """Extra time that a school grants a learner in each of their exams; why, is asked and kept nowhere."""

    __tablename__ = "exam_accommodations"
    __table_args__ = (
        UniqueConstraint("organisation_id", "learner_id"),
        CheckConstraint("extra_time BETWEEN 0 AND 1", name="extra_time"),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    extra_time: Mapped[float] = mapped_column(Float)
