"""What the job worker does about organisations."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from pgqueuer.errors import RetryRequested
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls import service as calls
from api.database import Database
from api.jobs import JobName, enqueue
from api.knowledge import service as knowledge
from api.organisations.repository import OrganisationRepository
from api.privacy import deletion
from api.recordings import service as recordings
from api.sessions import service as sessions
from api.storage import Storage, StorageUnavailableError
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

AT_ONCE: Final = 20
"""Calls or sessions erased in one transaction: a school's years do not go in the ten seconds of one."""
STORAGE_PAUSE: Final = timedelta(minutes=5)
"""The erasure waits for a store that is away as long as it takes."""


@dataclass(frozen=True)
class OrganisationJobs:
    """The worker's hands for organisations."""

    database: Database
    storage: Storage

    async def erase(self, organisation_id: str) -> None:
        """Erase a closed school: recordings, calls, sessions (open calls end), documents, then the school.

        Done again it finds less to do, or nothing.

        Raises:
            RetryRequested: The store of recordings is away.
        """
        key = UUID(organisation_id)
        try:
            await self._repeat(key, self._erase_calls)
            await self._repeat(key, self._erase_sessions)
            await self._repeat(key, self._erase_documents)
        except StorageUnavailableError as error:
            log.warning("erasure waits for the store", code=error.code)
            raise RetryRequested(STORAGE_PAUSE, error.code) from None
        async with self.database.transaction() as session:
            await act_for(session, key)
            await OrganisationRepository(session).delete(key)
        log.info("organisation erased", organisation_id=organisation_id)

    async def _repeat(self, key: UUID, step: Callable[[AsyncSession, UUID], Awaitable[int]]) -> None:
        """Do a step, a transaction each time, until it finds nothing."""
        found = 1
        while found:
            async with self.database.transaction() as session:
                await act_for(session, key)
                found = await step(session, key)

    async def _erase_calls(self, session: AsyncSession, key: UUID) -> int:
        await deletion.show_deleted(session)
        repository = OrganisationRepository(session)
        over = await repository.some_calls(key, AT_ONCE)
        await recordings.erase_calls(session, self.storage, over)
        await repository.delete_calls(over)
        return len(over)

    async def _erase_documents(self, session: AsyncSession, _key: UUID) -> int:
        return await knowledge.erase_some(session, AT_ONCE)

    async def _erase_sessions(self, session: AsyncSession, key: UUID) -> int:
        going_on = await calls.open_calls(session)
        await recordings.erase_calls(session, self.storage, [call_id for call_id, _ in going_on])
        for _, room in going_on:
            await enqueue(session, JobName.END_ERASED_ROOM, {"room": room})
        return await sessions.erase_some(session, key, AT_ONCE)
