"""How long calls are kept: who may decide, that the shortest counts, and what a pass removes."""

import asyncpg
import httpx
import pytest

from tests.api.conftest import AgentSide, Learner, OpenedCall, SignUp, error_of
from tests.api.privacy.conftest import Workshop
from tests.api.privacy.test_deletion import held, listed
from tests.api.school import School, choose, found

V1 = "/api/v1"
OWN = f"{V1}/users/me/retention"
POLICY = f"{V1}/school/retention"


@pytest.fixture
async def school(sign_up: SignUp) -> School:
    """A school."""
    return await found(sign_up)


async def made_older(owner: asyncpg.Connection, call: OpenedCall, days: int) -> None:
    """A call that was held so many days ago."""
    await owner.execute(
        "UPDATE calls SET started_at = now() - make_interval(days => $1) - interval '1 hour',"
        " ended_at = now() - make_interval(days => $1) WHERE id::text = $2",
        days,
        call.id,
    )


async def recorded(owner: asyncpg.Connection, workshop: Workshop, call: OpenedCall) -> str:
    """A call with a recording in the store; returns its key."""
    key = f"recordings/{call.id}/call.ogg"
    await workshop.storage.put(key, b"sound")
    await owner.execute(
        "INSERT INTO recordings (id, organisation_id, call_id, state, duration_s, size_bytes, object_key)"
        " SELECT gen_random_uuid(), organisation_id, id, 'ready', 1, 5, $2 FROM calls WHERE id::text = $1",
        call.id,
        key,
    )
    return key


async def purge(workshop: Workshop) -> None:
    """The nightly pass."""
    await workshop.jobs.daily()
    await workshop.work()


async def test_nobody_decides_for_others(
    anonymous: httpx.AsyncClient, school: School, stranger: Learner
) -> None:
    days = {"recording_days": 5, "transcript_days": 5}
    for method, path in (("GET", OWN), ("PUT", OWN), ("GET", POLICY), ("PUT", POLICY)):
        assert (await anonymous.request(method, path, json={})).status_code == 401
    assert (await anonymous.post(f"{V1}/school/purge")).status_code == 401
    mia, teacher = await school.join(), await school.join("Rosa", "instructor")
    for person in (mia, teacher, stranger):
        assert (await person.client.get(POLICY)).status_code == 403
        assert (await person.client.put(POLICY, json=days)).status_code == 403
        assert (await person.client.post(f"{V1}/school/purge")).status_code == 403


@pytest.mark.parametrize("days", [0, 3651, -1, "many"])
async def test_days_have_limits(learner: Learner, school: School, days: int | str) -> None:
    answer = await learner.client.put(OWN, json={"own_days": days})
    assert (answer.status_code, error_of(answer)) == (422, "validation_error")
    wrong = {"recording_days": days, "transcript_days": None}
    assert (await school.admin.client.put(POLICY, json=wrong)).status_code == 422


async def test_the_shortest_counts(school: School) -> None:
    mia = await school.join()
    policy = {"recording_days": 20, "transcript_days": 200}
    assert (await school.admin.client.put(POLICY, json=policy)).status_code == 200
    told = (await mia.client.get(OWN)).json()
    assert (told["recording_days"], told["transcript_days"]) == (20, 200)
    told = (await mia.client.put(OWN, json={"own_days": 30})).json()
    assert (told["own_days"], told["recording_days"], told["transcript_days"]) == (30, 20, 30)
    await choose(mia, mia.organisation_id)
    told = (await mia.client.get(OWN)).json()
    assert (told["recording_days"], told["transcript_days"]) == (30, 30)
    told = (await mia.client.put(OWN, json={"own_days": None})).json()
    assert (told["recording_days"], told["transcript_days"]) == (None, None)


async def test_what_is_older_goes_and_nothing_else(
    learner: Learner, stranger: Learner, agent: AgentSide, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    old, young = await held(learner, agent), await held(learner, agent)
    others = await held(stranger, agent)
    for call, days in ((old, 31), (young, 29), (others, 400)):
        await made_older(owner, call, days)
    assert (await learner.client.put(OWN, json={"own_days": 30})).status_code == 200
    await purge(workshop)
    assert await listed(learner) == [young.id]
    assert await listed(stranger) == [others.id]
    rows = await owner.fetch("SELECT DISTINCT call_id::text FROM turns")
    assert {row["call_id"] for row in rows} == {young.id, others.id}


async def test_an_organisation_s_policy_reaches_its_own_calls_alone(
    school: School, agent: AgentSide, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    mia = await school.join()
    in_school = await held(mia, agent)
    await choose(mia, mia.organisation_id)
    at_home = await held(mia, agent)
    for call in (in_school, at_home):
        await made_older(owner, call, 100)
    policy = {"recording_days": None, "transcript_days": 90}
    await school.admin.client.put(POLICY, json=policy)
    assert (await school.admin.client.post(f"{V1}/school/purge")).status_code == 202
    await workshop.work()
    rows = await owner.fetch("SELECT id::text FROM calls")
    assert [row["id"] for row in rows] == [at_home.id]


async def test_a_recording_may_go_before_its_transcript(
    school: School, agent: AgentSide, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    mia = await school.join()
    call = await held(mia, agent)
    key = await recorded(owner, workshop, call)
    await made_older(owner, call, 40)
    await school.admin.client.put(POLICY, json={"recording_days": 30, "transcript_days": None})
    await purge(workshop)
    assert not (workshop.storage.folder / key).exists()
    assert await owner.fetchval("SELECT state FROM recordings") == "erased"
    assert await owner.fetchval("SELECT count(*) FROM turns") == 1


async def test_a_pass_removes_more_than_it_can_take_at_once(
    learner: Learner, agent: AgentSide, workshop: Workshop, owner: asyncpg.Connection
) -> None:
    await held(learner, agent)
    await owner.execute(
        "INSERT INTO calls (id, organisation_id, session_id, number, room, channel, job_id, started_at,"
        " ended_at, close_reason, last_seen_at, dispatches) SELECT gen_random_uuid(), organisation_id,"
        " session_id, n, 'room-' || n, channel, job_id, started_at, ended_at, close_reason, last_seen_at, 0"
        " FROM calls, generate_series(1, 120) AS n"
    )
    await owner.execute(
        "UPDATE calls SET ended_at = now() - interval '2 days', started_at = now() - interval '3 days'"
    )
    await learner.client.put(OWN, json={"own_days": 1})
    await purge(workshop)
    assert await owner.fetchval("SELECT count(*) FROM calls") == 0


async def test_decisions_are_noted(school: School, owner: asyncpg.Connection) -> None:
    await school.admin.client.put(POLICY, json={"recording_days": 5, "transcript_days": None})
    row = await owner.fetchrow(
        "SELECT actor_id, details FROM audit_events WHERE action = 'retention.changed'"
    )
    assert row["actor_id"] == school.admin.id
    assert '"recording_days": 5' in row["details"]
