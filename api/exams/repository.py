"""All SQL about exams; of the organisation that is acted for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call
from api.database import utc_now
from api.exams.models import (
    OPEN,
    ExamAccommodation,
    ExamAttempt,
    ExamCall,
    ExamEventRow,
    ExamTemplate,
)
from api.pages import Mark

AttemptRow = tuple[ExamAttempt, ExamTemplate]

_WITH_OPEN = func.organisations_with_open_exams(type_=Uuid()).column_valued("id")


class TemplateRepository:
    """Versions of templates; the same for every organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def hold(self) -> None:
        """Let nobody else load templates until this transaction ends."""
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("exams", 0))))

    async def offered(self) -> list[ExamTemplate]:
        """The templates that learners are offered, from the lowest level."""
        query = select(ExamTemplate).where(ExamTemplate.offered)
        query = query.order_by(ExamTemplate.target_level, ExamTemplate.from_level, ExamTemplate.key)
        return list((await self.session.scalars(query)).all())

    async def offered_by_key(self, key: str) -> ExamTemplate | None:
        """The version of a template that learners are offered."""
        query = select(ExamTemplate).where(ExamTemplate.offered, ExamTemplate.key == key)
        return (await self.session.scalars(query)).one_or_none()

    async def last_number(self, key: str) -> int:
        """The highest number of a version; 0 where there is none."""
        query = select(func.coalesce(func.max(ExamTemplate.number), 0)).where(ExamTemplate.key == key)
        return (await self.session.execute(query)).scalar_one()

    async def add(self, template: ExamTemplate) -> None:
        """Keep a new version."""
        self.session.add(template)
        await self.session.flush()


