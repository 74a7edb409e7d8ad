"""Archives that people asked for, and the keys of what was erased."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, Timestamped, utc_now


class ExportState(StrEnum):
    """How far an archive is."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


class Export(Identified, Timestamped, Base):
    """One archive of everything about a person; its file is an object that is named by the row's key."""

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_user_id_created_at", "user_id", "created_at"),
        Index("uq_exports_making_of_user", "user_id", unique=True, postgresql_where=text("state = 'making'")),
        CheckConstraint("state IN ('making', 'ready', 'failed', 'gone')", name="state"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(8), default=ExportState.MAKING)
    progress: Mapped[int] = mapped_column(SmallInteger, default=0)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class ErasedKey(Base):
    """The key of a call or session that is no more; a trigger writes it, whatever removed the row.

    By it a late piece of an erased call, which is to be deleted, is told from a piece of a call that this
    database never knew because it is an older copy, which is to be kept.
    """

    __tablename__ = "erased_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=func.now(), index=True)
