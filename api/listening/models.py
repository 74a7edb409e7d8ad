"""Whether learners let their instructors listen in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class ListeningConsent(Identified, TenantOwned, Timestamped, Base):
    """One yes of a learner, until it was taken back; without one nobody listens. None is overwritten."""

    __tablename__ = "listening_consents"
    __table_args__ = (
        Index(
            "uq_listening_consents_standing",
            "organisation_id",
            "user_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    granted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
