"""All SQL about deleted calls, retention, exports and erasure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Integer,
    Interval,
    Select,
    Uuid,
    cast,
    column,
    delete,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Attendance, Call, Turn
from api.identity.models import Organisation, User
from api.privacy.models import ErasedKey, Export, ExportState
from api.recordings.models import Recording, RecordingState
from api.sessions.models import PracticeSession

BATCH: Final = 50
"""Calls that are removed in one transaction."""

_ALL_ORGANISATIONS = func.all_organisations(type_=Uuid()).column_valued("id")
_RUN_OUT = func.exports_run_out().table_valued(column("export_id", Uuid()), column("user_id", Uuid()))
_SHOW_DELETED = select(func.set_config("avaaz.deleted", "on", True))
_FORGET_JOBS = text("""
DELETE FROM pgqueuer WHERE status = 'queued' AND EXISTS (
    SELECT 1 FROM unnest(CAST(:marks AS text[])) AS mark
    WHERE position(mark IN convert_from(payload, 'UTF8')) > 0
)""")
_FORGET_NOTES = text("""
UPDATE pgqueuer_log SET traceback = NULL WHERE traceback IS NOT NULL AND EXISTS (
    SELECT 1 FROM unnest(CAST(:marks AS text[])) AS mark WHERE position(mark IN CAST(traceback AS text)) > 0
)""")
_FORGET_LETTERS = text("""
DELETE FROM dead_letters WHERE arguments IS NOT NULL AND EXISTS (
    SELECT 1 FROM unnest(CAST(:marks AS text[])) AS mark WHERE position(mark IN CAST(arguments AS text)) > 0
)""")


@dataclass(frozen=True)
class DeletedCall:
    """A deleted call that can still be brought back."""

    call: Call
    turn_count: int


class DeletionRepository:
    """Calls on their way out."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def show_deleted(self) -> None:
        """Show deleted calls too, until the transaction ends."""
        await self.session.execute(_SHOW_DELETED)

    async def of_learner(self, call_id: UUID, organisation_id: UUID, user_id: UUID) -> Call | None:
        """A call of this learner, held until the transaction ends."""
        rows = await self.session.scalars(
            select(Call)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .where(
                Call.id == call_id,
                Call.organisation_id == organisation_id,
                PracticeSession.user_id == user_id,
            )
            .with_for_update(of=Call)
        )
        return rows.one_or_none()

    async def keep_number(self, session_id: UUID, number: int) -> None:
        """See to it that no further call of the session gets this number."""
        await self.session.execute(
            update(PracticeSession)
            .where(PracticeSession.id == session_id)
            .values(calls_made=func.greatest(PracticeSession.calls_made, number + 1))
        )

    async def deleted_of_learner(self, organisation_id: UUID, user_id: UUID) -> list[DeletedCall]:
        """The learner's deleted calls, the one deleted last first."""
        turns = select(func.count(Turn.id)).where(Turn.call_id == Call.id).correlate(Call).scalar_subquery()
        rows = await self.session.execute(
            select(Call, turns)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .where(
                Call.organisation_id == organisation_id,
                PracticeSession.user_id == user_id,
                Call.deleted_at.is_not(None),
            )
            .order_by(Call.deleted_at.desc(), Call.id)
            .limit(BATCH)
        )
        return [DeletedCall(*row) for row in rows.all()]

    async def deleted_before(self, moment: datetime) -> list[Call]:
        """The next calls of the organisation that were deleted before `moment`."""
        rows = await self.session.scalars(select(Call).where(Call.deleted_at < moment).limit(BATCH))
        return list(rows.all())

    async def remove(self, calls: Sequence[Call]) -> None:
        """Remove calls with everything that hangs on them."""
        for call in calls:
            await self.keep_number(call.session_id, call.number)
        rooms = [call.room for call in calls]
        await self.session.execute(delete(Attendance).where(Attendance.room.in_(rooms)))
        await self.session.execute(delete(Call).where(Call.id.in_([call.id for call in calls])))

    async def forget_keys(self, before: datetime) -> None:
        """Forget the keys of what was erased before then."""
        await self.session.execute(delete(ErasedKey).where(ErasedKey.erased_at < before))


