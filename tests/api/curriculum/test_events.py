"""What a call tells of its lesson: once, late, in any order, refused one by one, and what it proves."""

from itertools import permutations
from typing import Any

import asyncpg
import pytest

from tests.api.conftest import AgentSide, Learner, OpenedCall, error_of
from tests.api.curriculum.conftest import (
    V1,
    Load,
    begun,
    event,
    lesson,
    listed,
    next_call,
    told,
    whole_lesson,
)


@pytest.fixture
async def attempt(load_lessons: Load, learner: Learner) -> str:
    """The learner's attempt at the only lesson."""
    await load_lessons(lesson())
    [one] = await listed(learner)
    key: str = (await begun(learner, one["id"]))["attempt"]["id"]
    return key


@pytest.fixture
async def call(attempt: str, learner: Learner, agent: AgentSide) -> OpenedCall:
    """The call in which it is gone through."""
    return await next_call(learner, agent)


async def shown(learner: Learner, attempt: str) -> dict[str, Any]:
    """The attempt as its learner sees it."""
    body: dict[str, Any] = (await learner.client.get(f"{V1}/lessons/attempts/{attempt}")).json()
    return body


async def mastery(learner: Learner) -> dict[str, tuple[float, int]]:
    """The learner's mastery by objective, rounded."""
    items = (await learner.client.get(f"{V1}/objectives")).json()["items"]
    return {
        one["key"]: (round(one["mastery"]["level"], 3), one["mastery"]["evidence"])
        for one in items
        if one["mastery"]
    }


async def test_only_the_calls_own_lesson_is_told_of(
    call: OpenedCall, attempt: str, learner: Learner, stranger: Learner, agent: AgentSide
) -> None:
    body = {"attempt_id": attempt, "events": [event(0, "completed")]}
    assert (await call.post("lesson", body, grant="nonsense")).status_code == 401
    other = await next_call(stranger, agent, "AJ_2")
    foreign = await other.post("lesson", body)
    assert (foreign.status_code, error_of(foreign)) == (403, "lesson_of_another")
    assert (await other.post("lesson", body, grant=call.body["grant"])).status_code == 403
    assert (await shown(learner, attempt))["state"] == "open"


async def test_a_lesson_gone_through(call: OpenedCall, attempt: str, learner: Learner) -> None:
    done = await told(call, attempt, *whole_lesson())
    assert done == {"added": 11, "already_kept": 0, "refused": []}
    kept = await shown(learner, attempt)
    assert (kept["state"], kept["step"], kept["call_ids"]) == ("completed", 2, [call.id])
    assert [one["state"] for one in kept["steps"]] == ["done", "done"]
    assert {one["key"]: one["met"] for one in kept["criteria"]} == {"from": True, "long": False, "asks": True}
    assert (await learner.default_session())["mode"] == "conversation"
    assert await mastery(learner) == {
        "a2-interaction": (0.417, 2),  # (1 + 1 + 0.5) / (4 + 2): the second came after a hint
        "a2-production": (0.2, 1),  # 1 / (4 + 1): not shown
    }
    told_why = (await learner.client.get(f"{V1}/objectives/a2-interaction")).json()["evidence"]
    assert [(one["says"], one["shown"], one["helped"], one["lesson_title"]) for one in told_why] == [
        ("Say where you are from", True, True, "Where are you from?"),
        ("Say where you are from", True, False, "Where are you from?"),
    ]
    assert (await learner.client.get(f"{V1}/objectives/no-such")).status_code == 404


async def test_sent_again_nothing_changes(
    call: OpenedCall, attempt: str, learner: Learner, owner: asyncpg.Connection
) -> None:
    events = whole_lesson()
    await told(call, attempt, *events[:6])
    again = await told(call, attempt, *events)
    assert (again["added"], again["already_kept"]) == (5, 6)
    before = (await shown(learner, attempt), await mastery(learner))
    assert (await told(call, attempt, *events))["already_kept"] == 11
    assert (await shown(learner, attempt), await mastery(learner)) == before
    items = await owner.fetch("SELECT kind, answer FROM review_items ORDER BY kind")
    assert [tuple(one) for one in items] == [("phrase", "I am from Peru."), ("word", "country")]


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
async def test_in_any_order_the_end_is_the_same(
    call: OpenedCall, attempt: str, learner: Learner, order: tuple[int, ...]
) -> None:
    events = whole_lesson()
    parts = [events[:4], events[4:8], events[8:]]
    for place in order:
        await told(call, attempt, *parts[place])
    kept = await shown(learner, attempt)
    assert (kept["state"], kept["step"]) == ("completed", 2)
    assert [one["met"] for one in kept["criteria"]] == [True, False, True]
    assert (await mastery(learner))["a2-production"] == (0.2, 1)


async def test_a_late_outbox_still_delivers(
    call: OpenedCall, attempt: str, learner: Learner, agent: AgentSide
) -> None:
    events = whole_lesson()
    await told(call, attempt, *events[:6])
    await call.close()
    await learner.client.post(f"{V1}/lessons/attempts/{attempt}/leave")
    await told(call, attempt, *events[6:])
    assert (await shown(learner, attempt))["state"] == "completed"
    after = await next_call(learner, agent, "AJ_2")
    assert after.body["brief"]["lesson"] is None


