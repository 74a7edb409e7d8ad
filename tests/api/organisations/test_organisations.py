"""Schools: made, switched to, left, renamed and deleted; everybody keeps what is their own."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.organisations.jobs import OrganisationJobs
from api.organisations.service import MOST_SCHOOLS
from api.recordings import service as recordings
from api.storage import FolderStorage
from tests.api.conftest import AgentSide, Learner, SignUp, error_of, turn
from tests.api.school import V1, School, accept, choose, found, own


async def acting(person: Learner) -> tuple[str, str]:
    """Organisation and role that somebody acts under."""
    me = (await person.client.get(f"{V1}/users/me")).json()
    return me["organisation_id"], me["role"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/organisations"),
        ("GET", "/organisation"),
        ("GET", "/users/me/organisations"),
        ("PUT", "/users/me/organisation"),
        ("DELETE", f"/users/me/organisations/{uuid4()}"),
    ],
)
async def test_anonymous_is_refused(anonymous: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await anonymous.request(method, V1 + path)
    assert (answer.status_code, error_of(answer)) == (401, "unauthenticated")


async def test_whoever_makes_a_school_administers_it_and_acts_under_it(learner: Learner) -> None:
    personal = learner.organisation_id
    before = await learner.default_session()
    made = await learner.client.post(f"{V1}/organisations", json={"name": "  North School "})
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["kind"], body["admins"], body["learners"]) == ("North School", "school", 1, 0)
    assert await acting(learner) == (body["id"], "admin")
    assert (await learner.default_session())["id"] != before["id"], "practice is kept apart"
    first, second = await own(learner)
    assert (first["id"], first["kind"], first["current"]) == (str(personal), "personal", False)
    assert (second["name"], second["role"], second["current"]) == ("North School", "admin", True)


@pytest.mark.parametrize(
    "name",
    ["", " ", "x", "y" * 121, "Win at http://evil.test", "www.evil.test", "<b>School</b>", "a\u202eb", 7],
)
async def test_name_of_a_school_is_a_name(learner: Learner, name: object) -> None:
    answer = await learner.client.post(f"{V1}/organisations", json={"name": name})
    assert (answer.status_code, error_of(answer)) == (422, "validation_error")


async def test_there_is_a_limit_to_a_persons_schools(learner: Learner) -> None:
    for number in range(MOST_SCHOOLS):
        answer = await learner.client.post(f"{V1}/organisations", json={"name": f"School {number}"})
        assert answer.status_code == 201
    answer = await learner.client.post(f"{V1}/organisations", json={"name": "One more"})
    assert (answer.status_code, error_of(answer)) == (409, "too_many_organisations")


async def test_switching_goes_to_ones_own_organisations_alone(school: School, sign_up: SignUp) -> None:
    mia = await school.join()
    in_school = await mia.default_session()
    assert (await choose(mia, mia.organisation_id)).status_code == 204
    at_home = await mia.default_session()
    assert await acting(mia) == (str(mia.organisation_id), "learner")
    other = await found(sign_up, "South School")
    for foreign in (other.id, other.admin.organisation_id, uuid4()):
        answer = await choose(mia, foreign)
        assert (answer.status_code, error_of(answer)) == (404, "not_found")
    assert (await choose(mia, school.id)).status_code == 204
    assert await mia.default_session() == in_school
    assert in_school["id"] != at_home["id"]


async def test_what_is_said_at_home_is_not_seen_at_school(school: School, agent: AgentSide) -> None:
    mia = await school.join()
    await choose(mia, mia.organisation_id)
    session = await mia.default_session()
    call = await agent.opened(await mia.room())
    await call.append(turn("a", 0, "Only for me"))
    await call.close()
    await choose(mia, school.id)
    assert (await mia.client.get(f"{V1}/calls/{call.id}")).status_code == 404
    assert (await mia.client.get(f"{V1}/sessions/{session['id']}/calls")).status_code == 404
    await choose(mia, mia.organisation_id)
    assert (await mia.client.get(f"{V1}/calls/{call.id}/turns")).json()["items"][0]["text"] == "Only for me"


async def test_leaving(school: School, stranger: Learner) -> None:
    mia = await school.join()
    leave = f"{V1}/users/me/organisations/"
    answer = await stranger.client.delete(leave + str(school.id))
    assert (answer.status_code, error_of(answer)) == (404, "not_found")
    answer = await mia.client.delete(leave + str(mia.organisation_id))
    assert (answer.status_code, error_of(answer)) == (409, "personal_organisation")
    assert (await mia.client.delete(leave + str(school.id))).status_code == 204
    assert await acting(mia) == (str(mia.organisation_id), "learner")
    assert [one["kind"] for one in await own(mia)] == ["personal"]
    assert (await school.members())["total"] == 1


async def test_a_school_keeps_an_administrator_whatever_happens_at_once(
    school: School, owner: asyncpg.Connection
) -> None:
    leave = f"{V1}/users/me/organisations/{school.id}"
    answer = await school.admin.client.delete(leave)
    assert (answer.status_code, error_of(answer)) == (409, "last_admin")
    second = await school.join("Bea", "admin")
    demote = school.admin.client.patch(f"{V1}/members/{second.id}", json={"role": "learner"})
    answers = await asyncio.gather(demote, school.admin.client.delete(leave), second.client.delete(leave))
    assert {one.status_code for one in answers} <= {200, 204, 403, 404, 409}
    left = "SELECT count(*) FROM memberships WHERE organisation_id = $1 AND role = 'admin'"
    assert await owner.fetchval(left, school.id) == 1


async def test_renaming(school: School, learner: Learner, owner: asyncpg.Connection) -> None:
    mia = await school.join()
    body = {"name": "West School"}
    answer = await mia.client.patch(f"{V1}/organisation", json=body)
    assert (answer.status_code, error_of(answer)) == (403, "forbidden")
    await owner.execute("UPDATE memberships SET role = 'admin' WHERE user_id = $1", learner.id)
    answer = await learner.client.patch(f"{V1}/organisation", json=body)
    assert (answer.status_code, error_of(answer)) == (409, "personal_organisation")
    answer = await school.admin.client.patch(f"{V1}/organisation", json=body)
    assert (answer.status_code, answer.json()["name"]) == (200, "West School")
    assert (await own(mia))[1]["name"] == "West School"


async def rows_of(owner: asyncpg.Connection, organisation_id: UUID) -> dict[str, int]:
    """How many rows each table has of an organisation, where there are any."""
    tables = await owner.fetch(
        "SELECT table_name AS name FROM information_schema.columns"
        " WHERE column_name = 'organisation_id' AND table_schema = 'public' AND is_nullable = 'NO'"
    )
    counts = {
        row["name"]: await owner.fetchval(
            f'SELECT count(*) FROM "{row["name"]}" WHERE organisation_id = $1',  # noqa: S608
            organisation_id,
        )
        for row in tables
    }
    return {name: count for name, count in counts.items() if count}


def files_under(folder: Path) -> list[Path]:
    """What is stored."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def said(agent: AgentSide, learner: Learner, *, ends: bool) -> str:
    """A call in which something is said."""
    call = await agent.opened(await learner.room(), f"AJ_{uuid4().hex[:8]}")
    await call.append(turn("a", 0, "Soon forgotten"))
    if ends:
        assert (await call.close()).is_success
    return call.id


