"""Sign-ins of API clients, their refresh tokens, and API keys. Of each secret only the SHA-256 is kept."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class Scope(StrEnum):
    """What a key may do: ask (GET), change (everything else)."""

    READ = "read"
    WRITE = "write"


class RevokedFor(StrEnum):
    """Why a client's sign-in ended before its time."""

    SIGNED_OUT = "signed_out"
    BY_OWNER = "by_owner"
    REUSED = "reused"


class TokenFamily(Identified, Timestamped, Base):
    """One sign-in of an API client: the refresh tokens that followed one another since."""

    __tablename__ = "token_families"
    __table_args__ = (
        CheckConstraint("revoked_for IN ('signed_out', 'by_owner', 'reused')", name="revoked_for"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    client_name: Mapped[str] = mapped_column(String(80), default="")
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """When the newest refresh token runs out."""
    revoked_at: Mapped[datetime | None]
    revoked_for: Mapped[str | None] = mapped_column(String(16))


class RefreshToken(Identified, Timestamped, Base):
    """One refresh token: good once."""

    __tablename__ = "refresh_tokens"

    family_id: Mapped[UUID] = mapped_column(ForeignKey("token_families.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class ApiKey(Identified, TenantOwned, Timestamped, Base):
    """A service's key. It acts as its owner, within its scopes, on practice only.

    `hint` is its first characters, by which people tell keys apart.
    """

    __tablename__ = "api_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    hint: Mapped[str] = mapped_column(String(12))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(16)))
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
