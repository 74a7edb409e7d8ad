"""The job queue: enqueued with the request's transaction, done by a worker process that stops when told."""

import asyncio
import json
import os
import signal
import sys

import asyncpg
import pytest
from fastapi import FastAPI

from api.database import Database
from api.jobs import JobName, enqueue
from api.settings import Settings
from infra.telemetry import correlated
from tests.api.conftest import LIVEKIT_SECRET, SERVICE_KEY, AgentSide, Learner
from tests.support.fake_livekit import FakeLiveKit
from tests.support.waiting import until


async def test_job_is_lost_with_its_transaction(app: FastAPI, owner: asyncpg.Connection) -> None:
    database: Database = app.state.database

    async def think_better_of_it() -> None:
        async with database.transaction() as session:
            await enqueue(session, JobName.END_ROOM, {"room": "r"})
            raise RuntimeError("thought better of it")

    with pytest.raises(RuntimeError, match="thought better"):
        await think_better_of_it()
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == 0


async def test_job_is_kept_with_its_transaction_once_and_correlated(
    app: FastAPI, owner: asyncpg.Connection
) -> None:
    database: Database = app.state.database
    with correlated("request-12345"):
        async with database.transaction() as session:
            await enqueue(session, JobName.END_ROOM, {"room": "r"})
            assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == 0, "seen before the commit"
            await enqueue(session, JobName.END_ROOM, {"room": "r"})
    [row] = await owner.fetch("SELECT entrypoint, payload FROM pgqueuer")
    assert json.loads(row["payload"]) == {"room": "r", "correlation_id": "request-12345"}


def worker_environment(settings: Settings) -> dict[str, str]:
    """The environment of a worker process beside the test's API."""
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "AGENT_SERVICE_KEY": SERVICE_KEY,
        "LIVEKIT_URL": settings.livekit_url,
        "LIVEKIT_API_KEY": "devkey",
        "LIVEKIT_API_SECRET": LIVEKIT_SECRET,
        "SWEEP_INTERVAL_S": "0.2",
        "WORKER_METRICS_PORT": "0",
    }


async def test_worker_does_jobs_sweeps_survives_the_database_and_stops(
    learner: Learner, agent: AgentSide, livekit: FakeLiveKit, settings: Settings, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    livekit.learner_in(room)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api.worker",
        env=worker_environment(settings), stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        await until(lambda: bool(livekit.dispatches))  # by the sweep
        assert livekit.dispatches[0][0] == room
        await owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'avaaz-worker%'"
        )
        await call.close()
        await until(lambda: room in livekit.deleted)  # by the job
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            _, log = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, log.decode()
    records = [json.loads(line) for line in log.decode().splitlines()]
    assert records[-1]["event"] == "worker stopped"
    started = [record for record in records if record["event"] == "job started"]
    assert started
    assert all(record["correlation_id"] for record in started)
