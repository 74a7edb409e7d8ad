"""The database as requests meet it: statements a request, read-only sessions, connections that died."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from api.database import Database
from tests.api.conftest import AgentSide, Learner, SignUp, turn


@contextmanager
def listening(database: Database, name: str, listener: Any) -> Iterator[None]:
    """Hear an event of all the engines."""
    engines = [engine.sync_engine for engine in database.engines]
    for engine in engines:
        event.listen(engine, name, listener)
    yield
    for engine in engines:
        event.remove(engine, name, listener)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/api/v1/users/me", 1),
        ("/api/v1/users/me/preferences", 1),
        ("/api/v1/sessions/default", 2),
        ("/api/v1/sessions/{session}/calls", 2),
    ],
)
async def test_a_signed_in_read_costs_few_statements(
    app: FastAPI, sign_up: SignUp, path: str, most: int
) -> None:
    learner = await sign_up()
    session = await learner.default_session()
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    with listening(app.state.database, "before_cursor_execute", note):
        answer = await learner.client.get(path.replace("{session}", session["id"]))
    assert answer.status_code == 200
    assert 1 <= len(sent) <= most, sent


async def test_opening_a_call_costs_few_statements(app: FastAPI, learner: Learner, agent: AgentSide) -> None:
    """However long the record is; the agent waits for each of them before it can greet."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    for job in ("AJ_1", "AJ_2"):
        room = await learner.room()
        sent.clear()
        with listening(app.state.database, "before_cursor_execute", note):
            call = await agent.opened(room, job)
        assert 1 <= len(sent) <= 15, sent
        await call.append(
            *[turn(f"{job}{number}", number, role=("coach", "learner")[number % 2]) for number in range(30)]
        )
        await call.close()


async def test_reading_sessions_cannot_write(app: FastAPI) -> None:
    database: Database = app.state.database
    async with database.reading() as session:
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await session.execute(text("DELETE FROM users"))


async def test_the_connection_that_was_used_last_is_used_next(app: FastAPI) -> None:
    database: Database = app.state.database
    ask = text("SELECT pg_backend_pid()")
    async with database.reading() as first, database.reading() as second:
        assert await first.scalar(ask) != await second.scalar(ask)
    used = []
    for _ in range(3):
        async with database.reading() as session:
            used.append(await session.scalar(ask))
    assert len(set(used)) == 1


async def test_reading_sessions_begin_no_transaction(app: FastAPI) -> None:
    database: Database = app.state.database
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
        raw = await (await session.connection()).get_raw_connection()
        driver: Any = raw.driver_connection
        assert not driver.is_in_transaction()


async def test_connections_that_the_server_ended_are_replaced(
    app: FastAPI, sign_up: SignUp, owner: asyncpg.Connection
) -> None:
    learner = await sign_up()
    used: list[Any] = []

    def note(connection: Any, *_: Any) -> None:
        used.append(connection.driver_connection)

    with listening(app.state.database, "checkout", note):
        await learner.client.get("/api/v1/users/me")
        await learner.client.patch("/api/v1/users/me/preferences", json={"patience": "quick"})
    await owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'avaaz-api'"
    )
    async with asyncio.timeout(30):
        while not all(driver.is_closed() for driver in used):  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)
    assert len(used) == 2
    assert (await learner.client.get("/api/v1/users/me")).status_code == 200
    changed = await learner.client.patch("/api/v1/users/me/preferences", json={"patience": "patient"})
    assert changed.status_code == 200
