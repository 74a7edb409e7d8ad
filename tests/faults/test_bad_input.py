"""Bad input through the front doors while a call goes on: refused, nothing leaked, the lesson goes on."""

import asyncio
import contextlib
import json
import random
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import jwt
import pytest
import pytest_asyncio
from livekit import api as lkapi
from livekit import rtc

from api.contract.room import RPC_END_CALL, RPC_SET_PATIENCE, TOPIC_NOTICE
from infra.bench.room_client import TOPIC_CAPTION, TOPIC_CHAT
from tests.faults.conftest import Bench, all_closed
from tests.support.lesson import Lesson, until, until_async
from tests.support.logs import leaks

MARK = f"zebrafinch{secrets.token_hex(6)}"
"""Planted in what is said, typed and sent; no log may hold it."""

ODD_TOPIC = "nonsense"
"""Not marked: the room library names a topic that it does not know."""

NOISE = random.Random(11)


@pytest_asyncio.fixture(scope="module")
async def lesson(bench: Bench) -> AsyncIterator[Lesson]:
    """One call that everything here tries to break."""
    async with bench.lesson() as lesson:
        yield lesson


@pytest.fixture
def room(lesson: Lesson) -> rtc.Room:
    """The learner's own connection, for sending what the product's client never sends."""
    return lesson.client._room


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def room_token(bench: Bench, room: str, *, secret: str = "", ttl: timedelta = timedelta(minutes=5)) -> str:
    """A token for a room as the API makes them, or nearly."""
    token = lkapi.AccessToken(bench.stack.livekit_key, secret or bench.stack.livekit_secret)
    return (
        token.with_identity(f"learner-{uuid4()}")
        .with_ttl(ttl)
        .with_grants(lkapi.VideoGrants(room_join=True, room=room))
        .to_jwt()
    )


async def refused_by_livekit(bench: Bench, token: str) -> str:
    """What the LiveKit server answers to this token; fails when it lets it in."""
    with pytest.raises(rtc.ConnectError) as refusal:
        await rtc.Room().connect(bench.stack.livekit_url, token)
    return str(refusal.value)


async def test_token_of_an_ended_call(bench: Bench) -> None:
    """Used again after the call, a token leads nowhere: no coach speaks, and the room is taken down.

    Stands first: a call in which nobody speaks for so long would end by itself.
    """
    async with bench.stranger() as stranger:
        token = (await stranger.room_ticket()).participant_token
        bench.secrets.append(token)
        async with bench.lesson(stranger):
            pass
        assert await until_async(lambda: all_closed(stranger), limit=30.0)
        again = rtc.Room()
        gone = asyncio.Event()
        again.on("disconnected", lambda _reason: gone.set())
        try:
            await again.connect(bench.stack.livekit_url, token)
            async with asyncio.timeout(60.0):
                await gone.wait()
        finally:
            await again.disconnect()
        assert len(await stranger.calls()) == 1
        assert await all_closed(stranger)


async def test_expired_and_forged_room_tokens(bench: Bench, lesson: Lesson) -> None:
    expired = room_token(bench, lesson.room, ttl=timedelta(minutes=-10))
    forged = room_token(bench, lesson.room, secret="f" * 40)
    head, body, signature = room_token(bench, lesson.room).split(".")
    altered = f"{head}.{body[:-4]}AAAA.{signature}"
    bench.secrets.extend([expired, forged, altered])
    for token in (expired, forged, altered, "not-a-token"):
        assert "401" in await refused_by_livekit(bench, token)
    await lesson.typed_turn()


