"""Attempts to find a learner's level, and how each level came about."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped

_LEVELS = "('A1', 'A2', 'B1', 'B2')"


class PlacementKind(StrEnum):
    """How the tasks are answered."""

    SPOKEN = "spoken"
    TYPED = "typed"


class PlacementState(StrEnum):
    """How far it got."""

    RUNNING = "running"
    SCORED = "scored"
    REFUSED = "refused"
    """Too little was said to tell."""
    ABANDONED = "abandoned"


class LevelSource(StrEnum):
    """Who or what said the level."""

    CHOSEN = "chosen"
    PLACED = "placed"
    INSTRUCTOR = "instructor"


class Placement(Identified, TenantOwned, Timestamped, Base):
    """One attempt. The result quotes the learner's words, so it goes with the call they were said in."""

    __tablename__ = "placements"
    __table_args__ = (
        CheckConstraint("kind IN ('spoken', 'typed')", name="kind"),
        CheckConstraint("state IN ('running', 'scored', 'refused', 'abandoned')", name="state"),
        CheckConstraint(f"level IN {_LEVELS}", name="level"),
        Index(
            "uq_placements_running",
            "organisation_id",
            "user_id",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16), default=PlacementState.RUNNING)
    level: Mapped[str | None] = mapped_column(String(2))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """A `Judgement` as JSON."""
    prompt_hash: Mapped[str] = mapped_column(String(64))
    """Of the tasks and rules it was judged by."""
    finished_at: Mapped[datetime | None]


class LevelChange(Identified, TenantOwned, Timestamped, Base):
    """A level that replaced another."""

    __tablename__ = "level_changes"
    __table_args__ = (
        CheckConstraint("source IN ('chosen', 'placed', 'instructor')", name="source"),
        CheckConstraint(f"level IN {_LEVELS}", name="level"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    before: Mapped[str] = mapped_column(String(2))
    level: Mapped[str] = mapped_column(String(2))
    source: Mapped[str] = mapped_column(String(16))
    placement_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("placements.id", ondelete="SET NULL"), index=True
    )
    changed_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
