"""Recaps of calls, facts that learners told about themselves, and reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class Written:
    """What wrote a row: the prompt that shaped it, and `rules` or a language model's name."""

    prompt_hash: Mapped[str] = mapped_column(String(64))
    written_by: Mapped[str] = mapped_column(String(128))


class CallRecap(Identified, TenantOwned, Timestamped, Written, Base):
    """What a call was about, in a few lines; the session's summary is made of these."""

    __tablename__ = "call_recaps"
    __table_args__ = (UniqueConstraint("call_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(String(80))
    """What the coach may come back to, as in "Last time we talked about ..."."""
    turn_count: Mapped[int]
    """Turns that it was made from."""


class MemoryFact(Identified, TenantOwned, Timestamped, Written, Base):
    """One thing that a learner said about themselves, with the turn it rests on.

    A fact that the learner removed stays as an empty row, so that a later look at the same turn does not
    bring it back; said again afterwards, it is remembered again.
    """

    __tablename__ = "memory_facts"
    __table_args__ = (
        UniqueConstraint("organisation_id", "user_id", "key"),
        CheckConstraint(
            "kind IN ('name', 'home', 'work', 'family', 'hobby', 'goal', 'plan')",
            name="kind",
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str | None] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(64))
    """A digest of kind and words: the same thing said twice is one fact."""
    said_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class CallReport(Identified, TenantOwned, Timestamped, Base):
    """What a learner is told about a call after it."""

    __tablename__ = "call_reports"
    __table_args__ = (
        UniqueConstraint("call_id"),
        CheckConstraint("state IN ('pending', 'ready', 'refused', 'failed')", name="state"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    turn_count: Mapped[int]
    """Turns that it was made from."""
    prompt_hash: Mapped[str | None] = mapped_column(String(64))
    written_by: Mapped[str | None] = mapped_column(String(128))
    written_at: Mapped[datetime | None]
