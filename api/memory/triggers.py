"""When a call gives cause to remember and to report: queued in the transaction of what causes it."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call
from api.contract.calls import TurnRecord
from api.jobs import JobName, enqueue
from api.memory.repository import MemoryRepository
from api.memory.schemas import ReportState

TURNS_BETWEEN = 40
"""In a long call the memory is refreshed after so many turns."""
AFTER_CALL = (JobName.REMEMBER_CALL, JobName.REPORT_CALL, JobName.PRACTISE_CALL)
"""What is done once a call is over."""
LATE_TURNS = timedelta(seconds=2)
"""Time for the last turns of a call, which may come after its close."""


async def call_ended(session: AsyncSession, call: Call) -> None:
    """A call is over: its report is promised, and the memory brought up to date."""
    await MemoryRepository(session).put_report(
        {
            "organisation_id": call.organisation_id,
            "call_id": call.id,
            "state": ReportState.PENDING,
            "reason": None,
            "content": None,
            "turn_count": 0,
        }
    )
    await _queue(session, call, "end", *AFTER_CALL)


async def turns_came(session: AsyncSession, call: Call, turns: Iterable[TurnRecord]) -> None:
    """New turns were kept: in a long call now and then, and after the close always, they are looked at."""
    positions = [turn.position for turn in turns]
    mark = str(max(positions))
    if call.ended_at is not None:
        await _queue(session, call, mark, *AFTER_CALL)
    elif any((position + 1) % TURNS_BETWEEN == 0 for position in positions):
        await _queue(session, call, mark, JobName.REMEMBER_CALL)


async def _queue(session: AsyncSession, call: Call, cause: str, *names: JobName) -> None:
    """Queue jobs about a call.

    `cause` tells one occasion from the next, so that a job which is at work already does not hide a later
    one; the jobs themselves find nothing to do where nothing is new.
    """
    arguments = {"organisation_id": str(call.organisation_id), "call_id": str(call.id), "cause": cause}
    for name in names:
        await enqueue(session, name, arguments, delay=LATE_TURNS)
