"""The sweep: a coach for every learner who waits, an end for every call that is over."""

import json
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI

from api.calls.livekit import LiveKitUnavailableError
from api.calls.rooms import room_name
from api.calls.supervision import MOST_DISPATCHES, Supervisor
from api.settings import Settings
from infra.telemetry import correlated
from tests.api.conftest import PASSWORD, AgentSide, Learner
from tests.support.fake_livekit import FakeLiveKit


@pytest.fixture
def supervisor(app: FastAPI, settings: Settings) -> Supervisor:
    """The supervisor over the test's database and LiveKit."""
    return Supervisor(app.state.database, app.state.livekit, settings)


async def later(owner: asyncpg.Connection) -> None:
    """Let the pause between two dispatches pass."""
    await owner.execute("UPDATE calls SET last_dispatch_at = last_dispatch_at - interval '11 seconds'")


async def test_learner_without_an_agent_gets_another(
    learner: Learner, agent: AgentSide, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    room = await learner.room()
    await agent.opened(room)
    livekit.learner_in(room)
    with correlated("sweep-12345"):
        await supervisor.sweep()
        await supervisor.sweep()
    [(where, who, metadata)] = livekit.dispatches
    assert (where, who) == (room, "coach")
    assert json.loads(metadata) == {"channel": "web", "correlation_id": "sweep-12345"}


async def test_nobody_is_dispatched_where_none_is_needed(
    learner: Learner, stranger: Learner, agent: AgentSide, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    served, empty = await learner.room(), await stranger.room()
    await agent.opened(served)
    livekit.learner_in(served)
    livekit.agent_in(served)
    await agent.opened(empty, "AJ_2")
    livekit.rooms[empty] = []
    livekit.learner_in("lobby")
    await supervisor.sweep()
    assert livekit.dispatches == []


async def test_tries_are_counted_and_then_the_call_ends(
    learner: Learner,
    agent: AgentSide,
    livekit: FakeLiveKit,
    supervisor: Supervisor,
    owner: asyncpg.Connection,
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    livekit.learner_in(room)
    for _ in range(MOST_DISPATCHES + 2):
        await supervisor.sweep()
        await later(owner)
    assert len(livekit.dispatches) == MOST_DISPATCHES
    shown = (await learner.client.get(f"/api/v1/calls/{call.id}")).json()
    assert (shown["state"], shown["close_reason"]) == ("closed", "worker_failed")


async def test_learner_whose_first_agent_never_came_gets_another(
    learner: Learner, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    room = await learner.room()
    livekit.learner_in(room)
    livekit.ages_s[room] = 2
    await supervisor.sweep()
    assert livekit.dispatches == [], "the token's own dispatch is given time"
    livekit.ages_s[room] = 30
    await supervisor.sweep()
    await supervisor.sweep()
    assert [dispatch[0] for dispatch in livekit.dispatches] == [room]


async def test_call_without_a_room_ends_after_a_while(
    learner: Learner,
    agent: AgentSide,
    livekit: FakeLiveKit,
    supervisor: Supervisor,
    owner: asyncpg.Connection,
) -> None:
    call = await agent.opened(await learner.room())
    await supervisor.sweep()
    assert (await learner.default_session())["open_call"] is not None
    await owner.execute("UPDATE calls SET last_seen_at = now() - interval '121 seconds'")
    await supervisor.sweep()
    shown = (await learner.client.get(f"/api/v1/calls/{call.id}")).json()
    assert (shown["state"], shown["close_reason"]) == ("closed", "orphaned")


async def test_nothing_is_concluded_while_livekit_is_away(
    learner: Learner,
    agent: AgentSide,
    livekit: FakeLiveKit,
    supervisor: Supervisor,
    owner: asyncpg.Connection,
) -> None:
    room = await learner.room()
    await agent.opened(room)
    await owner.execute("UPDATE calls SET last_seen_at = now() - interval '1 hour'")
    livekit.failing = True
    await supervisor.sweep()
    assert (await learner.default_session())["open_call"] is not None
    with pytest.raises(LiveKitUnavailableError):
        await supervisor.ensure_agent(room)


async def test_living_room_keeps_its_call_seen(
    learner: Learner,
    agent: AgentSide,
    livekit: FakeLiveKit,
    supervisor: Supervisor,
    owner: asyncpg.Connection,
) -> None:
    room = await learner.room()
    await agent.opened(room)
    livekit.agent_in(room)
    await owner.execute("UPDATE calls SET last_seen_at = now() - interval '1 hour'")
    await supervisor.sweep()
    seen = await owner.fetchval("SELECT now() - last_seen_at < interval '5 seconds' FROM calls")
    assert seen is True


async def test_room_of_an_ended_call_is_taken_down_and_no_other(  # noqa: PLR0917 - fixtures
    learner: Learner,
    stranger: Learner,
    agent: AgentSide,
    livekit: FakeLiveKit,
    supervisor: Supervisor,
    settings: Settings,
    owner: asyncpg.Connection,
) -> None:
    ended, going_on = await learner.room(), await stranger.room()
    call = await agent.opened(ended)
    await agent.opened(going_on, "AJ_2")
    await call.close()
    for room in (going_on, "lobby", room_name(settings, uuid4(), 0), ended):
        await supervisor.end_room(room)
    assert livekit.deleted == [ended]
    livekit.learner_in(ended)
    await owner.execute("UPDATE calls SET ended_at = now() - interval '20 s' WHERE ended_at IS NOT NULL")
    await supervisor.sweep()
    assert livekit.deleted == [ended, ended]
    assert livekit.dispatches == []


async def test_room_of_an_erased_session_is_taken_down_and_no_other(
    learner: Learner, stranger: Learner, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    erased, living = await learner.room(), await stranger.room()
    await learner.client.post("/api/v1/users/me/delete", json={"password": PASSWORD})
    for room in (living, "lobby", erased):
        await supervisor.end_erased_room(room)
    assert livekit.deleted == [erased]
