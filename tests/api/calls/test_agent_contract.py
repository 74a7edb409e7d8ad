"""The agent's side: opening, resuming, appending, closing, and what refuses a worker."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import jwt
import pytest

from api.calls.grants import AUDIENCE
from api.calls.rooms import room_name
from api.settings import Settings
from api.signing import derived_keys
from tests.api.conftest import LIVEKIT_SECRET, SERVICE_KEY, AgentSide, Learner, error_of, turn, unverified


@pytest.mark.parametrize("key", ["", "wrong", SERVICE_KEY + "x", "\u00e9"])
async def test_opening_needs_the_service_key(anonymous: httpx.AsyncClient, key: str) -> None:
    headers = httpx.Headers({"Authorization": f"Bearer {key}"} if key else {}, encoding="utf-8")
    answer = await anonymous.post("/agent/calls", json={"room": "x", "job_id": "j"}, headers=headers)
    assert (answer.status_code, error_of(answer)) == (401, "service_key")


async def test_cookie_opens_nothing_of_the_agents(learner: Learner, agent: AgentSide) -> None:
    room = await learner.room()
    answer = await learner.client.post("/agent/calls", json={"room": room, "job_id": "j"})
    assert error_of(answer) == "service_key"
    call = await agent.opened(room)
    answer = await learner.client.post(f"/agent/calls/{call.id}/turns", json={"turns": [turn("a", 0)]})
    assert (answer.status_code, error_of(answer)) == (401, "grant_required")


async def test_room_that_was_not_made_here_is_refused(
    learner: Learner, agent: AgentSide, settings: Settings
) -> None:
    room = await learner.room()
    forged = [room[:-1] + ("0" if room[-1] != "0" else "1"), room.replace("-0-", "-1-"), "lobby", "av-"]
    for name in forged:
        answer = await agent.open(name)
        assert (answer.status_code, error_of(answer)) == (403, "unknown_room")
    gone = await agent.open(room_name(settings, uuid4(), 0))
    assert (gone.status_code, error_of(gone)) == (404, "not_found")


async def test_pauses_of_earlier_calls_come_with_the_brief(learner: Learner, agent: AgentSide) -> None:
    def word(start: float, end: float) -> dict[str, Any]:
        return {"word": "Hello", "start": start, "end": end, "confidence": 0.9}

    call = await agent.opened(await learner.room(), "AJ_1")
    assert call.body["brief"]["learner"]["pauses"] == {"seconds": [], "turns": 0}
    hesitant = [word(0.1, 0.4), word(1.9, 2.2)]
    await call.append(
        {**turn("spoken", 0), "words": hesitant},
        {**turn("typed", 1), "words": hesitant, "input_kind": "text"},
        {**turn("coach", 2, role="coach"), "words": hesitant},
        {**turn("fluent", 3), "words": [word(0.1, 0.4), word(0.5, 0.8)]},
    )
    await call.close()
    later = await agent.opened(await learner.room(), "AJ_2")
    assert later.body["brief"]["learner"]["pauses"] == {"seconds": [1.5], "turns": 2}


async def test_only_the_sessions_learner_may_be_the_participant(learner: Learner, agent: AgentSide) -> None:
    room = await learner.room()
    answer = await agent.open(room, participant_identity=f"learner-{uuid4()}")
    assert (answer.status_code, error_of(answer)) == (403, "wrong_participant")
    assert (await agent.open(room, participant_identity=f"learner-{learner.id}")).status_code == 201


async def test_call_comes_in_its_turn(learner: Learner, agent: AgentSide, settings: Settings) -> None:
    session = await learner.default_session()
    answer = await agent.open(room_name(settings, UUID(session["id"]), 7))
    assert (answer.status_code, error_of(answer)) == (409, "wrong_room")


async def test_first_call_brief(learner: Learner, agent: AgentSide) -> None:
    await learner.client.patch("/api/v1/users/me", json={"level": "B1", "native_language": "es"})
    await learner.client.patch("/api/v1/users/me/preferences", json={"patience": "quick"})
    call = await agent.opened(await learner.room())
    brief = call.body["brief"]
    assert brief["first_call"] is True
    assert brief["resumed"] is False
    assert brief["last_turns"] == []
    assert brief["learner"]["level"] == "B1"
    assert brief["learner"]["patience"] == "quick"
    assert brief["learner"]["display_name"] == "Ana"
    assert learner.email not in str(call.body)
    session = await learner.default_session()
    assert session["open_call"]["id"] == call.id


async def test_same_job_again_gets_the_same_call(learner: Learner, agent: AgentSide) -> None:
    room = await learner.room()
    first, again = await agent.opened(room), await agent.opened(room)
    assert again.id == first.id
    assert again.body["brief"]["resumed"] is False


async def test_another_job_carries_the_open_call_on(learner: Learner, agent: AgentSide) -> None:
    room = await learner.room()
    call = await agent.opened(room, "AJ_1")
    await call.append(turn("a", 0, "Hello, I am your coach.", "coach"), turn("b", 1, "Hi"))
    resumed = await agent.opened(room, "AJ_2")
    assert resumed.id == call.id
    brief = resumed.body["brief"]
    assert brief["resumed"] is True
    assert brief["next_position"] >= 2
    assert brief["first_call"] is False
    assert [(item["role"], item["text"]) for item in brief["last_turns"]] == [
        ("coach", "Hello, I am your coach."),
        ("learner", "Hi"),
    ]
    late = await call.close()
    assert late.status_code == 200
    assert (await learner.default_session())["open_call"]["id"] == call.id, "a replaced job closes nothing"
    await resumed.close()
    assert (await learner.default_session())["open_call"] is None


async def test_brief_holds_the_last_twenty_turns_in_order(learner: Learner, agent: AgentSide) -> None:
    first = await agent.opened(await learner.room(), "AJ_1")
    await first.append(*[turn(f"a{number}", number, f"one {number}") for number in range(15)])
    await first.close()
    second = await agent.opened(await learner.room(), "AJ_2")
    await second.append(*[turn(f"b{number}", number, f"two {number}") for number in range(10)])
    await second.close()
    third = await agent.opened(await learner.room(), "AJ_3")
    texts = [item["text"] for item in third.body["brief"]["last_turns"]]
    assert texts == [f"one {n}" for n in range(5, 15)] + [f"two {n}" for n in range(10)]


async def test_turns_are_kept_once(learner: Learner, agent: AgentSide, owner: asyncpg.Connection) -> None:
    call = await agent.opened(await learner.room())
    first = await call.append(turn("a", 0), turn("b", 1), turn("a", 0))
    assert first.json() == {"added": 2, "already_kept": 1}
    again = await call.append(turn("a", 0, "changed"), turn("c", 2))
    assert again.json() == {"added": 1, "already_kept": 1}
    rows = await owner.fetch("SELECT item_id, position, text FROM turns ORDER BY position")
    assert [tuple(row) for row in rows] == [
        ("a", 0, "Hello there"),
        ("b", 1, "Hello there"),
        ("c", 2, "Hello there"),
    ]


async def test_learner_reads_the_transcript_and_others_do_not(
    learner: Learner, stranger: Learner, agent: AgentSide, anonymous: httpx.AsyncClient
) -> None:
    call = await agent.opened(await learner.room())
    await call.append(turn("b", 1, "My name is Ana."), turn("a", 0, "What is your name?", "coach"))
    for path in (f"/api/v1/calls/{call.id}", f"/api/v1/calls/{call.id}/turns"):
        assert (await anonymous.get(path)).status_code == 401
        hidden = await stranger.client.get(path)
        assert (hidden.status_code, error_of(hidden)) == (404, "not_found")
    shown = (await learner.client.get(f"/api/v1/calls/{call.id}")).json()
    assert (shown["state"], shown["turn_count"], shown["first_words"]) == ("open", 2, "My name is Ana.")
    page = (await learner.client.get(f"/api/v1/calls/{call.id}/turns?limit=1")).json()
    rest = await learner.client.get(f"/api/v1/calls/{call.id}/turns", params={"cursor": page["next_cursor"]})
    turns = page["items"] + rest.json()["items"]
    assert [item["item_id"] for item in turns] == ["a", "b"]
    assert turns[1]["words"][0]["word"] == "Hello"
    assert turns[1]["timings"]["llm_first_token"] == 120.5


async def test_text_that_postgres_cannot_hold_is_cleaned(learner: Learner, agent: AgentSide) -> None:
    call = await agent.opened(await learner.room())
    answer = await call.append(turn("a", 0, "bad\u0000 and\u0007 good\n"))
    assert answer.json() == {"added": 1, "already_kept": 0}
    kept = (await learner.client.get(f"/api/v1/calls/{call.id}/turns")).json()["items"][0]
    assert kept["text"] == "bad and good\n"


@pytest.mark.parametrize(
    "change",
    [
        {"text": "x" * 8_001},
        {"position": -1},
        {"position": 2**40},
        {"item_id": "a b"},
        {"item_id": "x" * 65},
        {"started_at": "2026-11-21T10:00:00"},
        {"role": "admin"},
        {"unknown": 1},
        {"words": [{"word": "w", "start": 0, "end": 1, "confidence": 2}]},
    ],
)
async def test_bad_turns_are_refused(learner: Learner, agent: AgentSide, change: dict[str, Any]) -> None:
    call = await agent.opened(await learner.room())
    answer = await call.append({**turn("a", 0), **change})
    assert (answer.status_code, error_of(answer)) == (422, "validation_error")


async def test_close_reconciles_and_keeps_usage_once(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    call = await agent.opened(await learner.room())
    await call.append(turn("a", 0))
    usage = [{"kind": "tts", "provider": "local", "model": "piper", "characters": 40}]
    first = await call.close(usage=usage, item_ids=["a", "b", "c"])
    assert first.json() == {"missing": ["b", "c"]}
    late = await call.append(turn("b", 1), turn("c", 2))
    assert late.json()["added"] == 2
    usage[0]["characters"] = 55
    second = await call.close(usage=usage, item_ids=["a", "b", "c"])
    assert second.json() == {"missing": []}
    assert [tuple(row) for row in await owner.fetch("SELECT kind, characters FROM usage")] == [("tts", 55)]
    shown = (await learner.client.get(f"/api/v1/calls/{call.id}")).json()
    assert (shown["state"], shown["close_reason"], shown["turn_count"]) == ("closed", "learner_left", 3)


async def test_retrieval_is_empty_and_ends_with_the_call(learner: Learner, agent: AgentSide) -> None:
    call = await agent.opened(await learner.room())
    assert (await call.post("retrieve", {"query": "past tense"})).json() == {"passages": []}
    await call.close()
    refused = await call.post("retrieve", {"query": "past tense"})
    assert (refused.status_code, error_of(refused)) == (403, "call_closed")


async def test_appending_ends_seven_days_after_the_close(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    call = await agent.opened(await learner.room())
    await call.close()
    await owner.execute("UPDATE calls SET ended_at = now() - interval '6 days 23 hours'")
    assert (await call.append(turn("a", 0))).status_code == 200
    await owner.execute("UPDATE calls SET ended_at = now() - interval '7 days 1 minute'")
    for answer in (await call.append(turn("b", 1)), await call.close()):
        assert (answer.status_code, error_of(answer)) == (401, "grant_expired")


async def test_ended_room_is_not_opened_again(learner: Learner, agent: AgentSide) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    await call.close()
    answer = await agent.open(room, "AJ_2")
    assert (answer.status_code, error_of(answer)) == (409, "call_ended")


async def test_call_that_was_only_thought_dead_is_taken_up_again(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    await owner.execute("UPDATE calls SET ended_at = now(), close_reason = 'orphaned'")
    again = await agent.opened(room, "AJ_2")
    assert again.id == call.id
    assert again.body["brief"]["resumed"] is True
    assert (await learner.default_session())["open_call"]["id"] == call.id


async def test_grant_of_another_call_is_refused(
    learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    mine, theirs = await agent.opened(await learner.room()), await agent.opened(await stranger.room())
    for what, body in (("turns", {"turns": [turn("a", 0)]}), ("retrieve", {"query": "x"})):
        answer = await mine.post(what, body, grant=theirs.body["grant"])
        assert (answer.status_code, error_of(answer)) == (403, "grant_other_call")


async def test_forged_and_expired_grants_are_refused(
    learner: Learner, agent: AgentSide, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    call = await agent.opened(await learner.room())
    claims = unverified(call.body["grant"])
    key = derived_keys(settings, "grant")[0].secret
    past = datetime.now(UTC) - timedelta(minutes=1)
    forged = {
        "grant_expired": [jwt.encode({**claims, "exp": past}, key, "HS256")],
        "grant_invalid": [
            jwt.encode(claims, "another-key-of-at-least-thirty-two-bytes", "HS256"),
            jwt.encode(claims, LIVEKIT_SECRET, "HS256"),
            jwt.encode({**claims, "aud": "fastapi-users:auth"}, key, "HS256"),
            jwt.encode({k: v for k, v in claims.items() if k != "exp"}, key, "HS256"),
            jwt.encode(claims, "", "none"),
            call.body["grant"][:-2],
            "not-a-token",
        ],
    }
    assert claims["aud"] == AUDIENCE
    for code, tokens in forged.items():
        for token in tokens:
            answer = await call.post("turns", {"turns": [turn("a", 0)]}, grant=token)
            assert (answer.status_code, error_of(answer)) == (401, code)
            assert token not in caplog.text
    room_token = (await learner.client.post("/api/v1/sessions/default/token")).json()["participant_token"]
    answer = await call.post("turns", {"turns": [turn("a", 0)]}, grant=room_token)
    assert error_of(answer) == "grant_invalid"
