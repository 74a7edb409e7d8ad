"""All SQL about the state of jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from api.dead_letters.models import DeadLetter
from api.pages import Mark

_LIVING = """
SELECT entrypoint AS job,
       CASE WHEN status = 'picked' THEN 'running' WHEN attempts > 0 THEN 'retrying' ELSE 'queued' END
         AS state,
       count(*) AS count, min(created) AS oldest_at
FROM pgqueuer WHERE status IN ('queued', 'picked') GROUP BY 1, 2
UNION ALL
SELECT job, 'dead', count(*), min(created_at) FROM dead_letters GROUP BY 1
"""
_DONE = """
UNION ALL
SELECT entrypoint, 'done', count(*), min(created) FROM pgqueuer_log
WHERE status = 'successful' AND created > now() - interval '24 hours' GROUP BY 1
"""
_STATES_OF_THE_QUEUE = text(_LIVING + " ORDER BY 1, 2")
_ALL_STATES = text(_LIVING + _DONE + " ORDER BY 1, 2")
_JOBS = text("""
SELECT id, entrypoint AS job, attempts, created AS queued_at, execute_after AS due_at,
       CASE WHEN status = 'picked' THEN 'running' WHEN attempts > 0 THEN 'retrying' ELSE 'queued' END AS state
FROM pgqueuer WHERE status IN ('queued', 'picked') ORDER BY execute_after, id LIMIT :most
""")

_FORGET_NOTES = text("DELETE FROM pgqueuer_log WHERE created < :moment")


@dataclass(frozen=True)
class StateRow:
    """How many jobs of a kind are in a state, and since when the oldest is."""

    job: str
    state: str
    count: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class JobRow:
    """One job that waits or runs."""

    id: int
    job: str
    attempts: int
    queued_at: datetime
    due_at: datetime
    state: str


class DeadLetterRepository:
    """The queue as it can be looked at, and the jobs that were given up."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def states(self, *, done: bool) -> list[StateRow]:
        """Counts by kind and state; those done in the last day too, where asked for."""
        rows = await self.session.execute(_ALL_STATES if done else _STATES_OF_THE_QUEUE)
        return [StateRow(**row) for row in rows.mappings()]

    async def jobs(self, limit: int) -> list[JobRow]:
        """Jobs that wait or run, the next one due first."""
        rows = await self.session.execute(_JOBS, {"most": limit})
        return [JobRow(**row) for row in rows.mappings()]

    async def add(self, letter: DeadLetter) -> None:
        """Keep a job that was given up."""
        self.session.add(letter)
        await self.session.flush()

    async def page(self, after: Mark | None, limit: int) -> Sequence[DeadLetter]:
        """The next dead letters, newest first."""
        query = select(DeadLetter)
        if after is not None:
            query = query.where(tuple_(DeadLetter.created_at, DeadLetter.id) < (after.at, after.id))
        rows = await self.session.scalars(
            query.order_by(DeadLetter.created_at.desc(), DeadLetter.id.desc()).limit(limit)
        )
        return rows.all()

    async def take(self, letter_id: UUID) -> DeadLetter | None:
        """Remove one and return what it was; of two who take it at once, one gets it."""
        rows = await self.session.scalars(
            delete(DeadLetter).where(DeadLetter.id == letter_id).returning(DeadLetter)
        )
        return rows.one_or_none()

    async def delete_before(self, moment: datetime) -> int:
        """Remove dead letters and the queue's notes from before `moment`; return how many letters."""
        await self.session.execute(_FORGET_NOTES, {"moment": moment})
        rows = await self.session.execute(
            delete(DeadLetter).where(DeadLetter.created_at < moment).returning(DeadLetter.id)
        )
        return len(rows.all())
