"""Listening in: never without the learner's consent, never without their being told."""

from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from livekit.protocol.models import ParticipantInfo

from api.calls.livekit import Presence
from api.contract.room import LISTENED_IN, listener_identity
from tests.api.calls.test_webhooks import deliver
from tests.api.conftest import AgentSide, Learner, OpenedCall, error_of, unverified
from tests.api.review.conftest import ok
from tests.support.fake_livekit import FakeLiveKit

ME = "/api/v1/users/me/listening"


@pytest.fixture
async def room(maya: Learner) -> str:
    """The room of Maya's call."""
    return await maya.room()


@pytest.fixture
async def running(agent: AgentSide, room: str) -> OpenedCall:
    """Maya's call, which goes on."""
    return await agent.opened(room)


async def listen(by: Learner, call: OpenedCall) -> httpx.Response:
    """Ask for a pass."""
    return await by.client.post(f"/api/v1/review/calls/{call.id}/listen")


async def allow(learner: Learner, *, allowed: bool = True) -> None:
    """Make the learner's choice."""
    assert ok(await learner.client.put(ME, json={"allowed": allowed}))["allowed"] is allowed


async def test_nobody_listens_unless_the_learner_said_so(
    teacher: Learner, maya: Learner, running: OpenedCall, livekit: FakeLiveKit
) -> None:
    assert ok(await maya.client.get(ME)) == {"allowed": False, "since": None}
    refused = await listen(teacher, running)
    assert (refused.status_code, error_of(refused)) == (403, "listening_not_allowed")
    assert livekit.told == []


async def test_others_never(
    anonymous: httpx.AsyncClient, outsider: Learner, stranger: Learner, maya: Learner, running: OpenedCall
) -> None:
    await allow(maya)
    assert (await anonymous.post(f"/api/v1/review/calls/{running.id}/listen")).status_code == 401
    assert (await listen(maya, running)).status_code == 403
    assert (await listen(stranger, running)).status_code == 403
    assert (await listen(outsider, running)).status_code == 404


async def test_learner_is_told_before_and_it_is_noted(  # noqa: PLR0917 - fixtures
    teacher: Learner,
    maya: Learner,
    running: OpenedCall,
    room: str,
    livekit: FakeLiveKit,
    owner: asyncpg.Connection,
) -> None:
    await allow(maya)
    answer = await listen(teacher, running)
    assert answer.status_code == 201, answer.text
    assert livekit.told == [(room, LISTENED_IN)]
    claims = unverified(answer.json()["participant_token"])
    assert claims["sub"] == listener_identity(teacher.id)
    grants = claims["video"]
    assert (grants["room"], grants["hidden"], grants["canSubscribe"]) == (room, True, True)
    assert grants["canPublish"] is False
    assert grants["canPublishData"] is False
    assert "roomConfig" not in claims
    noted = await owner.fetchrow("SELECT * FROM audit_events WHERE action = 'call.listened_in'")
    assert (noted["actor_id"], noted["learner_id"]) == (teacher.id, maya.id)


async def test_who_cannot_be_told_is_not_listened_to(
    teacher: Learner, maya: Learner, running: OpenedCall, livekit: FakeLiveKit, owner: asyncpg.Connection
) -> None:
    await allow(maya)
    livekit.failing = True
    assert (await listen(teacher, running)).status_code == 503
    assert await owner.fetchval("SELECT count(*) FROM audit_events WHERE action = 'call.listened_in'") == 0


async def test_call_that_is_over(teacher: Learner, maya: Learner, running: OpenedCall) -> None:
    await allow(maya)
    assert (await running.close()).status_code == 200
    refused = await listen(teacher, running)
    assert (refused.status_code, error_of(refused)) == (409, "call_over")


async def test_taking_the_consent_back_puts_listeners_out(
    teacher: Learner, maya: Learner, running: OpenedCall, room: str, livekit: FakeLiveKit
) -> None:
    await allow(maya)
    await allow(maya)
    identity = listener_identity(teacher.id)
    livekit.rooms[room] = [ParticipantInfo(identity=identity, state=ParticipantInfo.ACTIVE)]
    await allow(maya, allowed=False)
    assert livekit.removed == [(room, identity)]
    assert (await listen(teacher, running)).status_code == 403


async def test_learner_is_told_when_the_last_one_left(  # noqa: PLR0917 - fixtures
    anonymous: httpx.AsyncClient,
    teacher: Learner,
    colleague: Learner,
    running: OpenedCall,
    room: str,
    livekit: FakeLiveKit,
    owner: asyncpg.Connection,
) -> None:
    other = ParticipantInfo(identity=listener_identity(colleague.id), state=ParticipantInfo.ACTIVE)
    left = {"participant": {"sid": "PA_1", "identity": listener_identity(teacher.id)}}
    for still_there, told in (([other], []), ([], [(room, "")])):
        livekit.rooms[room] = still_there
        assert (await deliver(anonymous, "participant_left", room, **left)).status_code == 200
        assert livekit.told == told
    assert await owner.fetchval("SELECT count(*) FROM attendances") == 0


async def test_listener_is_no_learner(app: FastAPI, room: str, livekit: FakeLiveKit) -> None:
    livekit.agent_in(room)
    livekit.rooms[room].append(ParticipantInfo(identity=listener_identity(uuid4())))
    assert await app.state.livekit.presence(room) == Presence(learner=False, agent=True)
