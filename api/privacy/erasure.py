"""Erasing a person: the rows at once, and by jobs whatever else could still hold something of theirs.

In the request's transaction go all rows in every organisation (a school's record of that learner too),
waiting jobs and dead letters that name them, mail and invitations to their address; audit events get a random
id in the place of theirs. After it the job worker takes rooms down and removes stored objects and mail in the
folder; it looks a second time later, for what was under way meanwhile.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.calls import service as calls
from api.database import Database, utc_now
from api.errors import NotFoundError
from api.identity import service as identity
from api.identity.auth import Principal
from api.jobs import JobName, enqueue
from api.knowledge import service as knowledge
from api.mail import service as mail
from api.privacy import exports
from api.privacy.repository import ErasureRepository
from api.recordings import service as recordings
from api.settings import Settings
from api.storage import Storage
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

LOOK_AGAIN_AFTER: Final = timedelta(minutes=10)
"""Longer than a job or an upload that was under way takes."""
KEYS_A_JOB: Final = 200


@dataclass(frozen=True)
class Traces:
    """What a person is known by outside their account's row."""

    session_ids: list[UUID]
    call_ids: list[UUID]
    export_ids: list[UUID]
    document_ids: list[UUID]
    rooms: list[str]

    @property
    def keys(self) -> list[UUID]:
        """All keys by which a job could name something of theirs."""
        return [*self.session_ids, *self.call_ids, *self.export_ids, *self.document_ids]

    @property
    def objects(self) -> list[str]:
        """All places where something of theirs is stored."""
        recorded = [recordings.folder_of(key) for key in self.call_ids]
        brought = [knowledge.folder_of(key) for key in self.document_ids]
        return recorded + brought + [exports.object_key(key) for key in self.export_ids]


async def erase_account(session: AsyncSession, settings: Settings, person: Principal) -> None:
    """Erase a person, in the request's transaction; a mail says so and is forgotten when it was sent."""
    user = person.user
    traces = await _traces(session, settings, person)
    repository = ErasureRepository(session)
    await repository.forget_jobs([str(user.id), user.email, *map(str, traces.keys)])
    for address in filter(None, (user.email, user.pending_email)):
        await repository.forget_address(address, user.display_name)
    await audit.record(session, person, AuditAction.ACCOUNT_ERASED, subject=Subject("user", user.id))
    await audit.forget_person(session, user.id)
    await identity.delete_account(session, user)
    for room in traces.rooms:
        await enqueue(session, JobName.END_ERASED_ROOM, {"room": room})
    await _queue_remains(session, traces)
    recipient = mail.recipient_digest(settings, user.email)
    for delay in (timedelta(), LOOK_AGAIN_AFTER):
        arguments = {"recipient": recipient, "farewell": bool(delay), "at": utc_now().isoformat()}
        await enqueue(session, JobName.FORGET_MAIL, arguments, delay=delay)


async def _traces(session: AsyncSession, settings: Settings, person: Principal) -> Traces:
    """Gather what is known of a person in every organisation; the present one is acted for again after."""
    repository = ErasureRepository(session)
    user_id = person.user.id
    traces = Traces([], [], [], [], [])
    for organisation_id in await repository.organisations_of(user_id):
        await act_for(session, organisation_id, user_id)
        await repository.show_deleted()
        traces.session_ids.extend(await repository.sessions_of(user_id))
        traces.call_ids.extend(await repository.calls_of(user_id))
        traces.document_ids.extend(await knowledge.own_of(session, user_id))
        with suppress(NotFoundError):
            there = replace(person, organisation_id=organisation_id)
            traces.rooms.append(await calls.present_room(session, settings, there))
    await act_for(session, person.organisation_id, user_id, operator=person.user.is_superuser)
    traces.export_ids.extend(await exports.keys_of(session, user_id))
    return traces


async def _queue_remains(session: AsyncSession, traces: Traces) -> None:
    """Have what is stored removed, now and once more for what was under way, some keys a job."""
    objects, keys = traces.objects, [str(key) for key in traces.keys]
    for start in range(0, max(len(objects), len(keys)), KEYS_A_JOB):
        part = slice(start, start + KEYS_A_JOB)
        for delay in (timedelta(), LOOK_AGAIN_AFTER):
            arguments = {"objects": objects[part], "keys": keys[part], "again": bool(delay)}
            await enqueue(session, JobName.ERASE_REMAINS, arguments, delay=delay)


async def erase_remains(database: Database, storage: Storage, objects: list[str], keys: list[str]) -> None:
    """Remove stored objects, and jobs that failed since the erasure; done again it finds nothing.

    Raises:
        StorageUnavailableError: Something may still be there.
    """
    for key in objects:
        await storage.delete(key)
    async with database.transaction() as session:
        await ErasureRepository(session).forget_failed(keys)
    log.info("remains erased", objects=len(objects))
