"""Jobs that failed for good."""

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, Timestamped


class DeadLetter(Identified, Timestamped, Base):
    """A job that used up its attempts; `created_at` is when it was given up.

    Its arguments are keys of rows and nothing else; those of a job whose arguments are personal are not kept.
    """

    __tablename__ = "dead_letters"
    __table_args__ = (Index("ix_dead_letters_created_at", "created_at", "id"),)

    job: Mapped[str] = mapped_column(String(64))
    arguments: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    attempts: Mapped[int]
    error: Mapped[str] = mapped_column(String(80))
    """The kind of the error, never its words."""
    correlation_id: Mapped[str | None] = mapped_column(String(64))
