"""The default session and LiveKit's token endpoint."""

import time
from uuid import uuid4

import asyncpg
import httpx
import jwt
import pytest
from fastapi import FastAPI

from api.contract.room import DISPATCH_METADATA_KEYS
from api.rate_limit import Rates
from api.settings import Settings
from tests.api.conftest import LIVEKIT_SECRET, AgentSide, Learner, SignUp, error_of

TOKEN = "/api/v1/sessions/default/token"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/sessions/default"),
        ("POST", TOKEN),
        ("GET", f"/api/v1/sessions/{uuid4()}/calls"),
    ],
)
async def test_anonymous_is_refused(anonymous: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await anonymous.request(method, path)
    assert (answer.status_code, error_of(answer)) == (401, "unauthenticated")


async def test_service_key_is_no_cookie(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.post(TOKEN, headers={"Authorization": "Bearer service-key-of-the-agent"})
    assert answer.status_code == 401


async def test_another_learners_session_is_not_found(learner: Learner, stranger: Learner) -> None:
    session = await learner.default_session()
    answer = await stranger.client.get(f"/api/v1/sessions/{session['id']}/calls")
    assert (answer.status_code, error_of(answer)) == (404, "not_found")


async def test_default_session_stays_the_same(learner: Learner) -> None:
    first, second = await learner.default_session(), await learner.default_session()
    assert first == second
    assert first["mode"] == "conversation"
    assert first["open_call"] is None
    assert first["call_count"] == 0


async def test_token_is_for_one_room_with_voice_only(learner: Learner) -> None:
    answer = await learner.client.post(TOKEN, headers={"X-Request-ID": "browser-12345"})
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"server_url", "participant_token"}
    assert body["server_url"] == "ws://livekit.test:7880"
    claims = jwt.decode(
        body["participant_token"], LIVEKIT_SECRET, algorithms=["HS256"], options={"require": ["exp"]}
    )
    assert claims["exp"] - time.time() <= 600
    assert claims["sub"] == f"learner-{learner.id}"
    assert claims["name"] == "Ana"
    video = claims["video"]
    assert video["canPublishSources"] == ["microphone"]
    assert video["roomJoin"] is True
    for power in ("roomCreate", "roomAdmin", "roomList", "roomRecord", "hidden", "agent", "ingressAdmin"):
        assert not video.get(power)
    configuration = claims["roomConfig"]
    assert configuration["departureTimeout"] == 120
    [dispatch] = configuration["agents"]
    assert dispatch["agentName"] == "coach"
    metadata = dispatch["metadata"]
    assert all(f'"{key}"' in metadata for key in DISPATCH_METADATA_KEYS)
    assert "browser-12345" in metadata
    assert learner.email not in str(claims)


async def test_minting_writes_nothing_and_repeats_the_room(
    learner: Learner, owner: asyncpg.Connection
) -> None:
    before = await owner.fetchval("SELECT count(*) FROM calls")
    rooms = {await learner.room() for _ in range(3)}
    assert len(rooms) == 1
    assert await owner.fetchval("SELECT count(*) FROM calls") == before == 0
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint LIKE 'calls.%'") == 0


async def test_stock_client_request_works(learner: Learner) -> None:
    """The request as `TokenSource.endpoint` of livekit-client sends it: POST, JSON, an empty object."""
    answer = await learner.client.post(
        TOKEN,
        content=b"{}",
        headers={"Content-Type": "application/json", "Origin": "http://avaaz.test", "Accept": "*/*"},
    )
    assert answer.status_code == 201
    named = await learner.client.post(TOKEN, json={"participant_name": "Ana M."})
    claims = jwt.decode(named.json()["participant_token"], LIVEKIT_SECRET, algorithms=["HS256"])
    assert claims["name"] == "Ana M."
    assert claims["sub"] == f"learner-{learner.id}"


@pytest.mark.parametrize(
    "body",
    [
        {"room_name": "other"},
        {"participant_identity": "admin"},
        {"participant_metadata": "x"},
        {"participant_attributes": {"a": "b"}},
        {"room_config": {"agents": [{"agent_name": "other"}]}},
        {"participant_name": "a\nb"},
        {"participant_name": "x" * 81},
        ["not an object"],
    ],
)
async def test_forbidden_fields_are_refused(learner: Learner, body: object) -> None:
    answer = await learner.client.post(TOKEN, json=body)
    assert answer.status_code == 422
    assert error_of(answer) == "validation_error"


async def test_reload_keeps_the_room_and_the_next_call_gets_another(
    learner: Learner, agent: AgentSide
) -> None:
    first = await learner.room()
    call = await agent.opened(first)
    assert await learner.room() == first
    await call.close()
    assert await learner.room() != first


async def test_full_server_admits_only_who_is_in_a_call(
    sign_up: SignUp, agent: AgentSide, app: FastAPI
) -> None:
    inside = [await sign_up(f"L{number}") for number in range(4)]
    for number, person in enumerate(inside):
        await agent.opened(await person.room(), f"AJ_{number}")
    outside = await sign_up("Late")
    refused = await outside.client.post(TOKEN)
    assert (refused.status_code, error_of(refused)) == (503, "server_full")
    assert int(refused.headers["Retry-After"]) > 0
    assert (await inside[0].client.post(TOKEN)).status_code == 201


async def test_many_tokens_are_slowed(learner: Learner, app: FastAPI, settings: Settings) -> None:
    app.state.rates = Rates.create(settings.model_copy(update={"token_rate_limit": "2/minute"}))
    codes = [(await learner.client.post(TOKEN)).status_code for _ in range(3)]
    assert codes == [201, 201, 429]


async def test_call_pages_are_stable(learner: Learner, agent: AgentSide) -> None:
    session = await learner.default_session()
    for number in range(5):
        call = await agent.opened(await learner.room(), f"AJ_{number}")
        await call.close()
    path = f"/api/v1/sessions/{session['id']}/calls"
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await learner.client.get(path, params=params)).json()
        seen += [call["id"] for call in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert (await learner.default_session())["call_count"] == 5


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "WzEsMiwzXQ", "é", "W1tbW1tb"])
async def test_forged_cursor_is_refused(learner: Learner, cursor: str) -> None:
    session = await learner.default_session()
    answer = await learner.client.get(f"/api/v1/sessions/{session['id']}/calls", params={"cursor": cursor})
    assert (answer.status_code, error_of(answer)) == (422, "invalid_cursor")
