"""What the job worker does about exams: it ends those whose time is through, and notes who is gone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls import service as calls
from api.calls.livekit import LiveKit
from api.database import Database, utc_now
from api.exams import record
from api.exams.repository import ExamRepository
from api.tenancy import act_for


@dataclass(frozen=True)
class ExamJobs:
    """Handlers."""

    database: Database
    livekit: LiveKit

    async def settle(self, organisation_id: str, attempt_id: str) -> None:
        """End an attempt if its time is through; else whatever moved its clock has queued another look."""
        async with self.database.transaction() as session:
            await act_for(session, UUID(organisation_id))
            await _settle(session, UUID(attempt_id))

    async def note_absence(self, organisation_id: str, call_id: str, at: str) -> None:
        """Note since when the examiner is gone, where they still are.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        async with self.database.reading() as session:
            await act_for(session, UUID(organisation_id))
            call = await calls.open_call(session, UUID(call_id))
        if call is None:
            return
        here = await self.livekit.presence(call.room)
        if here.agent:
            return
        async with self.database.transaction() as session:
            await act_for(session, UUID(organisation_id))
            await record.note_left(session, call, datetime.fromisoformat(at))

    async def look_after(self) -> None:
        """End every attempt that is over, whatever became of its own job, and those never begun."""
        async with self.database.reading() as session:
            organisations = await ExamRepository(session).organisations_with_open()
        for organisation_id in organisations:
            async with self.database.transaction() as session:
                await act_for(session, organisation_id)
                for attempt_id in await ExamRepository(session).all_open():
                    await _settle(session, attempt_id)


async def _settle(session: AsyncSession, attempt_id: UUID) -> None:
    found = await ExamRepository(session).get(attempt_id, lock=True)
    if found is not None:
        await record.settle(session, await record.sitting_of(session, found), utc_now())
