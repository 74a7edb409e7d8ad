"""Accounts, organisations, memberships and browser sessions."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyBaseAccessTokenTable
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped, utc_now


class MemberRole(StrEnum):
    """What a member may do in an organisation."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    ADMIN = "admin"


class OrganisationKind(StrEnum):
    """Whether an organisation was made by a sign-up or stands for a school or company."""

    PERSONAL = "personal"
    SCHOOL = "school"


class Organisation(Identified, Timestamped, Base):
    """A tenant. Every sign-up makes a personal one."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("kind IN ('personal', 'school')", name="kind"),)

    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16), default=OrganisationKind.PERSONAL)


class User(SQLAlchemyBaseUserTableUUID, Timestamped, Base):
    """A person's account. The e-mail address is kept in lower case."""

    __tablename__ = "users"

    display_name: Mapped[str] = mapped_column(String(80), default="")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    level: Mapped[str] = mapped_column(String(2), default="A2")
    native_language: Mapped[str | None] = mapped_column(String(16))
    patience: Mapped[str] = mapped_column(String(16), default="balanced")
    greeting_verbosity: Mapped[str] = mapped_column(String(16), default="normal")
    last_login_at: Mapped[datetime | None]


class Membership(Identified, TenantOwned, Timestamped, Base):
    """A person's place and role in an organisation."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("organisation_id", "user_id"),
        CheckConstraint("role IN ('learner', 'instructor', 'admin')", name="role"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16), default=MemberRole.LEARNER)


class AccessToken(SQLAlchemyBaseAccessTokenTable[UUID], Base):
    """A browser session.

    `token` holds the SHA-256 of what the cookie holds, so a copy of it opens nothing.
    """

    __tablename__ = "access_tokens"

    if TYPE_CHECKING:  # as the library's protocol wants to see them
        token: str
        created_at: datetime
        user_id: UUID
    else:
        token = mapped_column(String(43), primary_key=True)
        created_at = mapped_column(DateTime(timezone=True), default=utc_now, nullable=False, index=True)
        user_id = mapped_column(
            Uuid(), ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True
        )