class ExamRepository:
    """Attempts, what moved their clocks, the calls that they were sat in, and extra time."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def insert(self, values: dict[str, Any]) -> ExamAttempt | None:
        """Keep a new attempt; None where the learner has one open."""
        statement = insert(ExamAttempt).values(**values).on_conflict_do_nothing().returning(ExamAttempt)
        return (await self.session.scalars(statement)).one_or_none()

    async def get(self, attempt_id: UUID, *, lock: bool = False) -> AttemptRow | None:
        """An attempt with its template, held until the transaction ends where `lock` says so."""
        query = _attempts().where(ExamAttempt.id == attempt_id)
        return await self._one(query.with_for_update(of=ExamAttempt) if lock else query)

    async def open_of(self, organisation_id: UUID, learner_id: UUID) -> AttemptRow | None:
        """A learner's open attempt."""
        return await self._one(
            _attempts().where(
                ExamAttempt.organisation_id == organisation_id,
                ExamAttempt.learner_id == learner_id,
                ExamAttempt.state.in_(OPEN),
            )
        )

    async def of_call(self, call_id: UUID, *, lock: bool = False) -> AttemptRow | None:
        """The attempt that a call was given."""
        query = (
            _attempts()
            .join(ExamCall, ExamCall.attempt_id == ExamAttempt.id)
            .where(ExamCall.call_id == call_id)
        )
        return await self._one(query.with_for_update(of=ExamAttempt) if lock else query)

    async def for_call(self, call_id: UUID, session_id: UUID) -> AttemptRow | None:
        """The attempt that a call was given, else the open one of its session; held."""
        given = and_(ExamCall.attempt_id == ExamAttempt.id, ExamCall.call_id == call_id)
        query = (
            _attempts()
            .outerjoin(ExamCall, given)
            .where(
                ExamAttempt.session_id == session_id,
                or_(ExamCall.call_id.is_not(None), ExamAttempt.state.in_(OPEN)),
            )
            .order_by(ExamCall.call_id.nulls_last())
            .limit(1)
        )
        return await self._one(query.with_for_update(of=ExamAttempt))

    async def give_to(self, attempt: ExamAttempt, call_id: UUID) -> None:
        """Note that a call is given an attempt, once."""
        await self.session.execute(
            insert(ExamCall)
            .values(organisation_id=attempt.organisation_id, call_id=call_id, attempt_id=attempt.id)
            .on_conflict_do_nothing(index_elements=[ExamCall.call_id])
        )

    async def open_rooms(self, attempt_id: UUID) -> Sequence[str]:
        """The rooms in which an attempt is being sat."""
        query = (
            select(Call.room)
            .join(ExamCall, ExamCall.call_id == Call.id)
            .where(ExamCall.attempt_id == attempt_id, Call.ended_at.is_(None))
        )
        return (await self.session.scalars(query)).all()

    async def calls_of(self, attempt_id: UUID) -> list[UUID]:
        """The calls that an attempt was sat in, oldest first."""
        query = select(ExamCall.call_id).where(ExamCall.attempt_id == attempt_id)
        return list((await self.session.scalars(query.order_by(ExamCall.created_at))).all())

    async def page(
        self, organisation_id: UUID, learner_id: UUID, after: Mark | None, limit: int
    ) -> list[AttemptRow]:
        """The next attempts of a learner, newest first."""
        query = _attempts().where(
            ExamAttempt.organisation_id == organisation_id, ExamAttempt.learner_id == learner_id
        )
        if after is not None:
            query = query.where(tuple_(ExamAttempt.created_at, ExamAttempt.id) < (after.at, after.id))
        query = query.order_by(ExamAttempt.created_at.desc(), ExamAttempt.id.desc()).limit(limit)
        return [(row[0], row[1]) for row in (await self.session.execute(query)).all()]

    async def begun_tasks(self, learner_id: UUID, key: str) -> list[list[dict[str, str]]]:
        """The tasks of a learner's attempts at any version of a template that were begun, oldest first."""
        query = (
            select(ExamAttempt.tasks)
            .join(ExamTemplate, ExamTemplate.id == ExamAttempt.template_id)
            .where(
                ExamAttempt.learner_id == learner_id,
                ExamTemplate.key == key,
                ExamAttempt.started_at.is_not(None),
            )
            .order_by(ExamAttempt.started_at, ExamAttempt.id)
        )
        return list((await self.session.scalars(query)).all())

    async def events(self, attempt_id: UUID) -> list[ExamEventRow]:
        """All events of an attempt, by number."""
        query = select(ExamEventRow).where(ExamEventRow.attempt_id == attempt_id)
        return list((await self.session.scalars(query.order_by(ExamEventRow.number))).all())

    async def events_of(self, attempt_ids: Sequence[UUID]) -> dict[UUID, list[ExamEventRow]]:
        """The events of some attempts, by number."""
        found: dict[UUID, list[ExamEventRow]] = {key: [] for key in attempt_ids}
        query = select(ExamEventRow).where(ExamEventRow.attempt_id.in_(attempt_ids))
        for row in (await self.session.scalars(query.order_by(ExamEventRow.number))).all():
            found[row.attempt_id].append(row)
        return found

    async def insert_events(self, rows: list[dict[str, Any]]) -> list[ExamEventRow]:
        """Keep the events whose numbers are free; return those."""
        statement = (
            insert(ExamEventRow)
            .values(rows)
            .on_conflict_do_nothing(index_elements=[ExamEventRow.attempt_id, ExamEventRow.number])
            .returning(ExamEventRow)
        )
        return list((await self.session.scalars(statement)).all())

    async def organisations_with_open(self) -> list[UUID]:
        """The organisations that have an open attempt, on the whole server."""
        return list((await self.session.scalars(select(_WITH_OPEN))).all())

    async def all_open(self) -> list[UUID]:
        """Every open attempt of the organisation that is acted for."""
        query = select(ExamAttempt.id).where(ExamAttempt.state.in_(OPEN))
        return list((await self.session.scalars(query)).all())

    async def accommodation(self, organisation_id: UUID, learner_id: UUID) -> ExamAccommodation | None:
        """The extra time that a learner is granted in an organisation."""
        query = select(ExamAccommodation).where(
            ExamAccommodation.organisation_id == organisation_id, ExamAccommodation.learner_id == learner_id
        )
        return (await self.session.scalars(query)).one_or_none()

    async def grant(
        self, organisation_id: UUID, learner_id: UUID, granted_by: UUID, extra_time: float
    ) -> None:
        """Grant extra time; none takes back what was granted."""
        if not extra_time:
            await self.session.execute(
                delete(ExamAccommodation).where(
                    ExamAccommodation.organisation_id == organisation_id,
                    ExamAccommodation.learner_id == learner_id,
                )
            )
            return
        changed = {"granted_by": granted_by, "extra_time": extra_time}
        await self.session.execute(
            insert(ExamAccommodation)
            .values(organisation_id=organisation_id, learner_id=learner_id, **changed)
            .on_conflict_do_update(
                index_elements=[ExamAccommodation.organisation_id, ExamAccommodation.learner_id],
                set_={**changed, "updated_at": utc_now()},
            )
        )

    async def _one(self, query: Select[AttemptRow]) -> AttemptRow | None:
        row = (await self.session.execute(query)).one_or_none()
        return (row[0], row[1]) if row else None


def _attempts() -> Select[AttemptRow]:
    return select(ExamAttempt, ExamTemplate).join(ExamTemplate, ExamTemplate.id == ExamAttempt.template_id)