class RetentionRepository:
    """How long things are kept, and what is over."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def all_organisations(self) -> Sequence[UUID]:
        """Every organisation of the installation."""
        return (await self.session.scalars(select(_ALL_ORGANISATIONS))).all()

    async def organisation(self, organisation_id: UUID) -> Organisation | None:
        """An organisation, with its days."""
        return await self.session.get(Organisation, organisation_id)

    async def calls_over(self, organisation_id: UUID, now: datetime, days: int | None) -> list[Call]:
        """The next calls of an organisation that are older than transcripts may become.

        Args:
            organisation_id: The organisation that is acted for.
            now: The present time.
            days: What organisation and installation allow; the learner's own days count if they are fewer.
                None where only the learner's count.
        """
        return list((await self.session.scalars(_over(organisation_id, now, days))).all())

    async def recorded_calls_over(self, organisation_id: UUID, now: datetime, days: int | None) -> list[Call]:
        """The same for calls whose recordings are kept."""
        query = _over(organisation_id, now, days).join(Recording, Recording.call_id == Call.id)
        kept = query.where(Recording.state != RecordingState.ERASED)
        return list((await self.session.scalars(kept)).all())


def _over(organisation_id: UUID, now: datetime, days: int | None) -> Select[tuple[Call]]:
    allowed = func.least(User.retention_days, cast(days, Integer))
    return (
        select(Call)
        .join(PracticeSession, PracticeSession.id == Call.session_id)
        .join(User, PracticeSession.user_id == User.id)
        .where(
            Call.organisation_id == organisation_id,
            Call.ended_at < literal(now) - func.make_interval(0, 0, 0, allowed, type_=Interval()),
        )
        .order_by(Call.ended_at)
        .limit(BATCH)
    )


class ExportRepository:
    """Archives that people asked for."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def begin(self, user_id: UUID) -> Export | None:
        """Add an archive that is to be made; None where one is being made."""
        rows = await self.session.scalars(
            insert(Export)
            .values(user_id=user_id, state=ExportState.MAKING, progress=0)
            .on_conflict_do_nothing(index_elements=["user_id"], index_where=text("state = 'making'"))
            .returning(Export)
        )
        return rows.one_or_none()

    async def get(self, export_id: UUID, user_id: UUID, *, lock: bool = False) -> Export | None:
        """One archive of a person's."""
        query = select(Export).where(Export.id == export_id, Export.user_id == user_id)
        return (await self.session.scalars(query.with_for_update() if lock else query)).one_or_none()

    async def of_user(self, user_id: UUID, limit: int) -> Sequence[Export]:
        """A person's archives, newest first."""
        rows = await self.session.scalars(
            select(Export).where(Export.user_id == user_id).order_by(Export.created_at.desc()).limit(limit)
        )
        return rows.all()

    async def all_keys(self, user_id: UUID) -> Sequence[UUID]:
        """Keys of all archives of a person."""
        return (await self.session.scalars(select(Export.id).where(Export.user_id == user_id))).all()

    async def count_since(self, user_id: UUID, moment: datetime) -> int:
        """How many archives a person has asked for since then, those that failed left out."""
        query = select(func.count(Export.id)).where(
            Export.user_id == user_id, Export.created_at >= moment, Export.state != ExportState.FAILED
        )
        return (await self.session.execute(query)).scalar_one()

    async def give_up(self, user_id: UUID, untouched_since: datetime) -> None:
        """End a making that has not moved since then: what made it is gone."""
        await self.session.execute(
            update(Export)
            .where(
                Export.user_id == user_id,
                Export.state == ExportState.MAKING,
                Export.updated_at < untouched_since,
            )
            .values(state=ExportState.FAILED)
        )

    async def run_out(self) -> list[tuple[UUID, UUID]]:
        """Archives of everybody's whose time is over: their keys and whose they are."""
        rows = await self.session.execute(select(_RUN_OUT.c.export_id, _RUN_OUT.c.user_id))
        return [(export_id, user_id) for export_id, user_id in rows.all()]


class ErasureRepository:
    """What is left of a person beside the rows that go with their account."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def organisations_of(self, user_id: UUID) -> Sequence[UUID]:
        """The organisations that have, or had, the person as a member."""
        found = func.organisations_of(user_id, type_=Uuid()).column_valued("id")
        return (await self.session.scalars(select(found))).all()

    async def person(self, user_id: UUID) -> User | None:
        """The account."""
        return await self.session.get(User, user_id)

    async def show_deleted(self) -> None:
        """Show deleted calls too, until the transaction ends."""
        await self.session.execute(_SHOW_DELETED)

    async def sessions_of(self, user_id: UUID) -> Sequence[UUID]:
        """The person's sessions in the organisation that is acted for."""
        return (await self.session.scalars(_sessions_of(user_id))).all()

    async def calls_of(self, user_id: UUID) -> Sequence[UUID]:
        """The person's calls in the organisation that is acted for."""
        query = select(Call.id).where(Call.session_id.in_(_sessions_of(user_id)))
        return (await self.session.scalars(query)).all()

    async def forget_jobs(self, marks: Sequence[str]) -> None:
        """Remove waiting jobs, notes on failures and dead letters that name one of these."""
        await self.session.execute(_FORGET_JOBS, {"marks": list(marks)})
        await self.forget_failed(marks)

    async def forget_failed(self, marks: Sequence[str]) -> None:
        """Remove notes on failures and dead letters that name one of these."""
        for statement in (_FORGET_NOTES, _FORGET_LETTERS):
            await self.session.execute(statement, {"marks": list(marks)})

    async def forget_address(self, address: str, name: str) -> None:
        """Remove mail to an address, invitations of it, and mail that was sent with the name in it."""
        await self.session.execute(select(func.forget_address(address, name)))


def _sessions_of(user_id: UUID) -> Select[tuple[UUID]]:
    return select(PracticeSession.id).where(PracticeSession.user_id == user_id)
