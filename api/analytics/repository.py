"""All SQL that reads the figures of learners and calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.models import CallFigures, LearnerDay, LearnerStats


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
        """The days of a time zone on which the learner said something, newest first."""
        day = cast(func.timezone(zone, CallFigures.started_at), Date)
        query = (
            select(day).where(*self._mine(), CallFigures.learner_turns > 0).distinct().order_by(day.desc())
        )
        return list((await self.session.scalars(query)).all())

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
