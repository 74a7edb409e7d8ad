"""Programs, and who learns or teaches in them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped


class EnrolmentRole(StrEnum):
    """What somebody does in a program."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"


class Program(Identified, TenantOwned, Timestamped, Base):
    """A course or cohort of an organisation. An archived one is read only."""

    __tablename__ = "programs"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    archived_at: Mapped[datetime | None]


class Enrolment(Identified, TenantOwned, Timestamped, Base):
    """A member's place in a program.

    An instructor sees the learners of the programs that they teach; an administrator sees all learners of the
    organisation.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("program_id", "user_id"),
        CheckConstraint("role IN ('learner', 'instructor')", name="role"),
    )

    program_id: Mapped[UUID] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16), default=EnrolmentRole.LEARNER)
