"""When a call's words are looked at: queued in the transaction that keeps them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call
from api.contract.calls import Role, TurnRecord
from api.jobs import JobName, enqueue

SOON: Final = timedelta(seconds=1)


async def turns_came(session: AsyncSession, call: Call, turns: Iterable[TurnRecord]) -> None:
    """New turns were kept; those of the learner are looked at."""
    positions = [turn.position for turn in turns if turn.role is Role.LEARNER]
    if positions:
        await _queue(session, call, str(max(positions)))


async def call_ended(session: AsyncSession, call: Call) -> None:
    """A call is over: a language model, where there is one, sees the whole."""
    await _queue(session, call, "end")


async def _queue(session: AsyncSession, call: Call, cause: str) -> None:
    arguments = {"organisation_id": str(call.organisation_id), "call_id": str(call.id), "cause": cause}
    await enqueue(session, JobName.CORRECT_CALL, arguments, delay=SOON)
