"""Assignments."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class Assignment(Identified, TenantOwned, Timestamped, Base):
    """A topic to talk about or a text to practise, for one learner; due at the end of a day, if at all."""

    __tablename__ = "assignments"
    __table_args__ = (Index("ix_assignments_learner_id", "learner_id", "created_at"),)

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"), index=True)
    """The lesson to go through; completing it does the assignment."""
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
