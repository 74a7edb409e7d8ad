"""The made-up school: whole, written once, with figures that hold; and what may be told of its programs."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.analytics.jobs import AnalyticsJobs
from api.database import Database, utc_now
from api.identity.demo import demo_accounts
from api.identity.models import MemberRole
from api.jobs import JobName
from api.school.plan import EXAM_PROGRAM, SCHOOL_ID, SMALL_PROGRAM, Size
from api.school.seed import seed
from api.settings import Settings
from tests.api.conftest import client_of, error_of

V1 = "/api/v1"
SIZE = Size(learners=20, calls=240, turns=2_000, instructors=2)
PASSWORDS = {account.role: account.password for account in demo_accounts()}


@pytest.fixture
async def school(app: FastAPI, settings: Settings) -> Database:
    """The school, and the application's database."""
    await seed(settings.database_url, SIZE)
    database: Database = app.state.database
    return database


@pytest.fixture
async def teacher(app: FastAPI, school: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The first instructor, who also teaches those who prepare for the exam."""
    async with client_of(app) as client:
        body = {"email": "instructor-001@school.example.com", "password": PASSWORDS[MemberRole.INSTRUCTOR]}
        assert (await client.post(f"{V1}/auth/login", json=body)).status_code == 204
        yield client


async def program(owner: asyncpg.Connection, name: str) -> UUID:
    key: UUID = await owner.fetchval("SELECT id FROM programs WHERE name = $1", name)
    return key


async def test_school_is_whole_written_once_and_reckoned_as_it_will_be_again(
    school: Database, settings: Settings, owner: asyncpg.Connection
) -> None:
    counted = await owner.fetchrow(
        "SELECT (SELECT count(*) FROM calls), (SELECT count(*) FROM turns), (SELECT count(*) FROM memberships"
        " WHERE role = 'learner'), (SELECT sum(turns) FROM call_figures)"
    )
    assert tuple(counted) == (SIZE.calls, SIZE.turns, SIZE.learners, SIZE.turns)
    overlapping = await owner.fetchval(
        "SELECT count(*) FROM calls a JOIN calls b ON a.session_id = b.session_id AND a.number + 1 = b.number"
        " WHERE a.ended_at > b.started_at OR b.ended_at > now()"
    )
    assert overlapping == 0
    assert await owner.fetchval("SELECT count(*) FROM comments WHERE parent_id IS NOT NULL") > 0
    kept = await owner.fetch("SELECT * FROM learner_stats ORDER BY user_id")
    assert await seed(settings.database_url, SIZE) == 0
    assert await owner.fetch("SELECT * FROM learner_stats ORDER BY user_id") == kept


async def test_night_moves_windows_and_catches_up(school: Database, owner: asyncpg.Connection) -> None:
    query = "SELECT * FROM learner_stats ORDER BY user_id"
    kept = await owner.fetch(query)
    early, late = kept[0]["user_id"], kept[1]["user_id"]
    await owner.execute(
        "UPDATE learner_stats SET as_of = as_of - 3, weeks_ms = '{7}', month_ms = 7 WHERE user_id <> $1", late
    )
    for table in ("learner_stats", "learner_days", "call_figures"):
        await owner.execute(f"DELETE FROM {table} WHERE user_id = $1", late)  # noqa: S608 - names of ours
    await owner.execute("DELETE FROM call_figures WHERE user_id = $1", early)
    await AnalyticsJobs(school).reckon_all()
    queued = await owner.fetch("SELECT entrypoint FROM pgqueuer")
    assert [row["entrypoint"] for row in queued] == [JobName.RECKON_ORGANISATION]
    await AnalyticsJobs(school).reckon_organisation(str(SCHOOL_ID))
    assert await owner.fetch(query) == kept


async def test_program_is_told_to_those_who_teach_it(
    teacher: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    exam, small = await program(owner, EXAM_PROGRAM), await program(owner, SMALL_PROGRAM)
    answer = await teacher.get(f"{V1}/analytics/programs/{exam}", params={"weeks": 20})
    body = answer.json()
    assert (answer.status_code, body["learners"], body["smallest_group"]) == (200, SIZE.learners, 5)
    assert len(body["weeks"]) == 20
    told = [week["figures"] for week in body["weeks"] if week["figures"]]
    assert told
    assert all(figures["active_learners"] >= 5 for figures in told)
    assert body["total"]["calls"] == sum(figures["calls"] for figures in told)
    today = utc_now().date()
    assert body["weeks"][-1]["week"] == str(today - timedelta(days=today.weekday() + 7))
    for method, path in (("GET", f"programs/{small}"), ("POST", f"programs/{small}/refresh")):
        refused = await teacher.request(method, f"{V1}/analytics/{path}")
        assert (refused.status_code, error_of(refused)) == (404, "not_found")
    await _small_group_is_not_kept(owner, small)
    path = f"{V1}/analytics/programs/{exam}/refresh"
    answers = [await teacher.post(path) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [202] * 6 + [429]
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == 1


async def _small_group_is_not_kept(owner: asyncpg.Connection, small: UUID) -> None:
    rows = await owner.fetch("SELECT * FROM program_weeks WHERE program_id = $1", small)
    columns = ("learners", "calls", "spoken_ms", "coach_ms", "turns", "words")
    assert {row[name] for row in rows for name in columns} == {None}
    assert await owner.fetchval("SELECT count(*) FROM program_calls WHERE program_id = $1", small) > 0


async def test_who_leaves_a_program_stays_in_its_past_weeks_until_they_are_erased(
    school: Database, owner: asyncpg.Connection
) -> None:
    exam = await program(owner, EXAM_PROGRAM)
    query = "SELECT week, learners, calls, spoken_ms FROM program_weeks WHERE program_id = $1 ORDER BY week"
    kept = await owner.fetch(query, exam)
    leaving = await owner.fetchval(
        "SELECT f.user_id FROM call_figures f JOIN program_calls p USING (call_id) JOIN program_weeks w ON"
        " w.program_id = p.program_id AND w.week = date_trunc('week', f.started_at AT TIME ZONE 'UTC')::date"
        " WHERE p.program_id = $1 AND w.learners > 5 LIMIT 1",
        exam,
    )
    await owner.execute("DELETE FROM enrolments WHERE program_id = $1 AND user_id = $2", exam, leaving)
    await AnalyticsJobs(school).reckon_organisation(str(SCHOOL_ID))
    assert await owner.fetch(query, exam) == kept
    await owner.execute("DELETE FROM users WHERE id = $1", leaving)
    await AnalyticsJobs(school).reckon_organisation(str(SCHOOL_ID))
    assert sum(row["calls"] or 0 for row in await owner.fetch(query, exam)) < sum(
        row["calls"] or 0 for row in kept
    )
