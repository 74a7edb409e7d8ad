"""LiveKit's signed webhooks."""

import base64
import hashlib
import json
import time
from typing import Any

import asyncpg
import httpx
import pytest
from livekit import api as lkapi

from tests.api.conftest import LIVEKIT_SECRET, AgentSide, Learner, error_of

SOON = "execute_after > now() AND execute_after < now() + interval '5 seconds'"


def signed(body: str, secret: str = LIVEKIT_SECRET) -> str:
    """The Authorization header that LiveKit sends with a webhook."""
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    return lkapi.AccessToken("devkey", secret).with_sha256(digest).to_jwt()


async def deliver(client: httpx.AsyncClient, event: str, room: str, **more: Any) -> httpx.Response:
    """Send a webhook as LiveKit does."""
    body = json.dumps({"event": event, "room": {"name": room}, "createdAt": str(int(time.time())), **more})
    headers = {"Authorization": signed(body), "Content-Type": "application/webhook+json"}
    return await client.post("/livekit/webhook", content=body, headers=headers)


@pytest.mark.parametrize(
    "authorization", [None, "", "junk", "Bearer x", signed("other"), signed("{}", "x" * 32)]
)
async def test_unsigned_webhook_is_refused(anonymous: httpx.AsyncClient, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization is not None else {}
    answer = await anonymous.post("/livekit/webhook", content=b"{}", headers=headers)
    assert (answer.status_code, error_of(answer)) == (401, "webhook_signature")


async def test_body_that_is_no_text_is_refused(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.post("/livekit/webhook", content=b"\xff\xfe", headers={"Authorization": "x"})
    assert error_of(answer) == "webhook_signature"


async def test_rooms_of_others_are_left_alone(
    anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    for event in ("room_started", "room_finished", "participant_joined", "track_published"):
        assert (await deliver(anonymous, event, "lobby")).status_code == 200
    assert await owner.fetchval("SELECT count(*) FROM attendances") == 0


async def test_finished_room_closes_its_call_once(
    anonymous: httpx.AsyncClient, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    for _ in range(2):
        assert (await deliver(anonymous, "room_finished", room)).json() == {"accepted": True}
    shown = (await learner.client.get(f"/api/v1/calls/{call.id}")).json()
    assert (shown["state"], shown["close_reason"]) == ("closed", "room_finished")
    jobs = await owner.fetch("SELECT entrypoint, payload FROM pgqueuer WHERE entrypoint LIKE 'calls.%'")
    assert [row["entrypoint"] for row in jobs] == ["calls.end_room"]
    assert json.loads(jobs[0]["payload"])["room"] == room


async def test_close_that_comes_after_the_rooms_end_says_why_and_is_final(
    anonymous: httpx.AsyncClient, learner: Learner, agent: AgentSide
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    await deliver(anonymous, "room_finished", room)
    await call.close()
    shown = (await learner.client.get(f"/api/v1/calls/{call.id}")).json()
    assert (shown["state"], shown["close_reason"]) == ("closed", "learner_left")
    again = await agent.open(room, "AJ_2")
    assert (again.status_code, error_of(again)) == (409, "call_ended")


async def test_stale_end_of_a_room_that_lives_again_is_ignored(
    anonymous: httpx.AsyncClient, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    await agent.opened(room)
    await owner.execute("UPDATE calls SET last_seen_at = now() + interval '5 seconds'")
    await deliver(anonymous, "room_finished", room)
    assert (await learner.default_session())["open_call"] is not None


async def test_coming_and_going_is_one_row_in_any_order(
    anonymous: httpx.AsyncClient, learner: Learner, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    person = {"sid": "PA_1", "identity": f"learner-{learner.id}", "joinedAt": str(int(time.time()) - 60)}
    for event in ("participant_left", "participant_joined", "participant_left"):
        await deliver(anonymous, event, room, participant=person)
    [row] = await owner.fetch(
        "SELECT organisation_id, is_agent, left_at - joined_at AS stay FROM attendances"
    )
    assert row["organisation_id"] == learner.organisation_id
    assert row["is_agent"] is False
    assert 59 <= row["stay"].total_seconds() <= 65


async def test_agent_that_leaves_an_open_call_is_looked_for(
    anonymous: httpx.AsyncClient, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    leaving = {"sid": "PA_2", "identity": "agent-1", "kind": "AGENT"}
    await deliver(anonymous, "participant_left", room, participant=leaving)
    await deliver(anonymous, "participant_left", room, participant=leaving)
    assert await owner.fetchval(f"SELECT count(*) FROM pgqueuer WHERE {SOON}") == 1  # noqa: S608 - constant
    await owner.execute("TRUNCATE pgqueuer")
    await call.close()
    await owner.execute("TRUNCATE pgqueuer")
    await deliver(anonymous, "participant_left", room, participant=leaving)
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == 0
