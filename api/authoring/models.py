"""What authors have not finished, where lessons come from, and suggestions in the making."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class SuggestionState(StrEnum):
    """How far a suggestion is."""

    QUEUED = "queued"
    READING = "reading"
    """Its documents are read."""
    WRITING = "writing"
    CHECKING = "checking"
    READY = "ready"
    FAILED = "failed"


UNFINISHED = (
    SuggestionState.QUEUED,
    SuggestionState.READING,
    SuggestionState.WRITING,
    SuggestionState.CHECKING,
)


class UnfinishedDraft(Identified, TenantOwned, Timestamped, Base):
    """What was saved of a lesson while it was no whole lesson: a text empty, a criterion without words.

    What is whole goes into the lesson's draft, and this row goes away.
    """

    __tablename__ = "unfinished_drafts"
    __table_args__ = (UniqueConstraint("lesson_id"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who saved it last."""
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """A `LessonContent` on its way."""
    revision: Mapped[int] = mapped_column(default=1)


class LessonDocument(Identified, TenantOwned, Timestamped, Base):
    """That a lesson is made from a document: in its calls only such documents are looked into."""

    __tablename__ = "lesson_documents"
    __table_args__ = (UniqueConstraint("lesson_id", "document_id"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)


class Suggestion(Identified, TenantOwned, Timestamped, Base):
    """A draft that is being made for an author."""

    __tablename__ = "lesson_suggestions"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'reading', 'writing', 'checking', 'ready', 'failed')", name="state"
        ),
        Index("ix_lesson_suggestions_user_id_created_at", "user_id", "created_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    request: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(16), default=SuggestionState.QUEUED)
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"), index=True)
    written_by: Mapped[str | None] = mapped_column(String(128))
    """The language model, or `template`."""
    fell_back: Mapped[str | None] = mapped_column(String(32))
    """Why the template wrote it although a language model is configured."""
    unread: Mapped[int] = mapped_column(default=0)
    """Documents in which nothing was found that a lesson could use."""
    prompt_hash: Mapped[str | None] = mapped_column(String(64))
