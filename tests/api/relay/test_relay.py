"""A call by text over plain HTTPS: who may, what is relayed, what is sent, and how it ends."""

from contextlib import AsyncExitStack

import httpx
import jwt
import pytest
from fastapi import FastAPI

from api.contract.room import RPC_COMMAND, RPC_END_CALL, TOPIC_LESSON, TOPIC_NOTICE
from api.rate_limit import Rates
from api.relay.connection import MOST_STREAMS, MOST_WAITING
from api.relay.relays import Relays
from api.settings import Settings
from tests.api.conftest import LIVEKIT_SECRET, AgentSide, Learner, SignUp, error_of
from tests.support.fake_room import FakeRooms
from tests.support.sse import streaming
from tests.support.waiting import until

BASE = "/api/v1/sessions/default/messages"
STREAM = f"{BASE}/stream"


async def say(person: Learner, text: str, **more: str) -> dict[str, str]:
    answer = await person.client.post(BASE, json={"text": text, **more})
    assert answer.status_code == 202, answer.text
    body: dict[str, str] = answer.json()
    return body


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", BASE),
        ("POST", f"{BASE}/join"),
        ("GET", STREAM),
        ("POST", f"{BASE}/command"),
        ("POST", f"{BASE}/end"),
    ],
)
async def test_anonymous_is_refused(anonymous: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await anonymous.request(method, path)
    assert (answer.status_code, error_of(answer)) == (401, "unauthenticated")


async def test_call_of_another_learner_is_not_found(
    learner: Learner, stranger: Learner, rooms: FakeRooms
) -> None:
    await say(learner, "My secret is safe")
    for method, path, body in (("GET", STREAM, None), ("POST", f"{BASE}/command", {"method": RPC_COMMAND})):
        answer = await stranger.client.request(method, path, json=body)
        assert (answer.status_code, error_of(answer)) == (404, "no_text_call")
    assert (await stranger.client.post(f"{BASE}/end")).status_code == 204
    assert not rooms.last.closed
    assert rooms.last.calls == []


async def test_joins_as_the_learner_without_a_microphone(learner: Learner, rooms: FakeRooms) -> None:
    room = await learner.room()
    answer = await learner.client.post(f"{BASE}/join")
    assert answer.status_code == 202
    await until(lambda: rooms.last.token != "")
    claims = jwt.decode(rooms.last.token, LIVEKIT_SECRET, algorithms=["HS256"])
    assert claims["sub"] == f"learner-{learner.id}"
    assert claims["video"]["room"] == room
    assert claims["video"]["canPublish"] is False
    assert claims["attributes"] == {"avaaz.writes": "on"}
    assert claims["roomConfig"]["agents"][0]["agentName"] == "coach"


async def test_message_waits_for_the_coach_and_the_answer_comes_over_the_stream(
    app: FastAPI, learner: Learner, rooms: FakeRooms
) -> None:
    taken = await say(learner, "Hello\nthere", message_id="m-1")
    assert (taken["message_id"], taken["state"]) == ("m-1", "waiting")
    async with streaming(app, learner.client, STREAM) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        assert (await stream.next("message")).data["state"] == "waiting"
        rooms.last.coach_comes("initializing")
        assert (await stream.next("coach")).data["attributes"]["lk.agent.state"] == "initializing"
        assert rooms.last.sent == [], "a coach who is not ready would not hear it"
        rooms.last.coach_comes()
        told = await stream.next("message", lambda data: data["state"] != "waiting")
        assert told.data == {"id": "m-1", "text": "Hello\nthere", "state": "sent"}
        assert rooms.last.sent == ["Hello\nthere"]
        for text, final in (("Hi", False), ("Hi Ana!", True)):
            rooms.last.listener.caption("s1", from_learner=False, text=text, final=final)
        rooms.last.listener.message(TOPIC_NOTICE, '{"code": "time_limit", "text": "Soon"}')
        rooms.last.listener.message(TOPIC_LESSON, "no JSON")
        rooms.last.listener.message(TOPIC_LESSON, '{"title": "At the market"}')
        line = await stream.next("caption", lambda data: data["final"])
        assert line.data == {"segment_id": "s1", "from_learner": False, "text": "Hi Ana!", "final": True}
        assert (await stream.next("notice")).data["value"]["code"] == "time_limit"
        assert (await stream.next("lesson")).data["value"] == {"title": "At the market"}


async def test_stream_goes_on_after_the_last_event(app: FastAPI, learner: Learner, rooms: FakeRooms) -> None:
    await learner.client.post(f"{BASE}/join")
    await until(lambda: rooms.last.token != "")
    rooms.last.coach_comes()
    rooms.last.listener.caption("s1", from_learner=False, text="One", final=True)
    async with streaming(app, learner.client, STREAM) as stream:
        seen = (await stream.next("caption")).id
    rooms.last.listener.caption("s2", from_learner=False, text="Two", final=True)
    rooms.last.listener.ended("coach")
    async with streaming(app, learner.client, STREAM, last_event_id=seen) as stream:
        rest = await stream.rest()
    assert [(told.kind, told.data.get("text")) for told in rest] == [("caption", "Two"), ("ended", None)]


async def test_one_who_begins_later_is_told_how_things_stand(
    app: FastAPI, learner: Learner, rooms: FakeRooms
) -> None:
    await learner.client.post(f"{BASE}/join")
    await until(lambda: rooms.last.token != "")
    rooms.last.coach_comes("thinking")
    rooms.last.listener.message(TOPIC_LESSON, '{"title": "Old"}')
    rooms.last.listener.message(TOPIC_LESSON, '{"title": "New"}')
    rooms.last.listener.caption("s1", from_learner=False, text="Said before", final=True)
    position = (await learner.client.post(f"{BASE}/join")).json()["position"]
    rooms.last.listener.caption("s2", from_learner=False, text="Said after", final=True)
    rooms.last.listener.ended("coach")
    async with streaming(app, learner.client, f"{STREAM}?after={position}") as stream:
        told = await stream.rest()
    standing = [one for one in told if one.id is None]
    assert {one.kind for one in standing} == {"coach", "listened", "lesson"}
    assert [one.data["value"] for one in standing if one.kind == "lesson"] == [{"title": "New"}]
    assert [one.data["text"] for one in told if one.kind == "caption"] == ["Said after"]


@pytest.mark.parametrize("position", ["ffffffff-2", "x", "-", "9" * 40])
async def test_position_of_another_connection_begins_anew(
    app: FastAPI, learner: Learner, rooms: FakeRooms, position: str
) -> None:
    await say(learner, "Hello")
    await until(lambda: rooms.last.token != "")
    async with streaming(app, learner.client, f"{STREAM}?after={position}") as stream:
        assert (await stream.next("message")).data["text"] == "Hello"


async def test_same_message_again_is_sent_once(learner: Learner, rooms: FakeRooms) -> None:
    await say(learner, "Once", message_id="m-1")
    await until(lambda: rooms.last.token != "")
    rooms.last.coach_comes()
    await until(lambda: rooms.last.sent == ["Once"])
    assert (await say(learner, "Once", message_id="m-1"))["state"] == "sent"
    await say(learner, "Twice", message_id="m-2")
    await until(lambda: len(rooms.last.sent) > 1)
    assert rooms.last.sent == ["Once", "Twice"]


async def test_message_that_failed_can_be_sent_again(
    app: FastAPI, learner: Learner, rooms: FakeRooms
) -> None:
    await learner.client.post(f"{BASE}/join")
    await until(lambda: rooms.last.token != "")
    rooms.last.coach_comes()
    rooms.last.deaf = True
    async with streaming(app, learner.client, STREAM) as stream:
        await say(learner, "Hello", message_id="m-1")
        told = await stream.next("message", lambda data: data["state"] != "waiting")
        assert told.data["state"] == "failed"
    rooms.last.deaf = False
    await say(learner, "Hello", message_id="m-1")
    await until(lambda: rooms.last.sent == ["Hello"])


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07", "x" * 8_001])
async def test_what_is_no_message_is_refused(learner: Learner, rooms: FakeRooms, text: str) -> None:
    answer = await learner.client.post(BASE, json={"text": text})
    assert (answer.status_code, error_of(answer)) == (422, "validation_error")
    assert rooms.links == []


async def test_unknown_command_is_refused(learner: Learner, rooms: FakeRooms) -> None:
    await learner.client.post(f"{BASE}/join")
    answer = await learner.client.post(f"{BASE}/command", json={"method": RPC_END_CALL})
    assert answer.status_code == 422
    answer = await learner.client.post(f"{BASE}/command", json={"method": RPC_COMMAND, "payload": "hint"})
    assert (answer.status_code, error_of(answer)) == (409, "no_coach")
    rooms.last.coach_comes()
    answer = await learner.client.post(f"{BASE}/command", json={"method": RPC_COMMAND, "payload": "hint"})
    assert (answer.status_code, answer.json()) == (200, {"answer": "hint"})
    assert rooms.last.calls == [(RPC_COMMAND, "hint")]


async def test_too_many_waiting_too_many_streams_and_too_many_a_minute(
    app: FastAPI, learner: Learner, rooms: FakeRooms, settings: Settings
) -> None:
    for number in range(MOST_WAITING):
        await say(learner, f"Message {number}")
    refused = await learner.client.post(BASE, json={"text": "One more"})
    assert (refused.status_code, error_of(refused)) == (429, "too_many_waiting")
    connection = app.state.relays.of(learner.id, learner.organisation_id)
    async with AsyncExitStack() as readers:
        for _ in range(MOST_STREAMS):
            await readers.enter_async_context(connection.reading())
        crowded = await learner.client.get(STREAM)
    assert (crowded.status_code, error_of(crowded)) == (429, "too_many_streams")
    app.state.rates = Rates.create(settings.model_copy(update={"message_rate_limit": "1/minute"}))
    rooms.last.coach_comes()
    await say(learner, "First")
    often = await learner.client.post(BASE, json={"text": "Second"})
    assert (often.status_code, error_of(often)) == (429, "rate_limited")


async def test_hanging_up_tells_the_coach_and_closes_the_stream(
    app: FastAPI, learner: Learner, rooms: FakeRooms
) -> None:
    await learner.client.post(f"{BASE}/join")
    rooms.last.coach_comes()
    async with streaming(app, learner.client, STREAM) as stream:
        assert (await learner.client.post(f"{BASE}/end")).status_code == 204
        assert (await stream.rest())[-1].data == {"why": "learner"}
    assert rooms.last.calls == [(RPC_END_CALL, "")]
    await until(lambda: rooms.last.closed)
    again = await learner.client.post(f"{BASE}/command", json={"method": RPC_COMMAND})
    assert (again.status_code, error_of(again)) == (404, "no_text_call")


async def test_words_of_a_call_that_ended_are_kept_for_a_moment(
    learner: Learner, rooms: FakeRooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    await learner.client.post(f"{BASE}/join")
    rooms.last.listener.caption("s1", from_learner=False, text="Goodbye!", final=True)
    rooms.last.listener.ended("coach")
    await until(lambda: rooms.last.closed)
    assert "Goodbye!" in (await learner.client.get(STREAM)).text
    monkeypatch.setattr("api.relay.relays.KEPT_S", -1.0)
    assert (await learner.client.get(STREAM)).status_code == 404


async def test_room_that_cannot_be_reached_is_told(app: FastAPI, learner: Learner, rooms: FakeRooms) -> None:
    rooms.unreachable = True
    await learner.client.post(f"{BASE}/join")
    async with streaming(app, learner.client, STREAM) as stream:
        assert (await stream.rest())[-1].data == {"why": "lost"}


async def test_next_call_is_another_connection(
    app: FastAPI, learner: Learner, rooms: FakeRooms, agent: AgentSide
) -> None:
    call = await agent.opened(await learner.room())
    await say(learner, "In the first")
    await call.close()
    await say(learner, "In the second")
    assert len(rooms.links) == 2
    await until(lambda: rooms.links[0].closed)
    assert not rooms.links[1].closed


@pytest.mark.parametrize(("change", "why"), [({"text_idle_minutes": 0.001}, "idle"), ({}, "alone")])
async def test_a_learner_who_does_nothing_leaves_the_room(  # noqa: PLR0917 - fixtures
    app: FastAPI,
    learner: Learner,
    rooms: FakeRooms,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, float],
    why: str,
) -> None:
    if why == "alone":
        monkeypatch.setattr("api.relay.relays.ALONE_S", 0.05)
    app.state.relays = Relays(settings.model_copy(update=change), rooms.open)
    await learner.client.post(f"{BASE}/join")
    connection = app.state.relays.of(learner.id, learner.organisation_id)
    await until(lambda: rooms.last.closed)
    assert connection.log.after(0)[-1].data == {"why": why}


async def test_who_may_not_talk_may_not_write(app: FastAPI, sign_up: SignUp, rooms: FakeRooms) -> None:
    child = await sign_up("Kim")
    answer = await child.client.patch("/api/v1/users/me", json={"birth_year": 2016})
    assert answer.status_code == 200
    for path, body in ((BASE, {"text": "Hello"}), (f"{BASE}/join", None)):
        refused = await child.client.post(path, json=body)
        assert (refused.status_code, error_of(refused)) == (403, "consent_needed")
    assert rooms.links == []