async def test_learners_token_opens_nothing_else(bench: Bench, lesson: Lesson) -> None:
    ticket = await lesson.account.room_ticket()
    token = ticket.participant_token
    bench.secrets.append(token)
    base = bench.stack.livekit_url.replace("ws://", "http://")
    async with httpx.AsyncClient(headers=bearer(token)) as http:
        for method, body in (
            ("RoomService/ListRooms", {}),
            ("RoomService/DeleteRoom", {"room": lesson.room}),
            ("RoomService/ListParticipants", {"room": lesson.room}),
            ("AgentDispatchService/CreateDispatch", {"agent_name": "coach", "room": lesson.room}),
        ):
            answer = await http.post(f"{base}/twirp/livekit.{method}", json=body)
            assert answer.status_code in {401, 403}, method
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["video"]["room"] == lesson.room
    assert claims["exp"] - time.time() <= 600
    await lesson.typed_turn()


async def test_grants(bench: Bench, lesson: Lesson) -> None:
    """The record takes turns only with this call's own grant."""
    call = (await lesson.account.calls())[0]
    others_grant = next(grant for room, grant in bench.keeper.grants() if room != lesson.room)
    [own] = bench.keeper.segments(lesson.room)
    assert own.opened is not None
    bench.secrets.extend([others_grant, own.opened.grant])
    claims = jwt.decode(own.opened.grant, options={"verify_signature": False})
    past = {**claims, "exp": int(time.time()) - 10}
    offers = {
        "nothing": ("", 401),
        "forged": (jwt.encode(claims, "f" * 40, algorithm="HS256"), 401),
        "unsigned": (jwt.encode(claims, "", algorithm="none"), 401),
        "expired and forged": (jwt.encode(past, "f" * 40, algorithm="HS256"), 401),
        "the room token": ((await lesson.account.room_ticket()).participant_token, 401),
        "the service key": (bench.stack.plan.credentials.agent_service_key, 401),
        "another call's": (others_grant, 403),
    }
    before = len(await lesson.account.turns(call["id"]))
    async with httpx.AsyncClient(base_url=bench.stack.api_url) as http:
        for name, (token, status) in offers.items():
            for verb, body in (("turns", planted_turns()), ("close", planted_close()), ("lost", {})):
                headers = bearer(token) if token else {}
                answer = await http.post(f"/agent/calls/{call['id']}/{verb}", json=body, headers=headers)
                assert answer.status_code == status, f"{name}: {verb}"
                assert is_envelope(answer), f"{name}: {verb}"
    await lesson.typed_turn()
    turns = await lesson.account.turns(call["id"])
    assert len(turns) >= before
    assert not [turn for turn in turns if MARK in turn["text"]]


def planted_turns() -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    turn = {"item_id": "planted", "position": 0, "role": "coach", "text": MARK}
    return {"turns": [{**turn, "started_at": now, "ended_at": now}]}


def planted_close() -> dict[str, Any]:
    return {"reason": "learner_left", "ended_at": datetime.now(UTC).isoformat()}


def is_envelope(answer: httpx.Response) -> bool:
    """Whether an error has the one shape of all errors and tells nothing of the inside."""
    error = answer.json()["error"]
    return {"code", "message", "request_id"} <= set(error) and "Traceback" not in answer.text


async def test_another_learners_call_at_every_path(bench: Bench, lesson: Lesson) -> None:
    session = await lesson.account.session()
    call = (await lesson.account.calls())[0]
    ids = defaultdict(uuid4, {"call_id": call["id"], "session_id": session["id"]})
    async with bench.stranger() as stranger, httpx.AsyncClient() as anonymous:
        http = stranger._http
        described = (await http.get("/api/v1/openapi.json")).json()["paths"]
        tried = 0
        for path, methods in described.items():
            if not ("{call_id}" in path or "{session_id}" in path) or path.startswith("/agent/"):
                continue
            address = path.format_map(ids)
            for method in methods:
                theirs = await http.request(method, address)
                nobodys = await anonymous.request(method, f"{bench.stack.api_url}{address}")
                assert theirs.status_code in {403, 404, 422}, f"{method} {path}"
                assert nobodys.status_code == 401, f"{method} {path}"
                assert is_envelope(theirs)
                assert is_envelope(nobodys)
                assert session["id"] not in theirs.text.replace(address, "")
                tried += 1
    assert tried >= 3
    await lesson.typed_turn()


