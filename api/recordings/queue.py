"""Having a call's recording put together; apart from the service, because the record of calls asks for it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.jobs import JobName, enqueue
from api.recordings.repository import RecordingRepository

JOIN_AFTER: Final = timedelta(seconds=2)
"""Time that further segments of a call which is over are given to come before they are joined."""


async def join_soon(session: AsyncSession, organisation_id: UUID, call_id: UUID, *, after: int = -1) -> None:
    """Have a call's segments joined soon; nothing where the call was not recorded.

    Args:
        session: The transaction that ends the call or keeps a segment.
        organisation_id: Whose call it is.
        call_id: The call.
        after: The last number that came, so that each late segment has a job of its own.
    """
    if await RecordingRepository(session).of_call(call_id) is None:
        return
    arguments = {"organisation_id": str(organisation_id), "call_id": str(call_id), "after": after}
    await enqueue(session, JobName.JOIN_RECORDING, arguments, delay=JOIN_AFTER)
