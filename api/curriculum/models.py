"""Objectives, lessons, their versions, and which objectives a version serves.

A row without an organisation is the installation's own: every organisation reads it, and only the loader,
which is the schema's owner, writes it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, Timestamped


class VersionState(StrEnum):
    """What a version of a lesson is for."""

    DRAFT = "draft"
    """Being written; its authors alone see it."""
    PUBLISHED = "published"
    """What learners are offered."""
    ARCHIVED = "archived"
    """Offered no more; attempts that began with it go on with it."""


class Objective(Timestamped, Base):
    """What a learner can do, at a level, in one of the four modes; the same for every organisation."""

    __tablename__ = "objectives"
    __table_args__ = (
        CheckConstraint("level IN ('A1', 'A2', 'B1', 'B2')", name="level"),
        CheckConstraint("skill IN ('reception', 'production', 'interaction', 'mediation')", name="skill"),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    level: Mapped[str] = mapped_column(String(2))
    skill: Mapped[str] = mapped_column(String(16))
    can_do: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(SmallInteger)
    """Order within the whole list."""


class Lesson(Identified, Timestamped, Base):
    """A lesson through all its versions.

    `learner_id` is set on a lesson that a learner made for themselves: nobody else is shown it. A deleted
    lesson stays for the attempts that were made at it and is shown in no list.
    """

    __tablename__ = "lessons"
    __table_args__ = (
        Index(
            "uq_lessons_key",
            "organisation_id",
            "learner_id",
            "key",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        CheckConstraint("learner_id IS NULL OR organisation_id IS NOT NULL", name="learner_within"),
    )

    organisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    learner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    deleted_at: Mapped[datetime | None]


class LessonVersion(Identified, Timestamped, Base):
    """One version of a lesson: its content, and of that what lists ask for.

    A lesson has at most one draft and one published version. `revision` counts the saves of a draft.
    """

    __tablename__ = "lesson_versions"
    __table_args__ = (
        UniqueConstraint("lesson_id", "number"),
        Index("uq_lesson_versions_draft", "lesson_id", unique=True, postgresql_where=text("state = 'draft'")),
        Index(
            "uq_lesson_versions_published",
            "lesson_id",
            unique=True,
            postgresql_where=text("state = 'published'"),
        ),
        Index("ix_lesson_versions_search", "search", postgresql_using="gin"),
        CheckConstraint("state IN ('draft', 'published', 'archived')", name="state"),
        CheckConstraint("number >= 1", name="number"),
    )

    organisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=VersionState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    level: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(16))
    area: Mapped[str] = mapped_column(String(16))
    task: Mapped[str] = mapped_column(String(32))
    minutes: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    step_count: Mapped[int] = mapped_column(SmallInteger)
    exam_tags: Mapped[list[str]] = mapped_column(JSONB)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """A `LessonContent`."""
    content_hash: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    """What can be searched for."""
    search: Mapped[str | None] = mapped_column(
        TSVECTOR, Computed("to_tsvector('english'::regconfig, words)", persisted=True), deferred=True
    )
    published_at: Mapped[datetime | None]


class LessonObjective(Base):
    """That a version of a lesson serves an objective; the lesson's first one has position 0."""

    __tablename__ = "lesson_objectives"

    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("lesson_versions.id", ondelete="CASCADE"), primary_key=True
    )
    objective_key: Mapped[str] = mapped_column(
        ForeignKey("objectives.key", ondelete="CASCADE"), primary_key=True, index=True
    )
    organisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(SmallInteger)