async def test_typed_messages_that_are_no_messages(bench: Bench, lesson: Lesson, room: rtc.Room) -> None:
    """10 MB, control characters, and a stream of bytes in place of text."""
    for name, text in (
        ("10 MB", f"{MARK} " + "x" * 10_000_000),
        ("just over the limit", f"{MARK} " + "y" * 8_000),
        ("control characters", f"{MARK}\x00\x1b[31m\x07"),
    ):
        since = time.monotonic()
        await lesson.client.type(text)
        assert await until(partial(lesson.noticed, "message_refused", since), limit=15.0), name
    await room.local_participant.send_bytes(NOISE.randbytes(200_000), name=MARK, topic=TOPIC_CHAT)
    await lesson.typed_turn()
    call = (await lesson.account.calls())[0]
    assert not [turn for turn in await lesson.account.turns(call["id"]) if MARK in turn["text"]]


async def test_a_burst_of_typed_messages(lesson: Lesson) -> None:
    await lesson.silence()
    await asyncio.gather(*(lesson.client.type(f"Number {number} of many.") for number in range(40)))
    await asyncio.sleep(1.0)
    await lesson.typed_turn()


async def test_garbage_on_data_topics(lesson: Lesson, room: rtc.Room) -> None:
    me = room.local_participant
    for topic in (TOPIC_CHAT, TOPIC_CAPTION, TOPIC_NOTICE, "", ODD_TOPIC, "lk.control"):
        for payload in (NOISE.randbytes(12_000), b"", b"\x00" * 10, b'{"code": ' + MARK.encode()):
            await me.publish_data(payload, topic=topic)
    for topic in (TOPIC_CAPTION, TOPIC_NOTICE, ODD_TOPIC):
        await me.send_text(f"{MARK} \x00\x01 not for you", topic=topic)
        await me.send_bytes(NOISE.randbytes(50_000), name="noise", topic=topic)
    await lesson.typed_turn()
    await lesson.turn()


async def test_remote_calls_that_make_no_sense(lesson: Lesson, room: rtc.Room) -> None:
    [coach] = coaches(room)
    me = room.local_participant

    async def call(method: str, payload: str) -> rtc.RpcError:
        with pytest.raises(rtc.RpcError) as refusal:
            await me.perform_rpc(
                destination_identity=coach, method=method, payload=payload, response_timeout=8.0
            )
        return refusal.value

    nonsense = [
        "",
        "PATIENT",
        "patient ",
        "\x00",
        json.dumps({"patience": "quick"}),
        MARK * 500,
        "9" * 14_000,
    ]
    for payload in nonsense:
        refusal = await call(RPC_SET_PATIENCE, payload)
        assert refusal.code == 1_400, payload[:20]
        assert MARK not in refusal.message
    assert (await call(RPC_SET_PATIENCE, "x" * 1_000_000)).code in {1_400, 1_402}
    assert (await call(f"avaaz.{MARK}", "{}")).code == 1_400
    assert await lesson.client.set_patience("quick") == "quick"
    await lesson.typed_turn()


def coaches(room: rtc.Room) -> list[str]:
    """Identities of the agents in a room."""
    return [identity for identity in room.remote_participants if identity.startswith("coach-")]


async def test_a_stranger_in_the_room_has_no_say(bench: Bench, lesson: Lesson) -> None:
    """Somebody with a valid token for the room who is not its learner can neither type nor end the call."""
    stranger = rtc.Room()
    await stranger.connect(bench.stack.livekit_url, room_token(bench, lesson.room))
    try:
        me = stranger.local_participant
        assert await until(lambda: coaches(stranger), limit=5.0)
        [coach] = coaches(stranger)
        await me.send_text(f"{MARK} I am not the learner.", topic=TOPIC_CHAT)
        for method in (RPC_END_CALL, RPC_SET_PATIENCE):
            with pytest.raises(rtc.RpcError) as refusal:
                await me.perform_rpc(destination_identity=coach, method=method, payload="patient")
            assert refusal.value.code in {1_400, 1_403}
    finally:
        await stranger.disconnect()
    await lesson.typed_turn()
    call = (await lesson.account.calls())[0]
    assert call["state"] == "open"
    assert not [turn for turn in await lesson.account.turns(call["id"]) if MARK in turn["text"]]


