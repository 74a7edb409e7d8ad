"""People: found, given roles, closed, opened, signed out, mailed; and every step in the audit log."""

import asyncpg
import httpx

from tests.api.administration.conftest import Enter, School
from tests.api.conftest import PASSWORD, Learner, SignUp, error_of

ADMIN = "/api/v1/admin"


async def events(client: httpx.AsyncClient, action: str) -> list[dict[str, object]]:
    """What the audit log says, newest first."""
    answer = await client.get(f"{ADMIN}/audit", params={"action": action})
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def names(client: httpx.AsyncClient, search: str) -> list[str]:
    """Whom a search finds."""
    answer = await client.get(f"{ADMIN}/users", params={"search": search})
    return [one["display_name"] for one in answer.json()["items"]]


async def test_search_takes_names_in_part_and_addresses_whole(operator: Learner, sign_up: SignUp) -> None:
    person = await sign_up("Renée 100%")
    assert await names(operator.client, "renée") == ["Renée 100%"]
    assert await names(operator.client, "00%") == ["Renée 100%"]
    assert await names(operator.client, "%") == ["Renée 100%"]
    assert await names(operator.client, person.email.upper()) == ["Renée 100%"]
    assert await names(operator.client, person.email[:-2]) == []
    assert await names(operator.client, "@example.com") == []


async def test_pages_hold_everybody_once(operator: Learner, sign_up: SignUp) -> None:
    made = {str((await sign_up(f"P{number}")).id) for number in range(4)} | {str(operator.id)}
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await operator.client.get(f"{ADMIN}/users?limit=2&cursor={cursor}")).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)


async def test_a_role_holds_from_the_next_request_and_is_noted(school: School) -> None:
    person = school.learner
    given = await school.admin.client.put(f"{ADMIN}/users/{person.id}/role", json={"role": "instructor"})
    assert given.status_code == 204
    assert (await person.client.get("/api/v1/users/me")).json()["role"] == "instructor"
    [event] = await events(school.admin.client, "member.changed")
    assert event["learner_id"] == str(person.id)
    assert event["details"] == {"before": "learner", "role": "instructor"}


async def test_a_school_keeps_an_administrator(school: School, operator: Learner) -> None:
    own = f"{ADMIN}/users/{school.admin.id}/role"
    answer = await school.admin.client.put(own, json={"role": "learner"})
    assert (answer.status_code, error_of(answer)) == (409, "last_admin")
    wanted = {"role": "learner", "organisation_id": str(school.id)}
    answer = await operator.client.put(own, json=wanted)
    assert answer.status_code == 409
    second = wanted | {"role": "admin"}
    made = await operator.client.put(f"{ADMIN}/users/{school.instructor.id}/role", json=second)
    assert made.status_code == 204
    assert (await operator.client.put(own, json=wanted)).status_code == 204


async def test_an_operator_names_the_organisation(school: School, operator: Learner) -> None:
    path = f"{ADMIN}/users/{school.learner.id}/role"
    assert (await operator.client.put(path, json={"role": "admin"})).status_code == 404


async def test_a_closed_account_opens_nothing_until_it_is_opened(
    operator: Learner, learner: Learner, anonymous: httpx.AsyncClient
) -> None:
    path = f"{ADMIN}/users/{learner.id}"
    sign_in = {"email": learner.email, "password": PASSWORD}
    assert (await operator.client.post(f"{path}/deactivate")).status_code == 204
    assert (await learner.client.get("/api/v1/users/me")).status_code == 401
    assert (await anonymous.post("/api/v1/auth/login", json=sign_in)).status_code == 401
    assert (await operator.client.get(path)).json()["is_active"] is False
    assert (await operator.client.post(f"{path}/reactivate")).status_code == 204
    assert (await learner.client.get("/api/v1/users/me")).status_code == 401, "devices stay signed out"
    assert (await anonymous.post("/api/v1/auth/login", json=sign_in)).status_code == 204
    changes = [event["details"] for event in await events(operator.client, "account.changed")]
    assert changes == [{"change": "reactivated"}, {"change": "deactivated"}]


async def test_nobody_closes_their_own_account_here(operator: Learner) -> None:
    answer = await operator.client.post(f"{ADMIN}/users/{operator.id}/deactivate")
    assert (answer.status_code, error_of(answer)) == (409, "own_account")


async def test_a_person_is_erased_at_their_wish_and_never_by_a_slip(
    school: School, operator: Learner, learner: Learner, owner: asyncpg.Connection, enter: Enter
) -> None:
    await enter(learner, school.id, "learner")
    path = f"{ADMIN}/users/{learner.id}/erase"
    named = {"email": learner.email}
    assert (await school.admin.client.post(path, json=named)).status_code == 403
    slip = await operator.client.post(path, json={"email": school.learner.email})
    assert (slip.status_code, error_of(slip)) == (409, "address_differs")
    own = await operator.client.post(f"{ADMIN}/users/{operator.id}/erase", json={"email": operator.email})
    assert error_of(own) == "own_account"
    assert (await operator.client.post(path, json={"email": learner.email.upper()})).status_code == 204
    assert (await learner.client.get("/api/v1/users/me")).status_code == 401
    assert await owner.fetchval("SELECT count(*) FROM users WHERE id = $1", learner.id) == 0
    assert await owner.fetchval("SELECT count(*) FROM memberships WHERE user_id = $1", learner.id) == 0
    kept = await owner.fetchval("SELECT count(*) FROM organisations WHERE id = $1", learner.organisation_id)
    assert kept == 0, "the personal organisation goes too"
    log = (await operator.client.get(f"{ADMIN}/audit?action=account.erased")).json()["items"]
    assert log[0]["actor_id"] == str(operator.id)
    assert str(learner.id) not in str(log)
    assert learner.email not in str(log)


async def test_signing_somebody_out_leaves_others(school: School) -> None:
    answer = await school.admin.client.post(f"{ADMIN}/users/{school.learner.id}/sign-out")
    assert answer.status_code == 204
    assert (await school.learner.client.get("/api/v1/users/me")).status_code == 401
    assert (await school.instructor.client.get("/api/v1/users/me")).status_code == 200


async def test_the_mail_that_confirms_an_address_is_sent_again(
    school: School, owner: asyncpg.Connection
) -> None:
    path = f"{ADMIN}/users/{school.learner.id}/verification"
    before = await owner.fetchval("SELECT count(*) FROM mails WHERE user_id = $1", school.learner.id)
    assert (await school.admin.client.post(path)).status_code == 202
    after = await owner.fetchval("SELECT count(*) FROM mails WHERE user_id = $1", school.learner.id)
    assert after == before + 1
    await owner.execute("UPDATE users SET is_verified = true WHERE id = $1", school.learner.id)
    assert error_of(await school.admin.client.post(path)) == "already_verified"


async def test_an_operator_sees_every_place_of_a_person(
    school: School, operator: Learner, learner: Learner, enter: Enter
) -> None:
    await enter(learner, school.id, "learner")
    places = (await operator.client.get(f"{ADMIN}/users/{learner.id}")).json()["places"]
    assert [(place["kind"], place["role"]) for place in places] == [
        ("school", "learner"),
        ("personal", "learner"),
    ]
