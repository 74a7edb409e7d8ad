"""A learner's continuing practice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from api.contract.calls import Mode
from api.database import Base, Identified, TenantOwned, Timestamped, utc_now


class PracticeSession(Identified, TenantOwned, Timestamped, Base):
    """A continuing practice; a learner has one in each organisation that survives everything."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index(
            "uq_sessions_default_of_member",
            "organisation_id",
            "user_id",
            unique=True,
            postgresql_where=text("is_default"),
        ),
        CheckConstraint("mode IN ('conversation', 'lesson', 'exam')", name="mode"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    is_default: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[str] = mapped_column(String(16), default=Mode.CONVERSATION)
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_hash: Mapped[str | None] = mapped_column(String(64))
    """The prompt that shaped the summary."""
    last_activity_at: Mapped[datetime] = mapped_column(default=utc_now)
    calls_made: Mapped[int] = mapped_column(default=0, server_default="0")
    """At least the number of the next call, where calls were deleted: no room's name is given twice."""
