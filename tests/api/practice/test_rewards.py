"""Points once for each cause, badges, the goal of a week, and days in a row."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.api.conftest import OpenedCall, turn
from tests.api.practice.conftest import NOW, V1, Clock, Practice, corrected


async def spoken(practice: Practice, job: str, at: datetime, minutes: float) -> OpenedCall:
    """A call of so many minutes of the learner's speech."""
    call = await practice.agent.opened(await practice.learner.room(), job)
    times = {"started_at": at.isoformat(), "ended_at": (at + timedelta(minutes=minutes)).isoformat()}
    assert (await call.append({**turn(f"{job}-1", 0), **times, "words": []})).status_code == 200
    assert (await call.close(ended_at=times["ended_at"])).status_code == 200
    moved = "UPDATE call_figures SET started_at = $1 WHERE call_id = $2"
    await practice.owner.execute(moved, at, UUID(call.id))
    return call


async def items(practice: Practice, count: int) -> list[dict[str, Any]]:
    """So many items that are due tomorrow."""
    found = [corrected(f"w{n}", f"v{n}", f"I say v{n}.", rule=f"rule-{n}") for n in range(count)]
    await practice.slipped(await practice.call("I say", job="AJ_items"), *found)
    listed: list[dict[str, Any]] = (await practice.get("reviews"))["items"]
    return listed


async def test_nobody_sees_practice(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get(f"{V1}/practice")).status_code == 401
    assert (await anonymous.put(f"{V1}/practice/goal", json={"minutes": 30})).status_code == 401


async def test_a_new_learner_has_everything_ahead(practice: Practice, clock: Clock) -> None:
    body = await practice.get("practice")
    assert (body["points"], body["due"]) == ({"total": 0, "week": 0}, 0)
    assert body["streak"] == {"days": 0, "longest": 0, "today": False, "forgiven": []}
    assert (body["week"]["minutes"], body["week"]["goal_minutes"]) == (0.0, 30)
    assert body["week"]["days"][0]["day"] == "2026-11-16"
    assert [badge["earned_at"] for badge in body["badges"]] == [None] * 10


async def test_points_are_paid_once_and_a_longer_call_is_paid_up(
    practice: Practice, clock: Clock, owner: asyncpg.Connection
) -> None:
    call = await spoken(practice, "AJ_1", NOW, 2.5)
    (item,) = await items(practice, 1)
    await practice.grade(item["id"], "again")
    clock.move(minutes=10)
    await practice.grade(item["id"], "good")
    for _twice in range(2):
        await practice.rewarded()
    paid = {row["kind"]: row["points"] for row in await owner.fetch("SELECT kind, points FROM point_entries")}
    assert paid == {"minutes": 25, "review": 3}
    late = {"started_at": "2026-11-21T12:03:00Z", "ended_at": "2026-11-21T12:04:00Z", "words": []}
    assert (await call.append({**turn("late", 7), **late})).status_code == 200
    await practice.rewarded()
    body = await practice.get("practice")
    assert body["points"] == {"total": 38, "week": 38}


async def test_a_grading_that_was_taken_back_earns_nothing(
    practice: Practice, clock: Clock, owner: asyncpg.Connection
) -> None:
    (item,) = await items(practice, 1)
    await practice.grade(item["id"], "good")
    entry = await owner.fetchval("SELECT grading_id FROM review_entries WHERE how = 'screen'")
    path = f"{V1}/reviews/{item['id']}/undo"
    undone = await practice.learner.client.post(path, json={"grading_id": str(entry)})
    assert undone.status_code == 200
    await practice.rewarded()
    assert await owner.fetchval("SELECT count(*) FROM point_entries WHERE kind = 'review'") == 0


async def test_badges_are_earned_by_what_was_done_and_stay(practice: Practice, clock: Clock) -> None:
    call = await spoken(practice, "AJ_1", NOW, 61)
    await practice.rewarded()

    async def earned() -> set[str]:
        badges = (await practice.get("practice"))["badges"]
        return {badge["key"] for badge in badges if badge["earned_at"]}

    assert await earned() == {"first-call", "minutes-60"}
    assert (await practice.learner.client.delete(f"{V1}/calls/{call.id}")).is_success
    await practice.rewarded()
    assert await earned() == {"first-call", "minutes-60"}


async def test_the_goal_of_a_week_is_the_learners_and_pays_once(practice: Practice, clock: Clock) -> None:
    client = practice.learner.client
    for minutes, status in ((4, 422), (601, 422), (5, 204), (20, 204)):
        answer = await client.put(f"{V1}/practice/goal", json={"minutes": minutes})
        assert answer.status_code == status
    await spoken(practice, "AJ_1", NOW, 19)
    await practice.rewarded()
    assert (await practice.get("practice"))["points"]["total"] == 190
    await spoken(practice, "AJ_2", NOW + timedelta(hours=1), 1)
    for _twice in range(2):
        await practice.rewarded()
    body = await practice.get("practice")
    assert (body["week"]["minutes"], body["week"]["goal_minutes"]) == (20.0, 20)
    assert [day["minutes"] for day in body["week"]["days"]] == [0, 0, 0, 0, 0, 20.0, 0]
    assert body["points"]["total"] == 190 + 10 + 50


async def test_streaks_count_calls_and_reviews_and_forgive_a_day(practice: Practice, clock: Clock) -> None:
    for ago in (4, 3, 1):
        await spoken(practice, f"AJ_{ago}", NOW - timedelta(days=ago), 1)
    streak = (await practice.get("practice"))["streak"]
    assert streak == {"days": 3, "longest": 3, "today": False, "forgiven": ["2026-11-19"]}
    reviewed = await items(practice, 5)
    await practice.owner.execute("DELETE FROM call_figures WHERE started_at > $1", NOW)
    for item in reviewed[:4]:
        await practice.grade(item["id"], "good")
    assert not (await practice.get("practice"))["streak"]["today"]
    await practice.grade(reviewed[4]["id"], "good")
    assert (await practice.get("practice"))["streak"] == {**streak, "days": 4, "longest": 4, "today": True}


async def test_a_day_is_the_learners_own(practice: Practice, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2026-11-22T02:00Z")
    await spoken(practice, "AJ_1", clock.now - timedelta(hours=1), 1)
    lima = await practice.get("practice", time_zone="America/Lima")
    assert (lima["streak"]["today"], lima["week"]["days"][5]["minutes"]) == (True, 1.0)
    madrid = await practice.get("practice", time_zone="Europe/Madrid")
    assert madrid["week"]["days"][6]["minutes"] == 1.0
