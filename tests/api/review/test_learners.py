"""The list of learners: found, ordered, paged, whatever their number."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from tests.api.conftest import AgentSide, Learner, error_of
from tests.api.review.conftest import REVIEW, HeldCall, School, enrol, hold_call, ok

LEARNERS = f"{REVIEW}/learners"
SORTS = ("name", "activity", "minutes", "calls", "trend", "flags", "due")


async def names(asking: Learner, **query: Any) -> list[str]:
    """The names on one page."""
    return [one["name"] for one in ok(await asking.client.get(LEARNERS, params=query))["items"]]


@pytest.fixture
async def crowd(school: School, owner: asyncpg.Connection) -> list[str]:
    """Thirty learners straight into the database, with figures that are often alike; their names."""
    today = date(2026, 11, 20)
    for n in range(30):
        user_id = uuid4()
        await owner.execute(
            "INSERT INTO users (id, email, hashed_password, is_active, is_superuser, is_verified,"
            " display_name, locale, level, patience, greeting_verbosity)"
            " VALUES ($1, $2, '', true, false, true, $3, 'en', 'B1', 'balanced', 'normal')",
            user_id, f"l{n}@example.com", f"Learner {n:02}",
        )  # fmt: skip
        await owner.execute(
            "INSERT INTO memberships (id, organisation_id, user_id, role) VALUES ($1, $2, $3, 'learner')",
            uuid4(), school.organisation_id, user_id,
        )  # fmt: skip
        await enrol(owner, school.organisation_id, school.program_id, user_id, "learner")
        await owner.execute(
            "INSERT INTO learner_stats (organisation_id, user_id, last_activity_at, calls, turns, spoken_ms,"
            " coach_ms, words, weeks_ms, month_ms, before_ms, as_of)"
            " VALUES ($1, $2, now(), $3, 1, $4, 1, 1, '{1,2,3,4,5,6,7,60000}', $5, 60000, $6)",
            school.organisation_id, user_id, n % 3, (n % 5) * 60_000, (n % 4) * 60_000, today,
        )  # fmt: skip
        if n % 2:
            await owner.execute(
                "INSERT INTO assignments (id, organisation_id, learner_id, title, body, due_on, version)"
                " VALUES ($1, $2, $3, 'x', '', $4, 1)",
                uuid4(), school.organisation_id, user_id, today + timedelta(days=n % 3),
            )  # fmt: skip
    return [f"Learner {n:02}" for n in range(30)]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", SORTS)
async def test_pages_show_everybody_once_in_every_order(
    teacher: Learner, crowd: list[str], sort: str, order: str
) -> None:
    seen: list[dict[str, Any]] = []
    query: dict[str, Any] = {"sort": sort, "order": order, "limit": 7}
    while True:
        page = ok(await teacher.client.get(LEARNERS, params=query))
        assert page["total"] == 30
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert sorted(one["name"] for one in seen) == crowd
    field = {"minutes": "minutes_spoken", "calls": "calls", "trend": "trend_minutes", "name": "name"}.get(
        sort
    )
    if field is not None:
        values = [one[field] for one in seen]
        assert values == sorted(values, reverse=order == "desc")
    if sort == "due":
        dues = [one["next_due"] or "9999" for one in seen]
        assert dues == sorted(dues, reverse=order == "desc")


async def test_search_program_and_what_is_no_pattern(
    teacher: Learner, school: School, crowd: list[str], owner: asyncpg.Connection
) -> None:
    assert await names(teacher, search="LEARNER 07") == ["Learner 07"]
    assert await names(teacher, search="l7@exam") == ["Learner 07"]
    for pattern in ("%", "_", "\\", "' OR 1=1"):
        assert await names(teacher, search=pattern) == []
    assert await names(teacher, program_id=str(school.other_program_id)) == []
    assert len(await names(teacher, program_id=str(school.program_id), limit=100)) == 30
    administrator = await school.join("Ada", "admin")
    assert len(await names(administrator, limit=100)) == 30


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "email"},
        {"order": "up"},
        {"limit": 0},
        {"limit": 101},
        {"search": "x" * 101},
        {"cursor": "x"},
    ],
)
async def test_limits(teacher: Learner, query: dict[str, Any]) -> None:
    assert (await teacher.client.get(LEARNERS, params=query)).status_code == 422


async def test_cursor_of_another_order_is_refused(teacher: Learner, crowd: list[str]) -> None:
    first = ok(await teacher.client.get(LEARNERS, params={"sort": "name", "limit": 3}))
    for other in ({"sort": "calls"}, {"sort": "name", "order": "asc"}):
        answer = await teacher.client.get(LEARNERS, params={**other, "cursor": first["next_cursor"]})
        assert (answer.status_code, error_of(answer)) == (422, "invalid_cursor")


async def test_who_just_spoke_comes_first(
    teacher: Learner, maya: Learner, school: School, agent: AgentSide, call: HeldCall
) -> None:
    silent = await school.join("Noor")
    recent = await school.join("Rui")
    await hold_call(agent, recent, "Hello", job="AJ_2")
    listed = ok(await teacher.client.get(LEARNERS))["items"]
    assert [one["name"] for one in listed] == ["Rui", "Maya", "Noor"]
    assert [bool(one["last_activity_at"]) for one in listed] == [True, True, False]
    assert listed[2]["id"] == str(silent.id)
    assert listed[1]["weeks"] == [0.0, 0.0, 0.0, listed[1]["minutes_spoken"]]


async def test_learners_page(
    teacher: Learner, school: School, maya: Learner, owner: asyncpg.Connection
) -> None:
    await enrol(owner, school.organisation_id, school.other_program_id, maya.id, "learner")
    page = ok(await teacher.client.get(f"{LEARNERS}/{maya.id}"))
    assert (page["learner"]["name"], page["learner"]["email"]) == ("Maya", maya.email)
    assert [one["name"] for one in page["programs"]] == ["Evening class"]
    administrator = await school.join("Ada", "admin")
    page = ok(await administrator.client.get(f"{LEARNERS}/{maya.id}"))
    assert [one["name"] for one in page["programs"]] == ["Evening class", "Morning class"]


@pytest.fixture
def statements(application: FastAPI) -> Iterator[list[str]]:
    """Every statement that the application's reading sessions send from now on."""
    sent: list[str] = []
    engine = application.state.database.engines[1].sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_number_of_statements_does_not_grow_with_the_learners(
    teacher: Learner, maya: Learner, crowd: list[str], statements: list[str]
) -> None:
    ok(await teacher.client.get(LEARNERS))  # a connection that rested is tried first
    sent = []
    for limit in (1, 31):
        statements.clear()
        ok(await teacher.client.get(LEARNERS, params={"limit": limit}))
        sent.append(len(statements))
    assert sent[0] == sent[1]
    assert len([one for one in statements if "learner_stats" in one]) == 1
