"""Age, and the consent of a guardian or school, before an under-age learner talks."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.settings import Settings
from tests.api.conftest import PASSWORD, Learner, SignUp, error_of
from tests.support.mail import PostOffice, link_of, plain_text

THIS_YEAR = datetime.now(UTC).year
CHILD = THIS_YEAR - 12
GUARDIAN = "parent@example.com"
TOKEN = "/api/v1/sessions/default/token"


async def say_age(learner: Learner, year: int) -> httpx.Response:
    """Say the year of birth."""
    return await learner.client.patch("/api/v1/users/me", json={"birth_year": year})


async def consent_of(learner: Learner) -> str:
    """How it stands with the learner's consent."""
    state: str = (await learner.client.get("/api/v1/users/me")).json()["consent"]
    return state


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/users/me/guardian", {"email": GUARDIAN}),
        ("PUT", f"/school/learners/{uuid4()}/consent", None),
        ("DELETE", f"/school/learners/{uuid4()}/consent", None),
    ],
)
async def test_anonymous_is_refused(
    anonymous: httpx.AsyncClient, method: str, path: str, body: dict[str, str] | None
) -> None:
    answer = await anonymous.request(method, f"/api/v1{path}", json=body)
    assert (answer.status_code, error_of(answer)) == (401, "unauthenticated")


async def test_age_is_asked_once_and_who_said_none_may_still_talk(learner: Learner) -> None:
    me = (await learner.client.get("/api/v1/users/me")).json()
    assert (me["age_needed"], me["birth_year"], me["consent"]) == (True, None, "not_needed")
    assert (await learner.client.post(TOKEN)).status_code == 201
    for year in (1899, THIS_YEAR + 1, "x", 20.5):
        answer = await learner.client.patch("/api/v1/users/me", json={"birth_year": year})
        assert error_of(answer) == "validation_error"
    said = await say_age(learner, 1990)
    assert (said.json()["age_needed"], said.json()["birth_year"]) == (False, 1990)
    assert (await say_age(learner, 1990)).status_code == 200
    another = await say_age(learner, 1991)
    assert (another.status_code, error_of(another)) == (409, "birth_year_set")