async def test_oversized_and_senseless_frames_to_the_recognizer(bench: Bench, lesson: Lesson) -> None:
    base = bench.stack.models_url.replace("http://", "ws://")
    address = f"{base}/v1/listen?encoding=linear16&sample_rate=16000&keyterm={MARK}"
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(address, max_msg_size=0) as socket:
            with contextlib.suppress(ConnectionError):  # cut off while it is still sending
                await socket.send_bytes(b"\x00" * 2_000_000)
            assert await closed_with(socket) in {1009, 1006}
        async with http.ws_connect(address, max_msg_size=0) as socket:
            with contextlib.suppress(ConnectionError):  # cut off while it is still sending
                await socket.send_bytes(b"\x00" * 20_000_000)
            assert await closed_with(socket) in {1009, 1006}
        async with http.ws_connect(address) as socket:
            for text in ("not json", "[]", '{"type": "Nonsense"}', MARK):
                await socket.send_str(text)
                answer = json.loads((await socket.receive(timeout=5.0)).data)
                assert answer["type"] == "Error"
                assert MARK not in json.dumps(answer)
            await socket.send_bytes(NOISE.randbytes(3_201))
            await socket.send_str('{"type": "CloseStream"}')
            assert await closed_with(socket) == 1000
        for query in ("sample_rate=1", "encoding=opus", "channels=9", "sample_rate=" + "9" * 5_000):
            answer = await http.get(f"{bench.stack.models_url}/v1/listen?{query}")
            assert answer.status == 400
    await lesson.turn()


async def closed_with(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code with which the server closes, whatever it says before."""
    while True:
        message = await socket.receive(timeout=10.0)
        if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED):
            return socket.close_code


async def test_bodies_that_are_no_requests(bench: Bench, lesson: Lesson) -> None:
    http = lesson.account._http
    token = "/api/v1/sessions/default/token"
    large = b'{"participant_name": "' + b"x" * 5_000_000 + b'"}'
    deep = b"[" * 50_000
    for body, statuses in (
        (large, {413}),
        (deep, {400, 422}),
        (b"\xff\xfe\x00", {400, 422}),
        (b"7", {400, 422}),
    ):
        answer = await http.post(token, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in statuses, body[:20]
        assert is_envelope(answer)
    for forbidden in (
        {"room_name": lesson.room},
        {"participant_identity": MARK},
        {"participant_metadata": MARK},
        {"room_config": {"agents": [{"agent_name": MARK}]}},
    ):
        answer = await http.post(token, json=forbidden)
        assert 400 <= answer.status_code < 500
        assert is_envelope(answer)
    forged = await http.post(
        "/livekit/webhook", content=b'{"event": "room_finished"}', headers=bearer("x.y.z")
    )
    assert forged.status_code == 401
    await lesson.typed_turn()


async def test_nothing_of_it_is_in_the_record_or_the_logs(bench: Bench, lesson: Lesson) -> None:
    """What was said, typed and planted, every token, password and e-mail: in no log file, and in no span."""
    said = f"My favourite animal is the {MARK}."
    await lesson.typed_turn(said)
    sentences = [text for text in lesson.client.coach_captions() if len(text) > 25]
    assert sentences
    cookie = lesson.account._http.cookies.get("avaaz_session")
    assert cookie
    own = [*bench.secrets, cookie, MARK, *sentences]
    assert leaks(bench.stack.home, own) == []
    await lesson.turn()
    stages = {"user_turn", "agent_turn", "llm_node", "tts_node"}
    seen = partial(bench.trace, lesson)
    assert await until(lambda: stages <= seen().get("avaaz-agent", set()), limit=30.0), seen()
    assert bench.collector.holding(own) == []
