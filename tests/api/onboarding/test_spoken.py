"""A placement that is talked through: the plan of one call, its events, and the level after the call."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi import FastAPI

from api.onboarding.placement import placement_file
from api.onboarding.spoken import PlacementJobs
from tests.api.conftest import AgentSide, Learner, OpenedCall, error_of, turn
from tests.api.onboarding.test_onboarding import ME, SAID, begun

STEPS = placement_file().content.steps


def spoken(item: str, position: int, text: str) -> dict[str, Any]:
    """A learner's turn with the time of each word, at 100 words a minute."""
    words = [
        {"word": word, "start": 0.6 * index, "end": 0.6 * index + 0.4, "confidence": 0.9}
        for index, word in enumerate(text.split())
    ]
    return {**turn(item, position, text), "words": words}


async def talked(call: OpenedCall, said: dict[str, str] = SAID) -> None:
    """The whole placement as a worker tells it."""
    turns: list[dict[str, Any]] = [turn("hello", 0, "Good morning, coach!")]
    for step in STEPS:
        turns.append(turn(f"ask-{step.key}", len(turns), step.exchanges[0].say, "coach"))
        turns.append(spoken(f"say-{step.key}", len(turns), said[step.key]))
    assert (await call.append(*turns)).status_code == 200


async def judged(app: FastAPI, person: Learner, call: OpenedCall) -> None:
    """The worker's job."""
    await PlacementJobs(app.state.database).judge(str(person.organisation_id), call.id)


async def test_the_next_call_is_the_placement_and_sets_the_level(
    app: FastAPI, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    placement = await begun(learner, "spoken")
    assert placement["tasks"] == []
    call = await agent.opened(await learner.room())
    lesson = call.body["brief"]["lesson"]
    assert lesson["attempt_id"] == placement["id"]
    assert [step["key"] for step in lesson["content"]["steps"]] == list(SAID)
    again = await agent.opened(await learner.room(), job="AJ_2")
    assert again.body["brief"]["lesson"] == lesson, "another worker goes on with it"
    await talked(again)
    await again.close()
    waiting = await owner.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'onboarding.judge'")
    assert len(waiting) == 1
    await judged(app, learner, again)
    found = (await learner.client.get(f"{ME}/placements/{placement['id']}")).json()
    assert (found["state"], found["level"]) == ("scored", "A2")
    tempo = [reason["value"] for reason in found["reasons"] if reason["measure"] == "tempo"]
    assert tempo == [pytest.approx(100, abs=5)]
    level = (await learner.client.get(f"{ME}/level")).json()
    assert (level["level"], level["source"]) == ("A2", "placed")
    await judged(app, learner, again)
    assert (await learner.client.get(f"{ME}/level")).json() == level, "judged once"
    free = await agent.opened(await learner.room())
    assert free.body["brief"]["lesson"] is None


async def test_events_say_which_turn_answers_which_task(
    app: FastAPI, learner: Learner, agent: AgentSide
) -> None:
    placement = await begun(learner, "spoken")
    call = await agent.opened(await learner.room())
    texts = list(SAID.values())
    await call.append(*(spoken(f"item{number}", number, text) for number, text in enumerate(texts)))
    events = [
        {
            "number": number,
            "kind": "exchange_done",
            "at": "2026-11-21T10:00:00Z",
            "step": step.key,
            "exchange": 0,
            "item_id": f"item{number}",
        }
        for number, step in enumerate(STEPS)
    ]
    body = {"attempt_id": placement["id"], "events": events}
    assert (await call.post("lesson", body)).json()["added"] == 4
    await call.close()
    await judged(app, learner, call)
    found = (await learner.client.get(f"{ME}/placements/{placement['id']}")).json()
    assert (found["state"], found["level"]) == ("scored", "A2")


async def test_events_of_another_attempt_are_refused(learner: Learner, agent: AgentSide) -> None:
    await begun(learner, "spoken")
    call = await agent.opened(await learner.room())
    event = {"number": 1, "kind": "started", "at": "2026-11-21T10:00:00Z"}
    answer = await call.post("lesson", {"attempt_id": str(uuid4()), "events": [event]})
    assert (answer.status_code, error_of(answer)) == (403, "lesson_of_another")


async def test_a_call_that_was_hung_up_at_once_gives_no_level(
    app: FastAPI, learner: Learner, agent: AgentSide
) -> None:
    placement = await begun(learner, "spoken")
    call = await agent.opened(await learner.room())
    await call.append(turn("a", 0, "Hello?"))
    await call.close()
    await judged(app, learner, call)
    found = (await learner.client.get(f"{ME}/placements/{placement['id']}")).json()
    assert (found["state"], found["level"]) == ("refused", None)


async def test_one_that_was_not_used_in_a_day_takes_no_call(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    placement = await begun(learner, "spoken")
    await owner.execute(
        "UPDATE placements SET created_at = now() - $1::interval WHERE id = $2",
        timedelta(days=2),
        UUID(placement["id"]),
    )
    assert (await agent.opened(await learner.room())).body["brief"]["lesson"] is None


async def test_it_is_nobody_elses_call(learner: Learner, stranger: Learner, agent: AgentSide) -> None:
    await begun(learner, "spoken")
    assert (await agent.opened(await stranger.room())).body["brief"]["lesson"] is None