async def test_deleting_puts_everybody_out_at_once_and_erases_what_was_said(
    school: School, agent: AgentSide, owner: asyncpg.Connection, app: FastAPI, tmp_path: Path
) -> None:
    mia = await school.join(program_id=await school.program())
    deleted, over, going_on = [await said(agent, mia, ends=number < 2) for number in range(3)]
    await mia.client.delete(f"{V1}/calls/{deleted}")
    link = await school.link()
    delete = f"{V1}/organisation/delete"
    assert error_of(await mia.client.post(delete, json={"name": "North School"})) == "forbidden"
    answer = await school.admin.client.post(delete, json={"name": "north school"})
    assert (answer.status_code, error_of(answer)) == (422, "name_mismatch")
    assert (await school.admin.client.post(delete, json={"name": "North School"})).status_code == 204
    for person in (mia, school.admin):
        assert await acting(person) == (str(person.organisation_id), "learner")
        assert [one["kind"] for one in await own(person)] == ["personal"]
        assert (await person.default_session())["call_count"] == 0
    assert error_of(await accept(mia, link)) == "invitation_invalid"

    storage = FolderStorage(tmp_path)
    kept = [recordings.folder_of(UUID(call)) + "/sound" for call in (deleted, over, going_on)]
    for key in kept:
        await storage.put(key, b"sound")
    jobs = OrganisationJobs(app.state.database, storage)
    for _ in range(2):  # a job may be done again
        await jobs.erase(str(school.id))
    assert await rows_of(owner, school.id) == {}
    assert await owner.fetchval("SELECT count(*) FROM turns") == 0
    assert await owner.fetchval("SELECT count(*) FROM organisations WHERE id = $1", school.id) == 0
    assert files_under(tmp_path) == []
    rooms = await owner.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'calls.end_erased_room'")
    assert len(rooms) == 1, "of the call that went on"
    assert (await mia.client.get(f"{V1}/users/me")).status_code == 200
