"""Mail that waits to be sent, and for a few days what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, Timestamped


class Mail(Identified, Timestamped, Base):
    """One mail. `values` fills its text; secrets are not among them, a link is made when the mail is sent.

    A person's mail goes with their account; what says that the account is gone belongs to nobody.
    """

    __tablename__ = "mails"

    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str] = mapped_column(String(320))
    locale: Mapped[str] = mapped_column(String(16))
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(200))
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
