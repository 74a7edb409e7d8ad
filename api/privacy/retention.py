"""How long calls are kept, and removing what is older: the shortest of all the days that apply counts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.reckoning import service as figures
from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.calls.models import Call
from api.database import Database, utc_now
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.identity.models import Organisation
from api.jobs import JobName, enqueue
from api.memory import service as memory
from api.privacy.repository import BATCH, DeletionRepository, RetentionRepository
from api.privacy.schemas import PolicyChange, PolicyOut, RetentionChange, RetentionOut
from api.recordings import service as recordings
from api.settings import Settings
from api.storage import Storage
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

MOST_BATCHES = 1000
"""Of one organisation in one go; a pass that finds no end is a fault and not work."""


@dataclass
class Purged:
    """What a pass removed of one organisation."""

    deleted_calls: int = 0
    old_calls: int = 0
    old_recordings: int = 0


async def retention_of(session: AsyncSession, settings: Settings, person: Principal) -> RetentionOut:
    """How long the person's calls are kept in the organisation that they act under."""
    organisation = await _organisation(session, person.organisation_id)
    own = person.user.retention_days
    recording = organisation.recording_retention_days
    transcript = organisation.transcript_retention_days
    return RetentionOut(
        own_days=own,
        organisation_recording_days=shortest(recording, settings.recording_retention_days),
        organisation_transcript_days=shortest(transcript, settings.transcript_retention_days),
        recording_days=shortest(own, recording, settings.recording_retention_days),
        transcript_days=shortest(own, transcript, settings.transcript_retention_days),
    )


async def choose_retention(
    session: AsyncSession, settings: Settings, person: Principal, change: RetentionChange
) -> RetentionOut:
    """Keep the person's own choice, which holds wherever they practise."""
    person.user.retention_days = change.own_days
    subject = Subject("user", person.user.id)
    await audit.record(
        session,
        person,
        AuditAction.RETENTION_CHANGED,
        subject=subject,
        learner_id=person.user.id,
        details={"own_days": change.own_days},
    )
    return await retention_of(session, settings, person)


async def policy_of(session: AsyncSession, settings: Settings, person: Principal) -> PolicyOut:
    """The organisation's policy."""
    return _policy(settings, await _organisation(session, person.organisation_id))


async def choose_policy(
    session: AsyncSession, settings: Settings, person: Principal, change: PolicyChange
) -> PolicyOut:
    """Keep an organisation's policy; what is older goes at the next pass."""
    organisation = await _organisation(session, person.organisation_id)
    organisation.recording_retention_days = change.recording_days
    organisation.transcript_retention_days = change.transcript_days
    await audit.record(
        session,
        person,
        AuditAction.RETENTION_CHANGED,
        subject=Subject("organisation", organisation.id),
        details={"recording_days": change.recording_days, "transcript_days": change.transcript_days},
    )
    return _policy(settings, organisation)


async def ask_purge(session: AsyncSession, person: Principal) -> None:
    """Have the organisation's old calls removed now and not in the night."""
    await audit.record(
        session, person, AuditAction.PURGE_ASKED, subject=Subject("organisation", person.organisation_id)
    )
    await _queue(session, person.organisation_id)


async def queue_all(session: AsyncSession) -> int:
    """Have every organisation's old calls removed; return how many organisations there are."""
    organisations = await RetentionRepository(session).all_organisations()
    for organisation_id in organisations:
        await _queue(session, organisation_id)
    return len(organisations)


async def purge(database: Database, storage: Storage, settings: Settings, organisation_id: UUID) -> Purged:
    """Remove what an organisation keeps no longer, some calls a transaction; done twice it finds nothing.

    Raises:
        StorageUnavailableError: Recordings could not be removed; their calls are still there then.
    """
    pass_ = _Pass(database, storage, settings, organisation_id)
    purged = Purged(
        deleted_calls=await pass_.repeat(pass_.deleted_calls),
        old_calls=await pass_.repeat(pass_.old_calls),
        old_recordings=await pass_.repeat(pass_.old_recordings),
    )
    log.info("purged", organisation_id=str(organisation_id), **vars(purged))
    return purged


def shortest(*days: int | None) -> int | None:
    """The fewest of the days that are said; None where none are."""
    return min((one for one in days if one is not None), default=None)


@dataclass(frozen=True)
class _Pass:
    """One pass over an organisation."""

    database: Database
    storage: Storage
    settings: Settings
    organisation_id: UUID

    async def repeat(self, step: Callable[[AsyncSession], Awaitable[int]]) -> int:
        """Do a step, a transaction each time, until it finds less than it could take; return how many."""
        total = 0
        for _ in range(MOST_BATCHES):
            async with self.database.transaction() as session:
                await act_for(session, self.organisation_id)
                found = await step(session)
            total += found
            if found < BATCH:
                break
        return total

    async def deleted_calls(self, session: AsyncSession) -> int:
        """Calls whose time to be brought back is over."""
        repository = DeletionRepository(session)
        await repository.show_deleted()
        over = utc_now() - timedelta(days=self.settings.deleted_call_days)
        return await self._remove(session, await repository.deleted_before(over))

    async def old_calls(self, session: AsyncSession) -> int:
        """Calls that are older than transcripts may become."""
        organisation = await RetentionRepository(session).organisation(self.organisation_id)
        policy = organisation.transcript_retention_days if organisation else None
        days = shortest(policy, self.settings.transcript_retention_days)
        calls = await RetentionRepository(session).calls_over(self.organisation_id, utc_now(), days)
        for call in calls:
            await memory.forget_call(session, call.id)
        return await self._remove(session, calls)

    async def old_recordings(self, session: AsyncSession) -> int:
        """Recordings that are older than recordings may become."""
        organisation = await RetentionRepository(session).organisation(self.organisation_id)
        policy = organisation.recording_retention_days if organisation else None
        days = shortest(policy, self.settings.recording_retention_days)
        calls = await RetentionRepository(session).recorded_calls_over(self.organisation_id, utc_now(), days)
        await recordings.erase_calls(session, self.storage, [call.id for call in calls])
        return len(calls)

    async def _remove(self, session: AsyncSession, calls: list[Call]) -> int:
        if calls:
            await recordings.erase_calls(session, self.storage, [call.id for call in calls])
            await DeletionRepository(session).remove(calls)
            await figures.calls_removed(session, self.organisation_id)
        return len(calls)


async def _queue(session: AsyncSession, organisation_id: UUID) -> None:
    await enqueue(session, JobName.PURGE, {"organisation_id": str(organisation_id)})


async def _organisation(session: AsyncSession, organisation_id: UUID) -> Organisation:
    found = await RetentionRepository(session).organisation(organisation_id)
    if found is None:
        raise NotFoundError
    return found


def _policy(settings: Settings, organisation: Organisation) -> PolicyOut:
    return PolicyOut(
        recording_days=organisation.recording_retention_days,
        transcript_days=organisation.transcript_retention_days,
        installation_recording_days=settings.recording_retention_days,
        installation_transcript_days=settings.transcript_retention_days,
    )
