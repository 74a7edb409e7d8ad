"""Members: found, given roles, taken out; and whose practice still waits for an adult's consent."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.api.conftest import Learner, SignUp, error_of
from tests.api.school import V1, School, choose, found, own

MEMBERS = f"{V1}/members"
CHILD = datetime.now(UTC).year - 12
TOKEN = f"{V1}/sessions/default/token"


def names(page: dict[str, Any]) -> list[str]:
    """Who is on a page."""
    return [one["display_name"] for one in page["items"]]


async def test_anonymous_learners_and_instructors_see_no_list(
    school: School, anonymous: httpx.AsyncClient
) -> None:
    mia, tom = await school.join(), await school.join("Tom", "instructor")
    assert error_of(await anonymous.get(MEMBERS)) == "unauthenticated"
    for person in (mia, tom):
        for method, path in (("GET", ""), ("PATCH", f"/{mia.id}"), ("DELETE", f"/{mia.id}")):
            answer = await person.client.request(method, MEMBERS + path)
            assert (answer.status_code, error_of(answer)) == (403, "forbidden")


async def test_members_are_found_by_name_address_role_and_program(school: School, sign_up: SignUp) -> None:
    evening = await school.program()
    ana = await school.join("Ana 100%", program_id=evening)
    await school.join("Anatole")
    await school.join("Tom", "instructor", evening)
    await found(sign_up, "South School", "Anastasia")
    everybody = await school.members()
    assert (names(everybody), everybody["total"]) == (["Tom", "Anatole", "Ana 100%", "Ada"], 4)
    assert names(await school.members(search="ANA")) == ["Anatole", "Ana 100%"]
    assert names(await school.members(search="100%")) == ["Ana 100%"]
    assert names(await school.members(search="%")) == ["Ana 100%"], "a wildcard is a letter like others"
    assert names(await school.members(search=ana.email)) == ["Ana 100%"]
    assert names(await school.members(role="instructor")) == ["Tom"]
    assert names(await school.members(program_id=evening)) == ["Tom", "Ana 100%"]
    assert names(await school.members(program_id=evening, role="learner")) == ["Ana 100%"]
    [found_ana] = (await school.members(search="100%"))["items"]
    assert [one["name"] for one in found_ana["programs"]] == ["Evening class"]
    for wrong in ({"search": "x" * 101}, {"role": "king"}, {"cursor": "?"}, {"limit": 0}, {"limit": 101}):
        assert (await school.admin.client.get(MEMBERS, params=wrong)).status_code == 422


async def test_pages_hold_everybody_once(school: School) -> None:
    for number in range(4):
        await school.join(f"Learner {number}")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await school.members(limit=2, **({"cursor": cursor} if cursor else {}))
        assert page["total"] == 5
        seen += names(page)
        cursor = page["next_cursor"]
    assert seen == ["Learner 3", "Learner 2", "Learner 1", "Learner 0", "Ada"]


async def test_who_becomes_a_learner_teaches_no_more(school: School) -> None:
    evening = await school.program()
    tom = await school.join("Tom", "instructor", evening)
    await school.give(tom, "learner")
    assert (await own(tom))[1]["programs"] == []
    assert (await tom.client.get(f"{V1}/programs")).status_code == 403


async def test_role_of_the_last_administrator_stays(school: School, stranger: Learner) -> None:
    own_role = f"{MEMBERS}/{school.admin.id}"
    answer = await school.admin.client.patch(own_role, json={"role": "instructor"})
    assert (answer.status_code, error_of(answer)) == (409, "last_admin")
    assert error_of(await school.admin.client.delete(own_role)) == "last_admin"
    assert (await school.admin.client.patch(own_role, json={"role": "admin"})).status_code == 200
    for answer in (
        await school.admin.client.patch(f"{MEMBERS}/{stranger.id}", json={"role": "admin"}),
        await school.admin.client.delete(f"{MEMBERS}/{stranger.id}"),
    ):
        assert (answer.status_code, error_of(answer)) == (404, "not_found")


async def test_who_is_taken_out_acts_at_home_from_the_next_request(school: School) -> None:
    evening = await school.program()
    mia = await school.join(program_id=evening)
    assert (await school.admin.client.delete(f"{MEMBERS}/{mia.id}")).status_code == 204
    me = (await mia.client.get(f"{V1}/users/me")).json()
    assert me["organisation_id"] == str(mia.organisation_id)
    assert (await choose(mia, school.id)).status_code == 404
    assert (await school.admin.client.get(f"{V1}/programs/{evening}")).json()["learners"] == 0


async def consent_of(school: School, learner: Learner) -> str:
    """What the list of members says of a learner's consent."""
    [found_learner] = (await school.members(search=learner.email))["items"]
    consent: str = found_learner["consent"]
    return consent


@pytest.mark.parametrize("asked", [False, True])
async def test_staff_see_whose_consent_is_missing_and_the_schools_ends_with_the_membership(
    school: School, *, asked: bool
) -> None:
    mia = await school.join()
    assert await consent_of(school, mia) == "not_needed"
    await mia.client.patch(f"{V1}/users/me", json={"birth_year": CHILD})
    if asked:
        await mia.client.post(f"{V1}/users/me/guardian", json={"email": "parent@example.com"})
    assert await consent_of(school, mia) == ("asked" if asked else "needed")
    assert error_of(await mia.client.post(TOKEN)) == "consent_needed", "joining is no consent"
    given = await school.admin.client.put(f"{V1}/school/learners/{mia.id}/consent")
    assert given.status_code == 204
    assert await consent_of(school, mia) == "granted"
    assert (await mia.client.post(TOKEN)).status_code == 201
    assert (await mia.client.delete(f"{V1}/users/me/organisations/{school.id}")).status_code == 204
    assert error_of(await mia.client.post(TOKEN)) == "consent_needed"
