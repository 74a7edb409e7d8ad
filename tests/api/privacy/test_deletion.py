"""Deleting one call: hidden at once, brought back for a while, then gone with everything that hangs on it."""

import asyncpg
import httpx
from fastapi import FastAPI

from tests.api.conftest import AgentSide, Learner, OpenedCall, error_of, turn
from tests.api.privacy.conftest import Workshop

V1 = "/api/v1"


async def held(learner: Learner, agent: AgentSide, words: str = "I like plums") -> OpenedCall:
    """A call that is over."""
    call = await agent.opened(await learner.room())
    assert (await call.append(turn("a", 0, words))).status_code == 200
    assert (await call.close()).status_code == 200
    return call


async def listed(learner: Learner) -> list[str]:
    """The calls in the learner's list."""
    session = await learner.default_session()
    answer = await learner.client.get(f"{V1}/sessions/{session['id']}/calls")
    return [call["id"] for call in answer.json()["items"]]


async def deleted(learner: Learner) -> list[str]:
    """The calls that can be brought back."""
    answer = await learner.client.get(f"{V1}/users/me/deleted-calls")
    assert answer.status_code == 200, answer.text
    return [call["id"] for call in answer.json()["items"]]


async def test_only_its_learner_deletes_a_call(
    anonymous: httpx.AsyncClient, learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    call = await held(learner, agent)
    for path, method in ((f"calls/{call.id}", "DELETE"), (f"calls/{call.id}/restore", "POST")):
        assert (await anonymous.request(method, f"{V1}/{path}")).status_code == 401
        assert (await stranger.client.request(method, f"{V1}/{path}")).status_code == 404
    assert (await anonymous.get(f"{V1}/users/me/deleted-calls")).status_code == 401
    assert await listed(learner) == [call.id]


async def test_a_call_that_goes_on_cannot_be_deleted(learner: Learner, agent: AgentSide) -> None:
    call = await agent.opened(await learner.room())
    answer = await learner.client.delete(f"{V1}/calls/{call.id}")
    assert (answer.status_code, error_of(answer)) == (409, "call_open")
    assert await listed(learner) == [call.id]


async def test_a_deleted_call_is_nowhere_and_comes_back_whole(learner: Learner, agent: AgentSide) -> None:
    first, second = await held(learner, agent), await held(learner, agent)
    answer = await learner.client.delete(f"{V1}/calls/{first.id}")
    assert (answer.status_code, answer.json()["id"], answer.json()["turn_count"]) == (200, first.id, 1)
    assert await listed(learner) == [second.id]
    assert (await learner.default_session())["call_count"] == 1
    for path in (f"calls/{first.id}", f"calls/{first.id}/turns"):
        assert (await learner.client.get(f"{V1}/{path}")).status_code == 404
    assert (await learner.client.delete(f"{V1}/calls/{first.id}")).status_code == 404
    assert await deleted(learner) == [first.id]
    assert (await learner.client.post(f"{V1}/calls/{first.id}/restore")).status_code == 204
    assert await listed(learner) == [second.id, first.id]
    turns = await learner.client.get(f"{V1}/calls/{first.id}/turns")
    assert [one["text"] for one in turns.json()["items"]] == ["I like plums"]
    assert await deleted(learner) == []
    assert (await learner.client.post(f"{V1}/calls/{first.id}/restore")).status_code == 404


async def test_the_coach_hears_no_more_of_it(learner: Learner, agent: AgentSide) -> None:
    call = await held(learner, agent, "My secret is the zebrafinch")
    assert (await learner.client.delete(f"{V1}/calls/{call.id}")).status_code == 200
    opened = await agent.opened(await learner.room(), "AJ_2")
    assert "zebrafinch" not in str(opened.body["brief"])


async def test_late_pieces_of_a_deleted_call_are_refused(learner: Learner, agent: AgentSide) -> None:
    call = await held(learner, agent)
    await learner.client.delete(f"{V1}/calls/{call.id}")
    answer = await call.append(turn("b", 1))
    assert (answer.status_code, error_of(answer)) == (410, "call_erased")


async def test_no_number_and_no_room_is_given_twice(
    learner: Learner, agent: AgentSide, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    last = await held(learner, agent)
    await learner.client.delete(f"{V1}/calls/{last.id}")
    assert await learner.room() != room
    await owner.execute("UPDATE calls SET deleted_at = now() - interval '8 days'")
    await workshop.jobs.daily()
    await workshop.work()
    assert await owner.fetchval("SELECT count(*) FROM calls") == 0
    again = await held(learner, agent)
    assert await owner.fetchval("SELECT number FROM calls") == 1
    assert await listed(learner) == [again.id]


async def test_after_its_time_it_is_gone_with_everything(
    learner: Learner, agent: AgentSide, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    calls = [await held(learner, agent) for _ in range(3)]
    for call in calls:
        await workshop.storage.put(f"recordings/{call.id}/segments/0.ogg", b"sound")
    for call in calls[:2]:
        await learner.client.delete(f"{V1}/calls/{call.id}")
    await owner.execute(
        "UPDATE calls SET deleted_at = now() - interval '8 days' WHERE id::text = $1", calls[0].id
    )
    await workshop.jobs.daily()
    await workshop.work()
    assert await deleted(learner) == [calls[1].id]
    left = await owner.fetch("SELECT DISTINCT call_id::text FROM turns")
    assert {row["call_id"] for row in left} == {call.id for call in calls[1:]}
    folders = {path.name for path in (workshop.storage.folder / "recordings").iterdir()}
    assert folders == {call.id for call in calls[1:]}


async def test_deleting_and_bringing_back_are_noted(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection, app: FastAPI
) -> None:
    call = await held(learner, agent)
    await learner.client.delete(f"{V1}/calls/{call.id}")
    await learner.client.post(f"{V1}/calls/{call.id}/restore")
    rows = await owner.fetch("SELECT action, subject_id::text FROM audit_events ORDER BY at")
    assert [tuple(row) for row in rows] == [("call.deleted", call.id), ("call.restored", call.id)]
