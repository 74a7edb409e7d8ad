"""Programs: who may make and see them, who learns and teaches in them, and what stays when one goes."""

from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.api.conftest import AgentSide, SignUp, error_of
from tests.api.school import V1, School, found, own

PROGRAMS = f"{V1}/programs"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("GET", f"/{uuid4()}"), ("PUT", f"/{uuid4()}/members/{uuid4()}")],
)
async def test_anonymous_is_refused(anonymous: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await anonymous.request(method, PROGRAMS + path)
    assert (answer.status_code, error_of(answer)) == (401, "unauthenticated")


async def test_learners_see_none_and_instructors_those_they_teach(school: School, sign_up: SignUp) -> None:
    evening, morning = await school.program("Evening"), await school.program("Morning")
    mia = await school.join(program_id=evening)
    teacher = await school.join("Tom", "instructor", evening)
    assert (await mia.client.get(PROGRAMS)).status_code == 403
    assert [one["name"] for one in (await teacher.client.get(PROGRAMS)).json()["items"]] == ["Evening"]
    assert (await teacher.client.get(f"{PROGRAMS}/{evening}")).status_code == 200
    assert (await teacher.client.get(f"{PROGRAMS}/{morning}")).status_code == 404
    for method, path in (("POST", ""), ("PATCH", f"/{evening}"), ("DELETE", f"/{evening}")):
        answer = await teacher.client.request(method, PROGRAMS + path, json={"name": "Mine"})
        assert (answer.status_code, error_of(answer)) == (403, "forbidden")
    everything = (await school.admin.client.get(PROGRAMS)).json()["items"]
    assert [(one["name"], one["learners"], one["instructors"]) for one in everything] == [
        ("Evening", 1, 1),
        ("Morning", 0, 0),
    ]
    other = await found(sign_up, "South School")
    assert (await other.admin.client.get(f"{PROGRAMS}/{evening}")).status_code == 404
    assert (await other.admin.client.delete(f"{PROGRAMS}/{evening}")).status_code == 404


async def test_a_program_is_made_changed_and_archived(school: School) -> None:
    client = school.admin.client
    evening = await school.program("Evening")
    again = await client.post(PROGRAMS, json={"name": "Evening"})
    assert (again.status_code, error_of(again)) == (409, "program_exists")
    for body in ({"name": ""}, {"name": "x" * 121}, {"name": "a\u202eb"}, {}, {"name": "x", "more": 1}):
        assert error_of(await client.post(PROGRAMS, json=body)) == "validation_error"
    morning = await school.program("Morning")
    taken = await client.patch(f"{PROGRAMS}/{morning}", json={"name": "Evening"})
    assert (taken.status_code, error_of(taken)) == (409, "program_exists")
    changed = await client.patch(
        f"{PROGRAMS}/{evening}", json={"name": "Night", "description": "<b>B1</b>\nlate"}
    )
    assert (changed.json()["name"], changed.json()["description"]) == ("Night", "<b>B1</b>\nlate")
    archived = await client.patch(f"{PROGRAMS}/{evening}", json={"archived": True})
    assert archived.json()["archived"]
    names = [one["name"] for one in (await client.get(PROGRAMS)).json()["items"]]
    assert names == ["Morning", "Night"], "the archived one last"
    mia = await school.join()
    closed = await client.put(f"{PROGRAMS}/{evening}/members/{mia.id}", json={})
    assert (closed.status_code, error_of(closed)) == (409, "program_archived")
    opened = await client.patch(f"{PROGRAMS}/{evening}", json={"archived": False})
    assert not opened.json()["archived"]


async def test_enrolling(school: School, sign_up: SignUp) -> None:
    client, evening = school.admin.client, await school.program()
    mia, outsider = await school.join(), await sign_up("Boris")
    place = f"{PROGRAMS}/{evening}/members"
    assert (await client.put(f"{place}/{outsider.id}", json={})).status_code == 404
    teach = await client.put(f"{place}/{mia.id}", json={"role": "instructor"})
    assert (teach.status_code, error_of(teach)) == (409, "not_an_instructor")
    assert (await client.put(f"{place}/{mia.id}", json={"role": "admin"})).status_code == 422
    for _ in range(2):
        assert (await client.put(f"{place}/{mia.id}", json={})).status_code == 204
    assert [(one["id"], one["role"]) for one in (await own(mia))[1]["programs"]] == [(evening, "learner")]
    assert (await client.delete(f"{place}/{mia.id}")).status_code == 204
    assert (await client.delete(f"{place}/{mia.id}")).status_code == 404
    assert (await own(mia))[1]["programs"] == []


async def test_a_program_deleted_with_learners_in_it_takes_neither_them_nor_what_they_said(
    school: School, agent: AgentSide, owner: asyncpg.Connection
) -> None:
    evening = await school.program()
    mia = await school.join(program_id=evening)
    teacher = await school.join("Tom", "instructor", evening)
    invitation = await school.link(program_id=evening)
    call = await agent.opened(await mia.room())
    assert (await school.admin.client.delete(f"{PROGRAMS}/{evening}")).status_code == 204
    assert (await school.admin.client.delete(f"{PROGRAMS}/{evening}")).status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM enrolments") == 0
    assert (await mia.client.get(f"{V1}/calls/{call.id}")).status_code == 200
    assert (await school.members())["total"] == 3
    assert (await teacher.client.get(PROGRAMS)).json() == {"items": []}
    looked = await mia.client.post(f"{V1}/invitations/look", json={"token": invitation})
    assert error_of(looked) == "invitation_invalid"