async def test_settings_can_ask_for_age_and_confirmed_address_before_talking(
    learner: Learner,
    app: FastAPI,
    settings: Settings,
    owner: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    strict = {"require_age": True, "require_verified_email": True}
    monkeypatch.setitem(app.state._state, "settings", settings.model_copy(update=strict))
    assert error_of(await learner.client.post(TOKEN)) == "email_unverified"
    await owner.execute("UPDATE users SET is_verified = true")
    assert error_of(await learner.client.post(TOKEN)) == "age_needed"
    await say_age(learner, 1990)
    assert (await learner.client.post(TOKEN)).status_code == 201


async def test_ai_disclosure_is_acknowledged(learner: Learner, owner: asyncpg.Connection) -> None:
    assert (await learner.client.get("/api/v1/users/me")).json()["ai_disclosure_needed"]
    body = {"ai_disclosure": True, "terms": True}
    answer = await learner.client.patch("/api/v1/users/me", json=body)
    assert not answer.json()["ai_disclosure_needed"]
    kept = await owner.fetchrow("SELECT ai_disclosure_at, terms_accepted_at FROM users")
    assert all(kept)
    assert (
        error_of(await learner.client.patch("/api/v1/users/me", json={"terms": False})) == "validation_error"
    )


async def test_all_of_it_can_be_said_at_sign_up(anonymous: httpx.AsyncClient) -> None:
    body = {
        "email": "teen@example.com", "password": PASSWORD, "display_name": "Teo", "locale": "es",
        "birth_year": THIS_YEAR - 16, "ai_disclosure": True, "terms": True,
    }  # fmt: skip
    me = (await anonymous.post("/api/v1/auth/register", json=body)).json()
    assert (me["locale"], me["age_needed"], me["ai_disclosure_needed"]) == ("es", False, False)
    assert me["consent"] == "needed", "sixteen this year may still be fifteen today"


async def test_guardian_is_asked_gives_consent_and_takes_it_back(
    learner: Learner, stranger: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice
) -> None:
    path = "/api/v1/users/me/guardian"
    unneeded = await stranger.client.post(path, json={"email": GUARDIAN})
    assert (unneeded.status_code, error_of(unneeded)) == (409, "consent_not_needed")
    await say_age(learner, CHILD)
    refused = await learner.client.post(TOKEN)
    assert (refused.status_code, error_of(refused)) == (403, "consent_needed")
    own = await learner.client.post(path, json={"email": learner.email.upper()})
    assert (own.status_code, error_of(own)) == (422, "guardian_is_learner")
    await post_office.deliver()
    assert (await learner.client.post(path, json={"email": GUARDIAN})).status_code == 202
    assert await consent_of(learner) == "asked"
    assert error_of(await learner.client.post(TOKEN)) == "consent_needed"
    message = await post_office.only_mail()
    assert message["To"] == GUARDIAN
    assert "Ana" in plain_text(message)
    page, token = link_of(message)
    assert page == "consent"
    shown = await anonymous.post("/api/v1/consent/look", json={"token": token})
    assert shown.json() == {"learner": "Ana", "granted": False}
    for _ in range(2):
        answered = await anonymous.post("/api/v1/consent", json={"token": token, "granted": True})
        assert answered.status_code == 204
    assert await consent_of(learner) == "granted"
    assert (await learner.client.post(TOKEN)).status_code == 201
    _, receipt = link_of(await post_office.only_mail())
    withdrawn = await anonymous.post("/api/v1/consent", json={"token": receipt, "granted": False})
    assert withdrawn.status_code == 204
    assert await consent_of(learner) == "needed"
    assert error_of(await learner.client.post(TOKEN)) == "consent_needed"
    assert error_of(await anonymous.post("/api/v1/consent/look", json={"token": receipt})) == "link_invalid"


async def test_only_the_guardian_asked_last_can_decide(
    learner: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice
) -> None:
    await say_age(learner, CHILD)
    await post_office.deliver()
    tokens = []
    for email in ("typo@example.com", GUARDIAN):
        await learner.client.post("/api/v1/users/me/guardian", json={"email": email})
        tokens.append(link_of(await post_office.only_mail())[1])
    first, last = [
        await anonymous.post("/api/v1/consent", json={"token": token, "granted": True}) for token in tokens
    ]
    assert error_of(first) == "link_invalid"
    assert last.status_code == 204


async def test_name_that_is_an_advertisement_is_not_mailed_to_strangers(
    sign_up: SignUp, post_office: PostOffice
) -> None:
    learner = await sign_up("Win at http://evil.test now")
    await say_age(learner, CHILD)
    await post_office.deliver()
    await learner.client.post("/api/v1/users/me/guardian", json={"email": GUARDIAN})
    message = await post_office.only_mail()
    assert "evil" not in message.as_string()
    assert "A learner" in plain_text(message)


async def make_school(owner: asyncpg.Connection, staff: Learner, role: str, *learners: Learner) -> UUID:
    """A school with one member of staff and its learners."""
    school = uuid4()
    await owner.execute("INSERT INTO organisations (id, name, kind) VALUES ($1, 'School', 'school')", school)
    await owner.execute(
        "UPDATE memberships SET organisation_id = $1, role = $2 WHERE user_id = $3", school, role, staff.id
    )
    for learner in learners:
        await owner.execute(
            "INSERT INTO memberships (id, organisation_id, user_id, role, chosen_at)"
            " VALUES ($1, $2, $3, 'learner', '2000-01-01')",
            uuid4(), school, learner.id,
        )  # fmt: skip
    return school


async def teach(owner: asyncpg.Connection, school: UUID, teacher: Learner, learner: Learner) -> None:
    """Let somebody teach somebody in a program of the school."""
    program = uuid4()
    await owner.execute(
        "INSERT INTO programs (id, organisation_id, name, description) VALUES ($1, $2, 'Class', '')",
        program,
        school,
    )
    for person, role in ((teacher, "instructor"), (learner, "learner")):
        await owner.execute(
            "INSERT INTO enrolments (id, organisation_id, program_id, user_id, role)"
            " VALUES ($1, $2, $3, $4, $5)",
            uuid4(), school, program, person.id, role,
        )  # fmt: skip


async def test_school_gives_and_withdraws_consent_for_its_own_learners_only(
    learner: Learner, stranger: Learner, sign_up: SignUp, owner: asyncpg.Connection
) -> None:
    teacher = await sign_up("Tess")
    await say_age(learner, CHILD)
    path = f"/api/v1/school/learners/{learner.id}/consent"
    for method in ("PUT", "DELETE"):
        refused = await teacher.client.request(method, path)
        assert (refused.status_code, error_of(refused)) == (403, "forbidden"), "a learner is no staff"
    school = await make_school(owner, teacher, "instructor", learner)
    assert (await teacher.client.put(path)).status_code == 404, "they teach this learner nothing"
    await teach(owner, school, teacher, learner)
    others = f"/api/v1/school/learners/{stranger.id}/consent"
    assert (await teacher.client.put(others)).status_code == 404
    assert (await teacher.client.delete(path)).status_code == 404, "none was given"
    for _ in range(2):
        assert (await teacher.client.put(path)).status_code == 204
    assert await consent_of(learner) == "granted"
    assert (await learner.client.post(TOKEN)).status_code == 201
    assert await owner.fetchval("SELECT given_by_id FROM consents") == teacher.id
    other_teacher = await sign_up("Otto")
    await make_school(owner, other_teacher, "admin", stranger)
    assert (await other_teacher.client.delete(path)).status_code == 404
    assert (await teacher.client.delete(path)).status_code == 204
    assert await consent_of(learner) == "needed"
