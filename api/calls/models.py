"""Calls, turns, usage, and who was in a room when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.contract.calls import Channel, Role
from api.database import Base, Identified, TenantOwned, Timestamped, utc_now

FIRST_WORDS_CHARACTERS = 120
NONE_YET = text("'[]'::jsonb")


class Call(Identified, TenantOwned, Timestamped, Base):
    """One connection of a session.

    `number` counts the session's calls from 0; a session has one open call.
    """

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        Index(
            "uq_calls_open_of_session", "session_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("ix_calls_open", "started_at", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("channel IN ('web', 'phone')", name="channel"),
        Index("ix_calls_deleted", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
        CheckConstraint("(ended_at IS NULL) = (close_reason IS NULL)", name="closed_with_reason"),
        CheckConstraint("deleted_at IS NULL OR ended_at IS NOT NULL", name="deleted_when_over"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    room: Mapped[str] = mapped_column(String(128), unique=True)
    channel: Mapped[str] = mapped_column(String(16), default=Channel.WEB)
    job_id: Mapped[str] = mapped_column(String(64))
    """The job that carries the call at present; after a worker died, another one's."""
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None]
    close_reason: Mapped[str | None] = mapped_column(String(32))
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    """When the room was last known to live."""
    dispatches: Mapped[int] = mapped_column(default=0)
    """Explicit dispatches after a worker was lost."""
    last_dispatch_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    """When the learner deleted it: from then on the database hides it from every query (`api.privacy`)."""


class Turn(Identified, TenantOwned, Timestamped, Base):
    """One utterance; `text` is what was heard."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("call_id", "item_id"),
        Index("ix_turns_call_id_position", "call_id", "position", "started_at", "id"),
        CheckConstraint("role IN ('learner', 'coach')", name="role"),
        CheckConstraint("input_kind IN ('voice', 'text')", name="input_kind"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    input_kind: Mapped[str] = mapped_column(String(16))
    interrupted: Mapped[bool]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    words: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    timings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    prompt_hash: Mapped[str | None] = mapped_column(String(64))
    llm: Mapped[str | None] = mapped_column(String(128))
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=NONE_YET)
    """What a coach's turn rests on, as it was then."""


class Usage(Identified, TenantOwned, Timestamped, Base):
    """What one job of a call used of one provider; sent again, it replaces what was sent."""

    __tablename__ = "usage"
    __table_args__ = (UniqueConstraint("call_id", "job_id", "kind", "provider", "model"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    job_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    provider: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(128))
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    characters: Mapped[int]
    audio_seconds: Mapped[float] = mapped_column(Float)


class Attendance(Identified, TenantOwned, Timestamped, Base):
    """One participant's stay in a room, as LiveKit's webhooks tell it; minutes are counted from here."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("room", "participant_sid"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    room: Mapped[str] = mapped_column(String(128))
    participant_sid: Mapped[str] = mapped_column(String(64))
    is_agent: Mapped[bool]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


@dataclass(frozen=True)
class LearnersCall:
    """A call with whose it is, and that learner's language of the screen and level."""

    call: Call
    user_id: UUID
    locale: str
    level: str


def turn_count() -> ColumnElement[int]:
    """How many turns a call has, for a query over calls."""
    return select(func.count(Turn.id)).where(Turn.call_id == Call.id).correlate(Call).scalar_subquery()


def first_words() -> ColumnElement[str]:
    """The beginning of what the learner said first in a call, for a query over calls."""
    first = (
        select(func.left(Turn.text, FIRST_WORDS_CHARACTERS))
        .where(Turn.call_id == Call.id, Turn.role == Role.LEARNER)
        .order_by(Turn.position, Turn.started_at)
        .limit(1)
        .correlate(Call)
        .scalar_subquery()
    )
    return func.coalesce(first, "")
