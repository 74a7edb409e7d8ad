"""When an attempt is listened to and judged: queued in the transaction of what causes it.

Apart from the service, because attempts and recordings ask for it, and the service asks for them.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.assessment.repository import AssessmentRepository
from api.jobs import JobName, enqueue

LISTEN_AFTER: Final = timedelta(seconds=12)
"""Until the sound of a turn has come: segments last ten seconds."""
SCORE_AFTER: Final = timedelta(seconds=4)
"""Until the last turns and the last segment of an attempt have come."""


async def turns_came(
    session: AsyncSession, organisation_id: UUID, attempt_id: UUID, cause: str, *, over: bool
) -> None:
    """New turns of an attempt are listened to, so that little is left for its end; late ones are judged too.

    Args:
        session: The transaction that keeps them.
        organisation_id: Whose attempt it is.
        attempt_id: The attempt.
        cause: Tells one occasion from the next.
        over: Whether the attempt's time is through.
    """
    arguments = {"organisation_id": str(organisation_id), "attempt_id": str(attempt_id)}
    name, delay = (JobName.SCORE_EXAM, SCORE_AFTER) if over else (JobName.LISTEN_TO_EXAM, LISTEN_AFTER)
    await enqueue(session, name, arguments, delay=delay, occasion=cause)


async def exam_over(
    session: AsyncSession,
    organisation_id: UUID,
    user_id: UUID,
    attempt_id: UUID,
    *,
    title: str,
    target_level: str,
    began_at: datetime,
    ended_at: datetime,
) -> None:
    """An attempt that was begun is over: it is judged."""
    made = await AssessmentRepository(session).add(
        {
            "organisation_id": organisation_id,
            "user_id": user_id,
            "attempt_id": attempt_id,
            "title": title[:400],
            "target_level": target_level,
            "taken_at": began_at,
            "ended_at": ended_at,
        }
    )
    if made:
        arguments = {"organisation_id": str(organisation_id), "attempt_id": str(attempt_id)}
        await enqueue(session, JobName.SCORE_EXAM, arguments, delay=SCORE_AFTER)
