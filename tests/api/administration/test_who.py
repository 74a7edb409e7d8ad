"""Who may open which page of administration, and whose things are on it."""

from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.api.administration.conftest import School
from tests.api.conftest import Learner, error_of

ADMIN = "/api/v1/admin"
FOR_OPERATORS = (
    ("GET", "/health"),
    ("GET", "/organisations"),
    ("GET", f"/organisations/{uuid4()}"),
    ("PUT", f"/organisations/{uuid4()}/suspension"),
    ("DELETE", f"/organisations/{uuid4()}/suspension"),
    ("GET", "/maintenance"),
    ("PUT", "/maintenance"),
    ("DELETE", "/maintenance"),
    ("GET", "/jobs"),
    ("GET", "/jobs/dead"),
    ("POST", f"/jobs/dead/{uuid4()}/retry"),
    ("DELETE", f"/jobs/dead/{uuid4()}"),
    ("POST", f"/users/{uuid4()}/deactivate"),
    ("POST", f"/users/{uuid4()}/reactivate"),
    ("POST", f"/users/{uuid4()}/erase"),
)
FOR_ADMINISTRATORS = ("/statistics", "/users", "/settings", "/audit")


@pytest.mark.parametrize("path", FOR_ADMINISTRATORS)
async def test_pages_are_refused_to_whoever_runs_nothing(
    path: str, anonymous: httpx.AsyncClient, school: School
) -> None:
    assert (await anonymous.get(ADMIN + path)).status_code == 401
    assert (await school.learner.client.get(ADMIN + path)).status_code == 403
    assert (await school.instructor.client.get(ADMIN + path)).status_code == 403
    assert (await school.admin.client.get(ADMIN + path)).status_code == 200


async def test_pages_of_the_installation_are_an_operators(
    anonymous: httpx.AsyncClient, school: School, operator: Learner
) -> None:
    for method, path in FOR_OPERATORS:
        for person, status in ((anonymous, 401), (school.learner.client, 403), (school.admin.client, 403)):
            assert (await person.request(method, ADMIN + path)).status_code == status, (method, path)
        answer = await operator.client.request(method, ADMIN + path)
        assert answer.status_code not in {401, 403}, (method, path)


async def test_an_administrator_sees_their_own_people_alone(
    school: School, stranger: Learner, operator: Learner
) -> None:
    own = (await school.admin.client.get(f"{ADMIN}/users")).json()["items"]
    everybody = (await operator.client.get(f"{ADMIN}/users")).json()["items"]
    of_school = {str(person.id) for person in (school.admin, school.instructor, school.learner)}
    assert {one["id"] for one in own} == of_school
    assert {one["id"] for one in everybody} == of_school | {str(stranger.id), str(operator.id)}
    assert all([place["organisation_id"] for place in one["places"]] == [str(school.id)] for one in own)
    by_address = await school.admin.client.get(f"{ADMIN}/users", params={"search": stranger.email})
    assert by_address.json()["items"] == []


async def test_nothing_of_another_organisation_can_be_named(school: School, stranger: Learner) -> None:
    admin = school.admin.client
    other = str(stranger.organisation_id)
    for path in (
        f"/users/{stranger.id}",
        f"/users?organisation_id={other}",
        f"/audit?organisation_id={other}",
    ):
        assert (await admin.get(ADMIN + path)).status_code == 404, path
    for path in (f"/statistics?organisation_id={other}", f"/settings?organisation_id={other}"):
        assert (await admin.get(ADMIN + path)).status_code == 404, path
    for path in (f"/users/{stranger.id}/sign-out", f"/users/{stranger.id}/verification"):
        assert (await admin.post(ADMIN + path)).status_code == 404, path
    role = {"role": "admin"}
    assert (await admin.put(f"{ADMIN}/users/{stranger.id}/role", json=role)).status_code == 404
    elsewhere = {"role": "admin", "organisation_id": other}
    own_learner = f"{ADMIN}/users/{school.learner.id}/role"
    assert (await admin.put(own_learner, json=elsewhere)).status_code == 404
    put = await admin.put(f"{ADMIN}/settings/listening_in?organisation_id={other}", json={"value": False})
    assert put.status_code == 404


async def test_settings_of_the_installation_are_not_an_administrators(school: School) -> None:
    listed = (await school.admin.client.get(f"{ADMIN}/settings")).json()
    assert listed["organisation_id"] == str(school.id)
    assert "sign_up_open" not in {one["key"] for one in listed["items"]}
    put = await school.admin.client.put(f"{ADMIN}/settings/sign_up_open", json={"value": False})
    assert (put.status_code, error_of(put)) == (404, "not_found")


async def test_an_operators_account_is_out_of_an_administrators_reach(
    school: School, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE users SET is_superuser = true WHERE id = $1", school.instructor.id)
    answer = await school.admin.client.post(f"{ADMIN}/users/{school.instructor.id}/sign-out")
    assert (answer.status_code, error_of(answer)) == (403, "operators_account")


async def test_no_page_tells_what_was_said(
    school: School, operator: Learner, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE sessions SET summary = 'plum cake' WHERE user_id = $1", school.learner.id)
    for path in (
        "/users",
        f"/users/{school.learner.id}",
        "/statistics",
        "/organisations?kind=school",
        "/audit",
    ):
        assert "plum" not in (await operator.client.get(ADMIN + path)).text
    assert (await operator.client.get(f"/api/v1/sessions/{uuid4()}/calls")).status_code == 404
