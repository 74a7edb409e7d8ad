"""Practice in the worker: what a call gave and took, and what a learner earned."""

from uuid import UUID

from api.database import Database
from api.practice import hearing, rewards, service
from api.practice.repository import CallRepository
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)


class PracticeJobs:
    """Handlers of the worker."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def practise_call(self, organisation_id: str, call_id: str, **_cause: str) -> None:
        """Grade the due items that were said in a call, and make items of what was corrected in it."""
        organisation, call = UUID(organisation_id), UUID(call_id)
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            repository = CallRepository(session)
            row = await repository.get(call)
            if row is None:
                return
            turns = await repository.turns(call)
            heard = await hearing.hear(session, row, turns)
            await service.award_soon(session, organisation, row.user_id)
        log.info("call practised", call_id=call_id, heard=heard)

    async def award(self, organisation_id: str, user_id: str) -> None:
        """Give a learner what practising earned."""
        organisation = UUID(organisation_id)
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            badges = await rewards.award(session, organisation, UUID(user_id))
        log.info("practice rewarded", badges=badges)
