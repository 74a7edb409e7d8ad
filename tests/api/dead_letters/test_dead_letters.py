"""A job that always fails is tried three times, ends as a dead letter and hinders no other."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI

from api.database import Database
from api.dead_letters import service
from api.dead_letters.schemas import JobState
from api.errors import ConflictError, NotFoundError
from api.jobs import JobName, enqueue, pause_before_retry
from api.settings import Settings
from api.worker import Worker
from infra.telemetry import correlated
from tests.support.waiting import until

SAID = "marmalade-said-in-confidence"
NOTE = {"organisation_id": str(uuid4()), "call_id": str(uuid4()), "cause": "end"}


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The API's database, empty."""
    held: Database = app.state.database
    return held


@asynccontextmanager
async def working(settings: Settings, **handlers: Callable[..., Awaitable[None]]) -> AsyncIterator[Worker]:
    """A worker whose memory does these things instead of its own."""
    worker = Worker(settings.model_copy(update={"job_retry_s": 0.05}))
    for name, handler in handlers.items():
        setattr(worker.memory, name, handler)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await running


async def queued(database: Database, name: JobName, arguments: dict[str, Any]) -> None:
    """Queue a job."""
    async with database.transaction() as session:
        await enqueue(session, name, arguments)


async def dead(owner: asyncpg.Connection) -> int:
    """How many dead letters there are."""
    count: int = await owner.fetchval("SELECT count(*) FROM dead_letters")
    return count


def test_pauses_grow() -> None:
    pauses = [pause_before_retry(failures, timedelta(seconds=5)).total_seconds() for failures in (1, 2, 3)]
    assert pauses == [5, 20, 80]


async def test_what_always_fails_is_tried_three_times_and_ends_while_others_go_on(
    database: Database, settings: Settings, owner: asyncpg.Connection
) -> None:
    tried, done = 0, asyncio.Event()

    async def fails(**_arguments: str) -> None:
        nonlocal tried
        tried += 1
        raise RuntimeError(SAID)

    async def works(**_arguments: str) -> None:
        done.set()

    with correlated("request-of-the-test"):
        await queued(database, JobName.REMEMBER_CALL, NOTE)
    await queued(database, JobName.REPORT_CALL, NOTE)
    async with working(settings, remember=fails, report=works):
        await asyncio.wait_for(done.wait(), 60)
        await until(lambda: counted(owner, 1))
        await until(lambda: emptied(owner))
    assert tried == 3
    [letter] = await owner.fetch("SELECT * FROM dead_letters")
    assert (letter["job"], letter["attempts"], letter["error"]) == ("memory.remember", 3, "RuntimeError")
    assert json.loads(letter["arguments"]) == NOTE
    assert letter["correlation_id"] == "request-of-the-test"
    kept = await owner.fetch(
        "SELECT l::text FROM pgqueuer_log l UNION ALL SELECT d::text FROM dead_letters d"
    )
    assert len(kept) > 3
    assert SAID not in str(kept)


async def counted(owner: asyncpg.Connection, count: int) -> bool:
    """Whether there are so many dead letters."""
    return await dead(owner) == count


async def emptied(owner: asyncpg.Connection) -> bool:
    """Whether nothing is left in the queue."""
    left: int = await owner.fetchval("SELECT count(*) FROM pgqueuer")
    return left == 0


async def test_a_dead_job_is_tried_again_and_one_is_discarded(
    database: Database, settings: Settings, owner: asyncpg.Connection
) -> None:
    broken, done = True, asyncio.Event()

    async def mended(**_arguments: str) -> None:
        if broken:
            raise ValueError
        done.set()

    await queued(database, JobName.REMEMBER_CALL, NOTE)
    await queued(database, JobName.REMEMBER_CALL, {**NOTE, "cause": "7"})
    async with working(settings, remember=mended):
        await until(lambda: counted(owner, 2))
        async with database.reading() as session:
            page = await service.list_dead(session, after=None, limit=1)
            states = {(state.job, state.state): state.count for state in await service.queue_states(session)}
        assert states["memory.remember", JobState.DEAD] == 2
        assert page.next_cursor is not None
        [first] = page.items
        assert first.retriable
        broken = False
        async with database.transaction() as session:
            await service.retry(session, first.id)
        await asyncio.wait_for(done.wait(), 60)
        [left] = await owner.fetch("SELECT id FROM dead_letters")
        async with database.transaction() as session:
            await service.discard(session, left["id"])
    assert await dead(owner) == 0
    for act in (service.retry, service.discard):
        with pytest.raises(NotFoundError):
            async with database.transaction() as session:
                await act(session, first.id)


async def test_what_is_left_of_a_job_holds_no_address_and_cannot_be_tried_again(
    database: Database, settings: Settings, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_self: object, **_arguments: str) -> None:
        raise ValueError

    monkeypatch.setattr("api.identity.jobs.IdentityJobs.recover", fails)
    await queued(database, JobName.RECOVER_ACCOUNT, {"email": "nia@example.com"})
    async with working(settings):
        await until(lambda: counted(owner, 1))
    [letter] = await owner.fetch("SELECT * FROM dead_letters")
    assert letter["arguments"] is None
    with pytest.raises(ConflictError):
        async with database.transaction() as session:
            await service.retry(session, letter["id"])
    assert await dead(owner) == 1, "it stays"


async def test_jobs_that_wait_are_seen_without_what_they_are_about(database: Database) -> None:
    await queued(database, JobName.RECOVER_ACCOUNT, {"email": "nia@example.com"})
    async with database.reading() as session:
        [waiting] = await service.waiting_jobs(session)
        [state] = await service.queue_states(session)
    assert (waiting.job, waiting.state, waiting.attempts) == ("identity.recover", JobState.QUEUED, 0)
    assert (state.state, state.count) == (JobState.QUEUED, 1)
    assert "nia" not in waiting.model_dump_json()
