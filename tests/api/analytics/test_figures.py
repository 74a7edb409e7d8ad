"""Figures of learners: kept in step with calls, told to the learner and to whom they are visible."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.analytics.reckoning import service as reckoning
from api.database import Database, utc_now
from api.tenancy import act_for
from tests.api.conftest import AgentSide, Learner, OpenedCall, SignUp, error_of, turn
from tests.api.school import found

V1 = "/api/v1"
TABLES = ("call_figures", "learner_days", "learner_stats")


async def figures(learner: Learner, **query: Any) -> dict[str, Any]:
    """The learner's own figures."""
    answer = await learner.client.get(f"{V1}/analytics/me", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def spoken(item: str, at: datetime, seconds: float, text: str, role: str = "learner") -> dict[str, Any]:
    """A turn of some length: the learner's by its words, after which a pause follows."""
    word = {"word": "word", "start": 2.0, "end": 2.0 + seconds, "confidence": 0.9}
    pause, words = (timedelta(seconds=2), [word]) if role == "learner" else (timedelta(), [])
    end = at + timedelta(seconds=seconds) + pause
    times = {"started_at": at.isoformat(), "ended_at": end.isoformat()}
    return turn(item, 0, text, role) | times | {"words": words}


async def held_call(
    learner: Learner, agent: AgentSide, *turns: dict[str, Any], job: str = "AJ_1"
) -> OpenedCall:
    """A call with these turns that has ended."""
    call = await agent.opened(await learner.room(), job)
    assert (await call.append(*turns)).status_code == 200
    assert (await call.close(ended_at=utc_now().isoformat())).status_code == 200
    return call


async def rows(owner: asyncpg.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All figures of learners."""
    return {
        table: sorted(tuple(row.values()) for row in await owner.fetch(f"SELECT * FROM {table}"))  # noqa: S608
        for table in TABLES
    }


@pytest.fixture
async def database(app: FastAPI) -> Database:
    """The application's database."""
    held: Database = app.state.database
    return held


async def recalculate(database: Database, learner: Learner) -> None:
    async with database.transaction() as session:
        await act_for(session, learner.organisation_id)
        await reckoning.recalculate(session, learner.organisation_id, learner.id)


async def test_nobody_sees_figures(anonymous: httpx.AsyncClient) -> None:
    for path in ("me", f"learners/{UUID(int=1)}", f"programs/{UUID(int=1)}"):
        assert (await anonymous.get(f"{V1}/analytics/{path}")).status_code == 401


async def test_learner_without_calls_has_empty_figures(learner: Learner) -> None:
    body = await figures(learner, weeks=3)
    assert (body["calls"], body["minutes_spoken"], body["last_activity_at"]) == (0, 0.0, None)
    assert body["streak"] == {"days": 0, "longest": 0, "today": False, "forgiven": []}
    assert [week["calls"] for week in body["weeks"]] == [0, 0, 0]
    assert body["words_per_minute"] is body["share_of_talk"] is body["trend"] is None


async def test_ended_call_is_counted(learner: Learner, agent: AgentSide) -> None:
    at = utc_now()
    await held_call(
        learner,
        agent,
        spoken("a", at, 30, "What did you do?", "coach"),
        spoken("b", at, 90, "I went, I went to the market - yes!"),
        spoken("c", at, 600, "typed words") | {"input_kind": "text"},
    )
    body = await figures(learner)
    assert (body["calls"], body["turns"], body["minutes_spoken"]) == (1, 3, 1.5)
    assert body["share_of_talk"] == 0.75
    assert body["words_per_minute"] == round(8 / 1.5, 1)
    assert body["week_minutes"] == body["month_minutes"] == body["weeks"][-1]["minutes_spoken"] == 1.5
    assert body["streak"] == {"days": 1, "longest": 1, "today": True, "forgiven": []}
    assert [(day["calls"], day["distinct_words"]) for day in body["days"]] == [(1, 6)]


async def test_open_call_is_not_counted(learner: Learner, agent: AgentSide) -> None:
    call = await agent.opened(await learner.room())
    await call.append(spoken("a", utc_now(), 60, "Hello"))
    assert (await figures(learner))["calls"] == 0


async def test_incremental_figures_are_those_recalculated(
    learner: Learner, agent: AgentSide, database: Database, owner: asyncpg.Connection
) -> None:
    at = utc_now()
    call = await held_call(learner, agent, spoken("a", at, 12.345, "One two two"), job="AJ_1")
    await call.append(
        spoken("late", at, 7.5, "three, Four"), spoken("typed", at, 3, "x") | {"input_kind": "text"}
    )
    await held_call(learner, agent, spoken("a", at, 20, "Well done", "coach"), job="AJ_2")
    backwards = spoken("a", at, 5, "five") | {
        "ended_at": (at - timedelta(seconds=9)).isoformat(),
        "words": [],
    }
    third = await agent.opened(await learner.room(), "AJ_3")
    await third.append(spoken("b", at, 1, "six\nseven  eight"))
    assert (await third.append(backwards)).status_code in {200, 422}
    await third.close(ended_at=utc_now().isoformat(), reason="room_finished")
    kept = await rows(owner)
    assert [len(kept[table]) for table in TABLES] == [3, 1, 1]
    await recalculate(database, learner)
    assert await rows(owner) == kept


async def test_reopened_call_counts_again_when_it_has_ended(
    learner: Learner, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    room = await learner.room()
    call = await agent.opened(room)
    await call.append(spoken("a", utc_now(), 60, "Hello"))
    await call.close(reason="room_finished", ended_at=utc_now().isoformat())
    assert (await figures(learner))["calls"] == 1
    again = await agent.opened(room, "AJ_2")
    assert (await figures(learner))["calls"] == 0
    await again.append(spoken("b", utc_now(), 60, "Hello again"))
    await again.close(ended_at=utc_now().isoformat())
    assert (await figures(learner))["minutes_spoken"] == 2.0


async def test_removed_call_leaves_the_figures(
    learner: Learner, agent: AgentSide, database: Database, owner: asyncpg.Connection
) -> None:
    first = await held_call(learner, agent, spoken("a", utc_now(), 60, "Hello"))
    await owner.execute("DELETE FROM calls WHERE id = $1", UUID(first.id))
    async with database.transaction() as session:
        await act_for(session, learner.organisation_id)
        await reckoning.calls_removed(session, learner.organisation_id)
    assert (await figures(learner))["calls"] == 0
    assert await rows(owner) == {table: [] for table in TABLES}


async def test_streak_and_weeks_are_those_of_the_learners_time_zone(
    learner: Learner, agent: AgentSide, database: Database, owner: asyncpg.Connection
) -> None:
    for number in range(2):
        await held_call(learner, agent, spoken("a", utc_now(), 60, "Hello"), job=f"AJ_{number}")
    # Monday 01:30 in Madrid is Sunday 23:30 in UTC.
    moments = (
        datetime.fromisoformat("2026-11-08T23:30+00:00"),
        datetime.fromisoformat("2026-11-09T22:00+00:00"),
    )
    for number, moment in enumerate(moments):
        await owner.execute(
            "UPDATE calls SET started_at = $1, ended_at = $2 WHERE number = $3",
            moment,
            moment + timedelta(minutes=5),
            number,
        )
    await recalculate(database, learner)
    by_utc = await figures(learner, weeks=53)
    by_madrid = await figures(learner, weeks=53, time_zone="Europe/Madrid")
    assert (by_utc["streak"]["longest"], by_madrid["streak"]["longest"]) == (2, 1)
    assert sum(week["calls"] == 1 for week in by_utc["weeks"]) == 2
    assert [week["calls"] for week in by_madrid["weeks"] if week["week"] == "2026-11-09"] == [2]


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "", "Europe", "localtime", "../etc/passwd", "UTC'; DROP TABLE turns"]
)
async def test_unknown_time_zone_is_refused(learner: Learner, zone: str) -> None:
    answer = await learner.client.get(f"{V1}/analytics/me", params={"time_zone": zone})
    assert (answer.status_code, error_of(answer)) == (422, "unknown_time_zone")


async def test_figures_of_a_learner_are_for_their_instructors(sign_up: SignUp, stranger: Learner) -> None:
    school = await found(sign_up)
    program = await school.program()
    student = await school.join("Mia", program_id=program)
    teacher = await school.join("Tom", "instructor", program)
    other = await school.join("Una", "instructor", await school.program("Another"))
    path = f"{V1}/analytics/learners/{student.id}"
    for person in (student, stranger, other):
        assert (await person.client.get(path)).status_code == 404
    for person in (teacher, school.admin):
        answer = await person.client.get(path)
        assert (answer.status_code, answer.json()["calls"]) == (200, 0)


async def test_deleted_call_is_not_counted_until_it_is_restored(learner: Learner, agent: AgentSide) -> None:
    call = await held_call(learner, agent, spoken("a", utc_now(), 60, "Hello"))
    assert (await learner.client.delete(f"{V1}/calls/{call.id}")).status_code == 200
    assert (await figures(learner))["calls"] == 0
    assert (await learner.client.post(f"{V1}/calls/{call.id}/restore")).status_code == 204
    assert (await figures(learner))["minutes_spoken"] == 1.0
