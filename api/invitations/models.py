"""Invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped
from api.identity.models import MemberRole


class Invitation(Identified, TenantOwned, Timestamped, Base):
    """An open door into an organisation, and into one of its programs where one is named.

    With an address it is for that person, once; without, for learners, `max_uses` times. What its reader
    gets is a MAC over `id` that only the API can make, so a copy of the row opens nothing.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("role IN ('learner', 'instructor', 'admin')", name="role"),
        CheckConstraint("uses BETWEEN 0 AND max_uses", name="uses"),
        CheckConstraint("CASE WHEN email IS NULL THEN role = 'learner' ELSE max_uses = 1 END", name="way"),
    )

    program_id: Mapped[UUID | None] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16), default=MemberRole.LEARNER)
    email: Mapped[str | None] = mapped_column(String(320))
    max_uses: Mapped[int]
    uses: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    invited_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
