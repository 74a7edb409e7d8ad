"""Which account of a provider belongs to which person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, Timestamped


class OAuthAccount(Identified, Timestamped, Base):
    """A person's account with a provider, whose tokens are encrypted with a key derived from SECRET_KEY."""

    __tablename__ = "oauth_accounts"
    __table_args__ = (UniqueConstraint("provider", "subject"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(255))
    """The account's own name with the provider, which stays when its address changes."""
    email: Mapped[str] = mapped_column(String(320))
    address_verified: Mapped[bool] = mapped_column(default=False)
    """Whether the provider answered for the address when the account was linked."""
    access_token: Mapped[bytes] = mapped_column(LargeBinary)
    refresh_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    token_expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime]
