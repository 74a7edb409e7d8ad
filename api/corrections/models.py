"""Corrections of learners' turns, and which turns were looked at."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class CheckedTurn(Identified, TenantOwned, Timestamped, Base):
    """A learner's turn that was looked at: each once by the rules, and once by a language model, if any."""

    __tablename__ = "checked_turns"
    __table_args__ = (
        UniqueConstraint("turn_id"),
        Index("ix_checked_turns_learner", "organisation_id", "user_id", "said_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    said_at: Mapped[datetime]
    words: Mapped[int]
    model: Mapped[str | None] = mapped_column(String(128))
    """The language model that looked at it too."""
    prompt_hash: Mapped[str | None] = mapped_column(String(64))
    """Of what that model was told."""


class TurnCorrection(Identified, TenantOwned, Timestamped, Base):
    """One slip in a learner's turn; dismissed, it stays and is hidden, which is feedback on its rule."""

    __tablename__ = "turn_corrections"
    __table_args__ = (
        UniqueConstraint("turn_id", "start_at", "end_at"),
        CheckConstraint("category IN ('grammar', 'word_choice', 'register')", name="category"),
        CheckConstraint("severity IN ('slight', 'clear', 'obscuring')", name="severity"),
        CheckConstraint("hidden_as IN ('learner', 'instructor')", name="hidden_as"),
        Index("ix_turn_corrections_learner", "organisation_id", "user_id", "said_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """The learner."""
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    said_at: Mapped[datetime]
    start_at: Mapped[int]
    """Code points within the turn's text."""
    end_at: Mapped[int]
    original: Mapped[str] = mapped_column(String(400))
    replacement: Mapped[str] = mapped_column(String(400))
    better: Mapped[str] = mapped_column(String(1_000))
    """The whole sentence as it should be."""
    category: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(64))
    explanation: Mapped[str] = mapped_column(String(400))
    severity: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    prompt_hash: Mapped[str | None] = mapped_column(String(64))
    """Of what the language model was told that found it; None for rules."""
    hidden_at: Mapped[datetime | None]
    hidden_as: Mapped[str | None] = mapped_column(String(16))
    """Who dismissed it as wrong: the learner or an instructor."""
