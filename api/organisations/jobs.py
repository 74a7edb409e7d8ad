"""What the job worker does about organisations."""

from dataclasses import dataclass
from uuid import UUID

from api.calls import service as calls
from api.database import Database
from api.jobs import JobName, enqueue
from api.organisations.repository import OrganisationRepository
from api.sessions import service as sessions
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

SESSIONS_AT_ONCE = 10
"""Sessions erased in one transaction: a school's years of turns do not go in the ten seconds of one."""


@dataclass(frozen=True)
class OrganisationJobs:
    """The worker's hands for organisations."""

    database: Database

    async def erase(self, organisation_id: str) -> None:
        """Erase a closed school: what was said in it, whose open calls end, and then the school itself.

        Done again it finds less to do, or nothing.
        """
        key = UUID(organisation_id)
        while await self._erase_some(key):
            pass
        async with self.database.transaction() as session:
            await act_for(session, key)
            await OrganisationRepository(session).delete(key)
        log.info("organisation erased", organisation_id=organisation_id)

    async def _erase_some(self, key: UUID) -> int:
        async with self.database.transaction() as session:
            await act_for(session, key)
            for room in await calls.open_rooms(session):
                await enqueue(session, JobName.END_ERASED_ROOM, {"room": room})
            return await sessions.erase_some(session, key, SESSIONS_AT_ONCE)
