"""Marks that instructors give beside the machine's. Rows are added, never changed."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, utc_now


class ExamMark(Identified, TenantOwned, Base):
    """One version of what a person gives one dimension of an attempt, 0 to 5 in steps of 0.1.

    The newest version of each author counts; one without a score takes the mark back. `machine_score` and
    `machine_version` are what the machine said at that moment, so that a later model is not judged by marks
    that were given beside another. `blind`: the author had not opened the machine's scores.
    """

    __tablename__ = "exam_marks"
    __table_args__ = (
        CheckConstraint(
            "dimension IN ('fluency', 'pronunciation', 'grammar', 'vocabulary', 'coherence')",
            name="dimension",
        ),
        CheckConstraint("score BETWEEN 0 AND 5", name="score"),
        CheckConstraint("machine_score BETWEEN 0 AND 5", name="machine_score"),
        UniqueConstraint("attempt_id", "dimension", "author_id", "version"),
        Index("ix_exam_marks_learner_id", "learner_id"),
        Index("ix_exam_marks_author_id", "author_id"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("exam_attempts.id", ondelete="CASCADE"))
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    dimension: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    score: Mapped[Decimal | None] = mapped_column(Numeric(2, 1))
    reason: Mapped[str] = mapped_column(Text)
    blind: Mapped[bool]
    machine_score: Mapped[Decimal | None] = mapped_column(Numeric(2, 1))
    machine_version: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=func.now())
