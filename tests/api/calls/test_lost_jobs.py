"""A job that died in the middle of its call: who may say so, and what follows."""

import json
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.calls.livekit import LiveKitUnavailableError
from api.calls.supervision import Supervisor
from api.settings import Settings
from tests.api.conftest import SERVICE_KEY, AgentSide, Learner, OpenedCall, error_of
from tests.support.fake_livekit import FakeLiveKit


@pytest.fixture
def supervisor(app: FastAPI, settings: Settings) -> Supervisor:
    """The supervisor over the test's database and LiveKit."""
    return Supervisor(app.state.database, app.state.livekit, settings)


async def queued(owner: asyncpg.Connection, name: str) -> list[dict[str, str]]:
    """The arguments of the queued jobs of a name."""
    rows = await owner.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = $1", name)
    found = [json.loads(row["payload"]) for row in rows]
    return [{key: value for key, value in one.items() if key != "correlation_id"} for one in found]


async def report(call: OpenedCall) -> httpx.Response:
    """The shipper's report that the call's job has died."""
    return await call.post("lost", {})


async def test_only_the_grants_holder_reports_a_loss(
    anonymous: httpx.AsyncClient,
    learner: Learner,
    stranger: Learner,
    agent: AgentSide,
    owner: asyncpg.Connection,
) -> None:
    call = await agent.opened(await learner.room())
    other = await agent.opened(await stranger.room(), "AJ_2")
    path = f"/agent/calls/{call.id}/lost"
    for who in (anonymous, learner.client):
        answer = await who.post(path)
        assert (answer.status_code, error_of(answer)) == (401, "grant_required")
    for grant, status, code in (
        (SERVICE_KEY, 401, "grant_invalid"),
        (call.body["grant"][:-2] + "xx", 401, "grant_invalid"),
        (other.body["grant"], 403, "grant_other_call"),
    ):
        answer = await call.post("lost", {}, grant)
        assert (answer.status_code, error_of(answer)) == (status, code)
    answer = await anonymous.post(
        f"/agent/calls/{uuid4()}/lost", headers={"Authorization": f"Bearer {call.body['grant']}"}
    )
    assert (answer.status_code, error_of(answer)) == (403, "grant_other_call")
    assert await queued(owner, "calls.replace_agent") == []


@pytest.mark.parametrize("key", ["", "wrong", SERVICE_KEY + "x"])
async def test_only_a_worker_says_that_it_is_ready(
    anonymous: httpx.AsyncClient, owner: asyncpg.Connection, key: str
) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = await anonymous.post("/agent/workers/ready", headers=headers)
    assert (answer.status_code, error_of(answer)) == (401, "service_key")
    assert await queued(owner, "calls.cover_rooms") == []


async def test_lost_job_is_replaced_once(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    for _ in range(2):
        answer = await report(call)
        assert (answer.status_code, answer.json()) == (200, {"replaced": True})
    assert await queued(owner, "calls.replace_agent") == [{"room": room, "job_id": "AJ_1"}]


async def test_late_report_changes_nothing(
    learner: Learner, stranger: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    dead = await agent.opened(room, "AJ_1")
    await agent.opened(room, "AJ_2")
    ended = await agent.opened(await stranger.room(), "AJ_3")
    await ended.close()
    for call in (dead, ended):
        answer = await report(call)
        assert (answer.status_code, answer.json()) == (200, {"replaced": False})
    assert await queued(owner, "calls.replace_agent") == []


async def test_dead_coach_is_taken_out_and_another_called(
    learner: Learner, agent: AgentSide, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    room = await learner.room()
    await agent.opened(room, "AJ_1")
    livekit.learner_in(room)
    livekit.agent_in(room, "coach-AJ_1")
    livekit.promised[room] = [("coach-AJ_1", 2.0)]
    await supervisor.replace_agent(room, "AJ_1")
    assert livekit.removed == [(room, "coach-AJ_1")]
    assert [dispatch[0] for dispatch in livekit.dispatches] == [room]


async def test_no_second_coach_comes_beside_one_that_is_there_or_coming(
    learner: Learner, stranger: Learner, agent: AgentSide, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    served, awaiting = await learner.room(), await stranger.room()
    for room, job in ((served, "AJ_1"), (awaiting, "AJ_2")):
        await agent.opened(room, job)
        livekit.learner_in(room)
    livekit.agent_in(served, "coach-AJ_9")
    livekit.promised[awaiting] = [("coach-AJ_2", 30.0), ("coach-AJ_9", 1.0)]
    await supervisor.replace_agent(served, "AJ_1")
    await supervisor.replace_agent(awaiting, "AJ_2")
    await supervisor.sweep()
    assert livekit.dispatches == []
    livekit.promised[awaiting] = [("coach-AJ_2", 30.0), ("coach-AJ_9", 20.0)]
    await supervisor.sweep()
    assert [dispatch[0] for dispatch in livekit.dispatches] == [awaiting], "it was promised and never came"


async def test_nobody_is_called_where_no_learner_waits(
    learner: Learner, agent: AgentSide, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    room = await learner.room()
    await agent.opened(room)
    livekit.agent_in(room, "coach-AJ_1")
    await supervisor.replace_agent(room, "AJ_1")
    assert livekit.removed == [(room, "coach-AJ_1")]
    assert livekit.dispatches == []


async def test_new_worker_gets_the_room_that_found_none(
    learner: Learner, agent: AgentSide, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    room = await learner.room()
    await agent.opened(room)
    livekit.learner_in(room)
    await supervisor.replace_agent(room, "AJ_1")
    await supervisor.sweep()
    assert len(livekit.dispatches) == 1, "the next sweep leaves a dispatch its time"
    livekit.workers = 1
    await supervisor.cover_rooms()
    await supervisor.sweep()
    assert len(livekit.dispatches) == 2, "a new worker does not wait for the sweep, and is asked once"


async def test_livekit_away_is_said_to_the_queue(
    learner: Learner, agent: AgentSide, livekit: FakeLiveKit, supervisor: Supervisor
) -> None:
    room = await learner.room()
    await agent.opened(room)
    livekit.failing = True
    with pytest.raises(LiveKitUnavailableError):
        await supervisor.replace_agent(room, "AJ_1")
    with pytest.raises(LiveKitUnavailableError):
        await supervisor.cover_rooms()


async def test_worker_that_is_ready_has_the_rooms_looked_at(
    agent: AgentSide, owner: asyncpg.Connection
) -> None:
    for _ in range(2):
        answer = await agent.client.post(
            "/agent/workers/ready", headers={"Authorization": f"Bearer {SERVICE_KEY}"}
        )
        assert (answer.status_code, answer.json()) == (200, {"noted": True})
    assert await queued(owner, "calls.cover_rooms") == [{}]
