"""Comments, flags and bookmarks on calls and their turns."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class FlagKind(StrEnum):
    """What a flag says of a call or turn."""

    ATTENTION = "attention"
    GOOD_EXAMPLE = "good_example"
    MISHEARD = "misheard"
    TECHNICAL = "technical"


class Comment(Identified, TenantOwned, Timestamped, Base):
    """A word to the learner: on a whole call (a note), a turn, or a part of its text; or an answer to one.

    `span_start` and `span_end` count characters of the turn's text. Answers are one level deep.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("(span_start IS NULL) = (span_end IS NULL)", name="whole_span"),
        CheckConstraint("span_start >= 0 AND span_end > span_start", name="span"),
        CheckConstraint("span_start IS NULL OR turn_id IS NOT NULL", name="span_of_turn"),
        Index("ix_comments_call_id", "call_id", "created_at"),
        Index("ix_comments_learner_id", "learner_id", "created_at"),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    read_at: Mapped[datetime | None]
    """When whom it is meant for has read it: the learner, or of the learner's answers an instructor."""


class Flag(Identified, TenantOwned, Timestamped, Base):
    """A mark for those who look after the learner, who does not see it."""

    __tablename__ = "flags"
    __table_args__ = (
        CheckConstraint("kind IN ('attention', 'good_example', 'misheard', 'technical')", name="kind"),
        Index("ix_flags_call_id", "call_id"),
        Index(
            "ix_flags_open",
            "learner_id",
            postgresql_where=text("resolved_at IS NULL AND kind <> 'good_example'"),
        ),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1)


class Bookmark(Identified, TenantOwned, Timestamped, Base):
    """A place that an instructor wants to find again; nobody else sees it."""

    __tablename__ = "bookmarks"
    __table_args__ = (UniqueConstraint("user_id", "call_id", "turn_id", postgresql_nulls_not_distinct=True),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
