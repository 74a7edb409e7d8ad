"""Accounts, organisations, memberships and browser sessions."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyBaseAccessTokenTable
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
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


class LinkPurpose(StrEnum):
    """What the reader of a mailed link may do with it, once."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name, not a secret
    CHANGE_EMAIL = "change_email"
    GUARDIAN_CONSENT = "guardian_consent"


class ConsentKind(StrEnum):
    """Who answers for a learner who is under age."""

    GUARDIAN = "guardian"
    SCHOOL = "school"


class Organisation(Identified, Timestamped, Base):
    """A tenant. Every sign-up makes a personal one.

    The days say how long recordings and transcripts are kept at most; empty leaves it to the installation.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("kind IN ('personal', 'school')", name="kind"),
        CheckConstraint("recording_retention_days BETWEEN 1 AND 3650", name="recording_retention_days"),
        CheckConstraint("transcript_retention_days BETWEEN 1 AND 3650", name="transcript_retention_days"),
    )

    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16), default=OrganisationKind.PERSONAL)
    suspended_at: Mapped[datetime | None]
    suspension_reason: Mapped[str | None] = mapped_column(String(300))
    recording_retention_days: Mapped[int | None] = mapped_column(SmallInteger)
    transcript_retention_days: Mapped[int | None] = mapped_column(SmallInteger)


class User(SQLAlchemyBaseUserTableUUID, Timestamped, Base):
    """A person's account. The e-mail address is kept in lower case.

    Of the age only the year of birth is kept, and that only once the person has said it.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year"),
        CheckConstraint("retention_days BETWEEN 1 AND 3650", name="retention_days"),
    )

    display_name: Mapped[str] = mapped_column(String(80), default="")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    level: Mapped[str] = mapped_column(String(2), default="A2")
    native_language: Mapped[str | None] = mapped_column(String(16))
    patience: Mapped[str] = mapped_column(String(16), default="balanced")
    greeting_verbosity: Mapped[str] = mapped_column(String(16), default="normal")
    voice: Mapped[str | None] = mapped_column(String(64))
    """The coach's voice, by its provider's name for it; the installation's where absent."""
    translation: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether the coach may say a word in the learner's first language where English does not help."""
    correction_style: Mapped[str] = mapped_column(
        String(16), default="recast", server_default=text("'recast'")
    )
    """How the coach corrects in speech."""
    goal_kind: Mapped[str | None] = mapped_column(String(16))
    goal: Mapped[str | None] = mapped_column(String(200))
    """What they practise for: of which kind, and in their own words."""
    onboarded_at: Mapped[datetime | None]
    """When they went through the first questions, or past them."""
    time_zone: Mapped[str | None] = mapped_column(String(64))
    """Whose days are the person's, as the IANA names it; not known where absent."""
    retention_days: Mapped[int | None]
    """How long calls are kept; as long as the organisation keeps them where absent."""
    last_login_at: Mapped[datetime | None]
    email_verified_at: Mapped[datetime | None]
    pending_email: Mapped[str | None] = mapped_column(String(320))
    password_changed_at: Mapped[datetime | None]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    ai_disclosure_at: Mapped[datetime | None]
    terms_accepted_at: Mapped[datetime | None]


class Membership(Identified, TenantOwned, Timestamped, Base):
    """A person's place and role in an organisation; they act under the one that they chose last."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("organisation_id", "user_id"),
        CheckConstraint("role IN ('learner', 'instructor', 'admin')", name="role"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16), default=MemberRole.LEARNER)
    chosen_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=func.now())


class AccessToken(SQLAlchemyBaseAccessTokenTable[UUID], Base):
    """A browser session.

    `token` holds the SHA-256 of what the cookie holds, so a copy of it opens nothing; `id` names the session
    to its owner. No network address is kept.
    """

    __tablename__ = "access_tokens"

    id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    label: Mapped[str] = mapped_column(String(80), default="")
    user_agent: Mapped[str] = mapped_column(String(256), default="")
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)

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


class MailedLink(Identified, Timestamped, Base):
    """A link sent by mail, good once and for a while.

    The link's secret is a MAC over `id` that only the API can make, so a copy of the row opens nothing.
    """

    __tablename__ = "mailed_links"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('verify_email', 'reset_password', 'change_email', 'guardian_consent')",
            name="purpose",
        ),
        Index("ix_mailed_links_user_id_purpose", "user_id", "purpose"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(24))
    email: Mapped[str] = mapped_column(String(320))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class SignInFailure(Base):
    """Wrong passwords in a row, for an address whether or not it has an account.

    `subject` is a MAC over the address, and over the browser where it has signed in to it before.
    """

    __tablename__ = "sign_in_failures"

    subject: Mapped[str] = mapped_column(String(43), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]


class Consent(Identified, TenantOwned, Timestamped, Base):
    """A guardian's or school's consent to an under-age learner's practice, asked for or given.

    Holds while it is granted and not withdrawn. A learner has at most one that is not withdrawn.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("kind IN ('guardian', 'school')", name="kind"),
        Index(
            "uq_consents_standing_of_user",
            "user_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    guardian_email: Mapped[str | None] = mapped_column(String(320))
    given_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    granted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
