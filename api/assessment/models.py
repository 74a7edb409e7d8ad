"""What was heard of an attempt, what a language model said of it, and the assessment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.assessment.schemas import MOST_NOTE
from api.database import Base, Identified, TenantOwned, Timestamped


class AssessmentRow(Identified, TenantOwned, Timestamped, Base):
    """The judgement of one attempt; made when the attempt is over, filled by the job that scores it."""

    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("attempt_id"),
        CheckConstraint("state IN ('waiting', 'scoring', 'ready', 'failed')", name="state"),
        CheckConstraint("(state = 'ready') = (judgement IS NOT NULL)", name="ready_with_judgement"),
        Index("ix_assessments_learner", "organisation_id", "user_id", "taken_at", "id"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("exam_attempts.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(400))
    target_level: Mapped[str] = mapped_column(String(2))
    taken_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    """When the attempt was over: scores are due a minute later."""
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    scored_at: Mapped[datetime | None]
    version: Mapped[str] = mapped_column(String(64), default="")
    band_table: Mapped[str] = mapped_column(String(64), default="")
    scores: Mapped[dict[str, float | None]] = mapped_column(JSONB, default=dict)
    level: Mapped[str | None] = mapped_column(String(8))
    refused: Mapped[str | None] = mapped_column(String(32))
    flags: Mapped[list[str]] = mapped_column(JSONB, default=list)
    judgement: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """`api.assessment.judging.judgement.Judgement`: reasons by their names, said in the reader's language."""
    turns: Mapped[int] = mapped_column(default=0)
    """How many of the learner's turns were judged; where more come, it is judged anew."""
    review_asked_at: Mapped[datetime | None]
    review_note: Mapped[str] = mapped_column(String(MOST_NOTE), default="")


class HeardTurn(Identified, TenantOwned, Timestamped, Base):
    """What was heard of one turn of an attempt: its words with times and how it sounded, kept for scoring."""

    __tablename__ = "heard_turns"
    __table_args__ = (UniqueConstraint("turn_id", "version"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("exam_attempts.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(String(64))
    """Of the way of hearing; another version hears anew."""
    heard: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`api.assessment.judging.speech.Heard`."""


class RubricAnswer(Identified, TenantOwned, Timestamped, Base):
    """What a language model said of an attempt: asked once for the same words under the same prompt."""

    __tablename__ = "rubric_answers"
    __table_args__ = (UniqueConstraint("attempt_id", "asked"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("exam_attempts.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    asked: Mapped[str] = mapped_column(String(64))
    """SHA-256 of model, prompt and material."""
    model: Mapped[str] = mapped_column(String(128))
    prompt_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`api.assessment.judging.rubric.Rubric`."""
