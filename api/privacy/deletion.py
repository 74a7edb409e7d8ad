"""Deleting one call: hidden from everybody at once, brought back within some days, then gone for good."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.reckoning import service as figures
from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.calls.models import Call
from api.database import utc_now
from api.errors import ConflictError, NotFoundError
from api.identity.auth import Principal
from api.memory import service as memory
from api.memory import triggers
from api.practice import service as practice
from api.privacy.repository import DeletedCall, DeletionRepository
from api.privacy.schemas import DeletedCallList, DeletedCallOut
from api.settings import Settings


async def show_deleted(session: AsyncSession) -> None:
    """Show the calls that were deleted too, until the transaction ends: for those who erase everything."""
    await DeletionRepository(session).show_deleted()


KEYS_KEPT: Final = timedelta(days=60)
"""Longer than a worker keeps what it could not deliver."""


async def delete_call(
    session: AsyncSession, settings: Settings, person: Principal, call_id: UUID
) -> DeletedCallOut:
    """Hide a call of the learner's from everybody, and forget what was remembered from it.

    Raises:
        NotFoundError: It does not exist, is somebody else's, or is deleted already.
        ConflictError: It still goes on (`call_open`).
    """
    repository = DeletionRepository(session)
    call = await repository.of_learner(call_id, person.organisation_id, person.user.id)
    if call is None:
        raise NotFoundError
    if call.ended_at is None:
        raise ConflictError("This call still goes on. Hang up first.", code="call_open")
    await memory.forget_call(session, call_id)
    await practice.forget_call(session, person, call_id)
    await repository.show_deleted()
    await repository.keep_number(call.session_id, call.number)
    call.deleted_at = utc_now()
    await figures.call_changed(session, call_id)
    await _note(session, person, AuditAction.CALL_DELETED, call_id)
    shown = await repository.deleted_of_learner(person.organisation_id, person.user.id)
    return next(_shown(settings, row) for row in shown if row.call.id == call_id)


async def restore_call(session: AsyncSession, person: Principal, call_id: UUID) -> None:
    """Bring a deleted call back; what was remembered from it is remembered anew.

    Raises:
        NotFoundError: It is not among the learner's deleted calls (any more).
    """
    repository = DeletionRepository(session)
    await repository.show_deleted()
    call = await repository.of_learner(call_id, person.organisation_id, person.user.id)
    if call is None or call.deleted_at is None:
        raise NotFoundError
    call.deleted_at = None
    await figures.call_changed(session, call_id)
    await triggers.call_ended(session, call)
    await _note(session, person, AuditAction.CALL_RESTORED, call_id)


async def deleted_calls(session: AsyncSession, settings: Settings, person: Principal) -> DeletedCallList:
    """The learner's deleted calls in the organisation that they act under.

    Args:
        session: One in a transaction: what is shown besides ends with it.
        settings: For how long they can be brought back.
        person: The learner.
    """
    repository = DeletionRepository(session)
    await repository.show_deleted()
    rows = await repository.deleted_of_learner(person.organisation_id, person.user.id)
    return DeletedCallList(items=[_shown(settings, row) for row in rows])


async def forget_keys(session: AsyncSession) -> None:
    """Forget the keys of calls of which nothing late can come any more."""
    await DeletionRepository(session).forget_keys(utc_now() - KEYS_KEPT)


def final_at(settings: Settings, deleted_at: datetime) -> datetime:
    """When a call that was deleted then is gone for good."""
    return deleted_at + timedelta(days=settings.deleted_call_days)


async def _note(session: AsyncSession, person: Principal, action: AuditAction, call_id: UUID) -> None:
    subject = Subject("call", call_id)
    await audit.record(session, person, action, subject=subject, learner_id=person.user.id)


def _shown(settings: Settings, row: DeletedCall) -> DeletedCallOut:
    call: Call = row.call
    if call.deleted_at is None or call.ended_at is None:
        raise NotFoundError
    return DeletedCallOut(
        id=call.id,
        session_id=call.session_id,
        started_at=call.started_at,
        ended_at=call.ended_at,
        turn_count=row.turn_count,
        deleted_at=call.deleted_at,
        final_at=final_at(settings, call.deleted_at),
    )