async def test_another_call_goes_on_where_the_first_ended(
    call: OpenedCall, attempt: str, learner: Learner, agent: AgentSide
) -> None:
    events = whole_lesson()
    await told(call, attempt, *events[:7])
    await call.close()
    second = await next_call(learner, agent, "AJ_2")
    progress = second.body["brief"]["lesson"]["progress"]
    assert progress == {"step": 1, "exchange": 0, "met": ["from"], "skipped": []}
    await told(second, attempt, *events[8:])
    await told(call, attempt, events[2])
    kept = await shown(learner, attempt)
    assert (kept["state"], kept["call_ids"]) == ("completed", [call.id, second.id])


async def test_what_does_not_fit_is_refused_by_itself(
    call: OpenedCall, attempt: str, learner: Learner
) -> None:
    done = await told(
        call,
        attempt,
        event(0, "step_started", step="say"),
        event(1, "step_finished", step="no-such"),
        event(2, "criterion_met", step="say", criterion="no-such"),
        event(3, "exchange_done", step="ask", exchange=7),
        event(4, "criterion_met", step="say"),
        event(5, "step_skipped"),
        event(6, "support_changed"),
        event(7, "criterion_met", step="say", criterion="from"),
    )
    assert done["added"] == 2
    assert {one["number"]: one["code"] for one in done["refused"]} == {
        1: "unknown_step",
        2: "unknown_criterion",
        3: "unknown_exchange",
        4: "incomplete",
        5: "incomplete",
        6: "incomplete",
    }
    kept = await shown(learner, attempt)
    assert (kept["step"], [one["met"] for one in kept["criteria"]]) == (0, [True, False, False])


async def test_whole_batches_that_make_no_sense(call: OpenedCall, attempt: str) -> None:
    for body in (
        {"attempt_id": attempt, "events": []},
        {"attempt_id": attempt, "events": [event(0, "danced")]},
        {"attempt_id": attempt, "events": [event(-1, "started")]},
        {"attempt_id": attempt, "events": [event(0, "started")] * 101},
        {"attempt_id": "x", "events": [event(0, "started")]},
        {"attempt_id": attempt, "events": [{**event(0, "started"), "score": 100}]},
    ):
        assert (await call.post("lesson", body)).status_code == 422, body


async def test_skipping_proves_nothing(call: OpenedCall, attempt: str, learner: Learner) -> None:
    await told(call, attempt, event(0, "step_skipped", step="say"), event(1, "step_started", step="ask"))
    kept = await shown(learner, attempt)
    assert [one["state"] for one in kept["steps"]] == ["skipped", "running"]
    assert await mastery(learner) == {}


async def test_what_is_shown_later_counts(call: OpenedCall, attempt: str, learner: Learner) -> None:
    await told(call, attempt, event(5, "step_finished", step="say"))
    assert await mastery(learner) == {"a2-interaction": (0.2, 1), "a2-production": (0.2, 1)}
    await told(call, attempt, event(4, "criterion_met", step="say", criterion="long"))
    assert await mastery(learner) == {"a2-interaction": (0.2, 1), "a2-production": (0.4, 1)}


async def test_support_is_the_last_said_and_tells_why(
    call: OpenedCall, attempt: str, learner: Learner
) -> None:
    await told(call, attempt, event(9, "support_changed", support="less", reason="Three good answers."))
    await told(call, attempt, event(3, "support_changed", support="more", reason="Two hints in a row."))
    kept = await shown(learner, attempt)
    assert kept["support"] == "less"
    assert [(one["support"], one["reason"]) for one in kept["support_changes"]] == [
        ("more", "Two hints in a row."),
        ("less", "Three good answers."),
    ]


async def test_stopping_by_voice_leaves_the_lesson(
    call: OpenedCall, attempt: str, learner: Learner, owner: asyncpg.Connection
) -> None:
    await told(call, attempt, {**event(0, "stopped"), "at": "2026-11-01T10:00:00Z"})
    assert (await shown(learner, attempt))["state"] == "open", "that was before it was taken up"
    await told(call, attempt, {**event(1, "stopped"), "at": "2126-11-01T10:00:00Z"})
    assert (await shown(learner, attempt))["state"] == "left"
    assert (await learner.default_session())["mode"] == "conversation"


async def test_a_draft_proves_nothing(
    attempt: str, learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE lesson_attempts SET is_draft = true")
    call = await next_call(learner, agent)
    assert call.body["brief"]["lesson"]["draft"] is True
    await told(call, attempt, *whole_lesson())
    assert (await shown(learner, attempt))["state"] == "completed"
    assert await mastery(learner) == {}
    assert await owner.fetchval("SELECT count(*) FROM review_items") == 0
    assert (await learner.client.get(f"{V1}/lessons/attempts")).json()["items"] == []
    assert [one["state"] for one in await listed(learner)] == ["new"]
