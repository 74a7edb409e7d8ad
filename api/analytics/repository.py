"""All SQL that reads the figures of learners and calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Date, cast, distinct, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.models import CallFigures, LearnerDay, LearnerStats
from api.practice.models import How, ReviewEntry

REVIEWS_OF_A_DAY = 5
"""So many items reviewed on a day are practice as a call is."""


@dataclass(frozen=True)
class WeekRow:
    """A learner's calls of one week."""

    week: date
    calls: int
    spoken_ms: int
    coach_ms: int
    words: int


class LearnerFigureRepository:
    """Figures of one learner in one organisation."""

    def __init__(self, session: AsyncSession, organisation_id: UUID, user_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.user_id = user_id

    async def stats(self) -> LearnerStats | None:
        """The one row; None for who never ended a call."""
        return await self.session.get(LearnerStats, (self.organisation_id, self.user_id))

    async def weeks(self, zone: str, since: date) -> list[WeekRow]:
        """Sums of the weeks of a time zone in which there were calls, oldest first.

        Args:
            zone: A name of the time zone database.
            since: A Monday there.
        """
        local = func.timezone(zone, CallFigures.started_at)
        week = cast(func.date_trunc("week", local), Date)
        sums = (CallFigures.spoken_ms, CallFigures.coach_ms, CallFigures.words)
        query = (
            select(week, func.count(), *(func.sum(column) for column in sums))
            .where(*self._mine(), CallFigures.started_at >= func.timezone(zone, since))
            .group_by(week)
            .order_by(week)
        )
        return [WeekRow(*row) for row in (await self.session.execute(query)).all()]

    async def practised(self, zone: str) -> list[date]:
        """The days of a time zone with practice, newest first.

        Practice is a call in which the learner said something, or some items reviewed.
        """
        talked = cast(func.timezone(zone, CallFigures.started_at), Date).label("day")
        reviewed = cast(func.timezone(zone, ReviewEntry.reviewed_at), Date).label("day")
        calls = select(talked).where(*self._mine(), CallFigures.learner_turns > 0)
        reviews = (
            select(reviewed)
            .where(
                ReviewEntry.organisation_id == self.organisation_id,
                ReviewEntry.user_id == self.user_id,
                ReviewEntry.how == How.SCREEN,
            )
            .group_by(reviewed)
            .having(func.count(distinct(ReviewEntry.item_id)) >= REVIEWS_OF_A_DAY)
        )
        days = union(calls, reviews).subquery()
        return list((await self.session.scalars(select(days.c.day).order_by(days.c.day.desc()))).all())

    async def spoken_by_day(self, zone: str, first: date, last: date) -> dict[date, int]:
        """What was spoken on each day of a time zone from one day to another, in milliseconds."""
        day = cast(func.timezone(zone, CallFigures.started_at), Date)
        query = (
            select(day, cast(func.sum(CallFigures.spoken_ms), BigInteger))
            .where(
                *self._mine(),
                CallFigures.started_at >= func.timezone(zone, first),
                CallFigures.started_at < func.timezone(zone, last + timedelta(days=1)),
            )
            .group_by(day)
        )
        return {row[0]: row[1] for row in (await self.session.execute(query)).all()}

    async def days(self, since: date) -> Sequence[LearnerDay]:
        """Snapshots, oldest first."""
        query = (
            select(LearnerDay)
            .where(
                LearnerDay.organisation_id == self.organisation_id,
                LearnerDay.user_id == self.user_id,
                LearnerDay.day >= since,
            )
            .order_by(LearnerDay.day)
        )
        return (await self.session.scalars(query)).all()

    def _mine(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return CallFigures.organisation_id == self.organisation_id, CallFigures.user_id == self.user_id


class CallFigureRepository:
    """Figures of calls."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_call(self, call_id: UUID) -> CallFigures | None:
        """Those of a closed call."""
        return await self.session.get(CallFigures, call_id)
