"""Consent to recording, recordings, and the segments of which they are joined."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class RecordingState(StrEnum):
    """How it stands with the recording of a call."""

    RECEIVING = "receiving"
    READY = "ready"
    ERASED = "erased"
    """Nothing of it is kept, and nothing that comes late will be."""


class RecordingConsent(Identified, TenantOwned, Timestamped, Base):
    """One answer of a learner to the question whether their calls may be recorded.

    A yes has `granted_at`, and `withdrawn_at` once it was taken back; a no has `withdrawn_at` alone. Answers
    are never overwritten.
    """

    __tablename__ = "recording_consents"
    __table_args__ = (
        CheckConstraint("granted_at IS NOT NULL OR withdrawn_at IS NOT NULL", name="answered"),
        Index(
            "uq_recording_consents_standing",
            "organisation_id",
            "user_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    version: Mapped[str] = mapped_column(String(32))
    """Of the words that were agreed to."""
    granted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Recording(Identified, TenantOwned, Timestamped, Base):
    """The recording of a call; made when its first segment comes, whole once it was joined."""

    __tablename__ = "recordings"
    __table_args__ = (
        CheckConstraint("state IN ('receiving', 'ready', 'erased')", name="state"),
        CheckConstraint("state <> 'ready' OR object_key IS NOT NULL", name="ready_with_object"),
        Index("ix_recordings_organisation_id_started_at", "organisation_id", "started_at"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=RecordingState.RECEIVING)
    started_at: Mapped[datetime | None]
    """When the sound at its beginning was heard, by the clock that also times the turns."""
    duration_s: Mapped[float] = mapped_column(Float, default=0.0)
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    object_key: Mapped[str | None] = mapped_column(String(200))
    for_scoring: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Held until an exam is scored, a day at most, and given out to nobody: the learner allows no more."""
    peaks: Mapped[bytes | None] = mapped_column(LargeBinary)
    """For every 100 ms two values, learner and coach: the loudest sample, 0 to 255."""


class RecordingSegment(Identified, TenantOwned, Timestamped, Base):
    """A piece of a recording that has come and is not joined yet."""

    __tablename__ = "recording_segments"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(BigInteger)
    """Order of committing; a resumed call goes on with higher numbers."""
    started_at: Mapped[datetime]
    duration_s: Mapped[float] = mapped_column(Float)
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    object_key: Mapped[str] = mapped_column(String(200))
