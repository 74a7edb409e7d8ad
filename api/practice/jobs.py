"""Practice in the worker: what a call gave and took, and what a learner earned."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls import service as calls
from api.calls.models import LearnersCall
from api.corrections import service as corrections
from api.database import Database
from api.practice import collecting, hearing, rewards, service
from api.practice.material import Slip, sentence_at
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
            row = await calls.with_learner(session, call)
            if row is None:
                return
            turns = await calls.turns_of(session, call)
            heard = await hearing.hear(session, row, turns)
            new = await _learn_from_slips(session, row)
            await service.award_soon(session, organisation, row.user_id)
        log.info("call practised", call_id=call_id, heard=heard, new=new)

    async def award(self, organisation_id: str, user_id: str) -> None:
        """Give a learner what practising earned."""
        organisation = UUID(organisation_id)
        async with self.database.transaction() as session:
            await act_for(session, organisation)
            badges = await rewards.award(session, organisation, UUID(user_id))
        log.info("practice rewarded", badges=badges)


async def _learn_from_slips(session: AsyncSession, row: LearnersCall) -> int:
    """Make items of the corrections of a call that nobody dismissed; how many are new."""
    organisation_id, call_id = row.call.organisation_id, row.call.id
    found = await corrections.new_corrections(session, organisation_id, row.user_id, call_id=call_id)
    slips = [
        Slip(
            correction=one.correction,
            correction_id=one.id,
            turn_id=one.turn_id,
            said_at=one.said_at,
            sentence=sentence_at(one.turn_text, one.correction.start, one.correction.end),
        )
        for one in found
    ]
    return await collecting.add_slips(session, organisation_id, row.user_id, call_id, slips)
