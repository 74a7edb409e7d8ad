"""Looking at jobs, and trying again or discarding those that failed for good."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.database import utc_now
from api.dead_letters.models import DeadLetter
from api.dead_letters.repository import DeadLetterRepository
from api.dead_letters.schemas import DeadLetterOut, DeadLetterPage, QueueState, WaitingJob
from api.errors import ConflictError, NotFoundError
from api.jobs import PERSONAL, FailedJob, JobName, enqueue
from api.pages import Mark, encode_cursor
from infra.telemetry import get_logger

log = get_logger(__name__)

KEPT_FOR = timedelta(days=90)


async def queue_states(session: AsyncSession, *, done: bool = True) -> list[QueueState]:
    """How many jobs of each kind wait, run, were done in the last 24 hours, or are dead.

    Args:
        session: Any session; jobs belong to no organisation.
        done: Whether those done are counted too, which costs a walk over a day's notes.
    """
    return [QueueState.model_validate(row) for row in await DeadLetterRepository(session).states(done=done)]


async def waiting_jobs(session: AsyncSession, limit: int = 100) -> list[WaitingJob]:
    """Jobs that wait or run, the next one due first."""
    return [WaitingJob.model_validate(row) for row in await DeadLetterRepository(session).jobs(limit)]


async def list_dead(session: AsyncSession, *, after: Mark | None, limit: int) -> DeadLetterPage:
    """One page of the jobs that failed for good, newest first."""
    rows = await DeadLetterRepository(session).page(after, limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    last = shown[-1] if more else None
    return DeadLetterPage(
        items=[_shown(letter) for letter in shown],
        next_cursor=encode_cursor(Mark(0, last.created_at, last.id)) if last else None,
    )


async def retry(session: AsyncSession, letter_id: UUID) -> None:
    """Put a dead job on the queue again, with all its attempts.

    Raises:
        NotFoundError: There is no such letter (any more).
        ConflictError: Its arguments were personal and were not kept (`job_not_retriable`).
    """
    letter = await DeadLetterRepository(session).take(letter_id)
    if letter is None:
        raise NotFoundError
    if letter.arguments is None:
        raise ConflictError("This job cannot be tried again.", code="job_not_retriable")
    # The dead job may not have left the queue yet: as the same job this one would not be queued.
    await enqueue(session, JobName(letter.job), letter.arguments, occasion=str(letter_id))
    log.info("dead job queued again", job=letter.job, dead_letter=str(letter_id))


async def discard(session: AsyncSession, letter_id: UUID) -> None:
    """Let go of a dead job.

    Raises:
        NotFoundError: There is no such letter (any more).
    """
    letter = await DeadLetterRepository(session).take(letter_id)
    if letter is None:
        raise NotFoundError
    log.info("dead job discarded", job=letter.job, dead_letter=str(letter_id))


async def bury(session: AsyncSession, job: FailedJob) -> None:
    """Keep a job that used up its attempts, without anything personal."""
    letter = DeadLetter(
        job=job.name,
        arguments=None if job.name in PERSONAL else job.arguments,
        attempts=job.attempts,
        error=job.error,
        correlation_id=job.correlation_id,
    )
    await DeadLetterRepository(session).add(letter)


async def remove_old(session: AsyncSession) -> int:
    """Remove dead letters and notes on jobs that are 90 days old; return how many letters."""
    return await DeadLetterRepository(session).delete_before(utc_now() - KEPT_FOR)


def _shown(letter: DeadLetter) -> DeadLetterOut:
    return DeadLetterOut(
        id=letter.id,
        job=letter.job,
        attempts=letter.attempts,
        error=letter.error,
        correlation_id=letter.correlation_id,
        created_at=letter.created_at,
        retriable=letter.arguments is not None,
    )
