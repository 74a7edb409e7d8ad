"""All SQL about figures of programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, cast, delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.models import CallFigures, ProgramCall, ProgramWeek
from api.identity.auth import Principal
from api.identity.models import MemberRole
from api.organisations.models import Enrolment, EnrolmentRole, Program

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class CountedCall:
    """A call that counts for a program."""

    program_id: UUID
    user_id: UUID
    call_id: UUID
    spoken_ms: int
    coach_ms: int
    turns: int
    words: int


class ProgramFigureRepository:
    """Weeks of an organisation's programs."""

    def __init__(self, session: AsyncSession, organisation_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id

    async def first_week(self) -> date | None:
        """The Monday of the first call that counts for any program."""
        started = func.min(CallFigures.started_at)
        query = (
            select(cast(func.date_trunc("week", func.timezone("UTC", started)), Date))
            .select_from(ProgramCall)
            .join(CallFigures, CallFigures.call_id == ProgramCall.call_id)
            .where(ProgramCall.organisation_id == self.organisation_id)
        )
        return (await self.session.execute(query)).scalar_one()

    async def programs(self) -> Sequence[UUID]:
        """All programs of the organisation."""
        query = select(Program.id).where(Program.organisation_id == self.organisation_id)
        return (await self.session.scalars(query)).all()

    async def calls_of(self, week: date) -> list[CountedCall]:
        """The calls that began in a week, for each program that they count for."""
        begin = datetime.combine(week, time.min, UTC)
        query = (
            select(
                ProgramCall.program_id,
                CallFigures.user_id,
                CallFigures.call_id,
                CallFigures.spoken_ms,
                CallFigures.coach_ms,
                CallFigures.turns,
                CallFigures.words,
            )
            .join(CallFigures, CallFigures.call_id == ProgramCall.call_id)
            .where(
                ProgramCall.organisation_id == self.organisation_id,
                CallFigures.organisation_id == self.organisation_id,
                CallFigures.started_at >= begin,
                CallFigures.started_at < begin + WEEK,
            )
        )
        return [CountedCall(*row) for row in (await self.session.execute(query)).all()]

    async def replace(self, week: date, rows: list[dict[str, Any]]) -> None:
        """Keep the figures of all programs of a week in the place of earlier ones."""
        await self.session.execute(
            delete(ProgramWeek).where(
                ProgramWeek.organisation_id == self.organisation_id, ProgramWeek.week == week
            ),
            execution_options={"synchronize_session": False},
        )
        if rows:
            await self.session.execute(insert(ProgramWeek), rows)

    async def weeks(self, program_id: UUID, since: date) -> Sequence[ProgramWeek]:
        """What is kept of a program, oldest first."""
        query = (
            select(ProgramWeek)
            .where(
                ProgramWeek.organisation_id == self.organisation_id,
                ProgramWeek.program_id == program_id,
                ProgramWeek.week >= since,
            )
            .order_by(ProgramWeek.week)
        )
        return (await self.session.scalars(query)).all()

    async def program_for(self, person: Principal, program_id: UUID) -> Program | None:
        """A program that a person may look at: administrators any one, instructors those that they teach."""
        query = select(Program).where(
            Program.id == program_id, Program.organisation_id == self.organisation_id
        )
        if person.role != MemberRole.ADMIN:
            query = query.where(
                exists().where(
                    Enrolment.program_id == Program.id,
                    Enrolment.user_id == person.user.id,
                    Enrolment.role == EnrolmentRole.INSTRUCTOR,
                )
            )
        return (await self.session.scalars(query)).one_or_none()

    async def count_learners(self, program_id: UUID) -> int:
        """How many learners are enrolled at present."""
        query = select(func.count()).where(
            Enrolment.organisation_id == self.organisation_id,
            Enrolment.program_id == program_id,
            Enrolment.role == EnrolmentRole.LEARNER,
        )
        return (await self.session.execute(query)).scalar_one()
