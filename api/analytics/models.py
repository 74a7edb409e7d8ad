"""Figures reckoned from turns, kept so that no list has to add them up.

Times of speaking are whole milliseconds, so that sums are exact whichever way they were made. Days and weeks
are those of UTC; a week begins on Monday.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, TenantOwned


class CallFigures(TenantOwned, Base):
    """What was spoken in a closed call."""

    __tablename__ = "call_figures"
    __table_args__ = (
        Index("ix_call_figures_learner", "organisation_id", "user_id", "started_at"),
        Index("ix_call_figures_started", "organisation_id", "started_at"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    spoken_ms: Mapped[int] = mapped_column(BigInteger)
    """How long the learner spoke."""
    coach_ms: Mapped[int] = mapped_column(BigInteger)
    """How long the coach spoke."""
    turns: Mapped[int]
    learner_turns: Mapped[int]
    """Those of the learner, typed ones included."""
    words: Mapped[int]
    """Words that the learner spoke."""
    distinct_words: Mapped[int]


class LearnerDay(TenantOwned, Base):
    """A learner's calls that began on one day: the snapshot from which trends are drawn."""

    __tablename__ = "learner_days"

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[int]
    spoken_ms: Mapped[int] = mapped_column(BigInteger)
    coach_ms: Mapped[int] = mapped_column(BigInteger)
    turns: Mapped[int]
    words: Mapped[int]
    distinct_words: Mapped[int]
    """Different words that the learner spoke on that day; days cannot be added up."""


class LearnerStats(TenantOwned, Base):
    """How a learner stands in an organisation: one row, absent for who has never ended a call there.

    The windows end with `as_of`: the last 7 days are that day and the six before it. A job moves them on by
    night.
    """

    __tablename__ = "learner_stats"
    __table_args__ = (Index("ix_learner_stats_activity", "organisation_id", "last_activity_at"),)

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    last_activity_at: Mapped[datetime]
    """When the last closed call ended."""
    calls: Mapped[int]
    turns: Mapped[int]
    spoken_ms: Mapped[int] = mapped_column(BigInteger)
    coach_ms: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[int]
    weeks_ms: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """Spoken in each of the last eight times 7 days, the latest last."""
    month_ms: Mapped[int] = mapped_column(BigInteger)
    """Spoken within the last 28 days."""
    before_ms: Mapped[int] = mapped_column(BigInteger)
    """Spoken within the 28 days before those: `trend` compares the two."""
    as_of: Mapped[date]


class ProgramCall(TenantOwned, Base):
    """A call that counts for a program: its learner was enrolled there when it ended.

    Who comes or goes later changes nothing about calls that were, so that comparing a program's figures
    before and after tells nothing of one person.
    """

    __tablename__ = "program_calls"

    program_id: Mapped[UUID] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(
        ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ProgramWeek(TenantOwned, Base):
    """A program's figures of a week that is over; empty where they are withheld.

    What is withheld is not kept either. `api.analytics.suppression` says when that is.
    """

    __tablename__ = "program_weeks"

    program_id: Mapped[UUID] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    """Its Monday."""
    reckoned_at: Mapped[datetime]
    learners: Mapped[int | None]
    """Learners with a call in that week."""
    calls: Mapped[int | None]
    spoken_ms: Mapped[int | None] = mapped_column(BigInteger)
    coach_ms: Mapped[int | None] = mapped_column(BigInteger)
    turns: Mapped[int | None]
    words: Mapped[int | None]
