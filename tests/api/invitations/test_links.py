"""Invitations by link: what strangers see of them, and every way in which one is over."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from api.links import link_token
from api.settings import Settings
from tests.api.conftest import Learner, SignUp, error_of
from tests.api.school import V1, School, accept, found, own

INVITATIONS = f"{V1}/invitations"


async def look(client: httpx.AsyncClient, token: str) -> httpx.Response:
    """Look at an invitation."""
    return await client.post(f"{INVITATIONS}/look", json={"token": token})


async def state_of(client: httpx.AsyncClient, token: str) -> str:
    """How it stands with an invitation."""
    state: str = (await look(client, token)).json()["state"]
    return state


async def test_anonymous_may_look_and_nothing_else(school: School, anonymous: httpx.AsyncClient) -> None:
    evening = await school.program()
    token = await school.link(program_id=evening)
    shown = await look(anonymous, token)
    assert shown.json() == {
        "state": "open",
        "organisation": "North School",
        "program": "Evening class",
        "role": "learner",
        "email_hint": None,
    }
    for method, path in (("POST", "/accept"), ("GET", ""), ("POST", "/links"), ("DELETE", f"/{uuid4()}")):
        answer = await anonymous.request(method, INVITATIONS + path, json={"token": token})
        assert (answer.status_code, error_of(answer)) == (401, "unauthenticated")


async def test_only_administrators_of_a_school_invite(
    school: School, learner: Learner, sign_up: SignUp
) -> None:
    evening = await school.program()
    mia, tom = await school.join(), await school.join("Tom", "instructor", evening)
    other = await found(sign_up, "South School")
    for person in (mia, tom):
        answer = await person.client.post(f"{INVITATIONS}/links", json={})
        assert (answer.status_code, error_of(answer)) == (403, "forbidden")
    foreign = await other.admin.client.post(f"{INVITATIONS}/links", json={"program_id": evening})
    assert (foreign.status_code, error_of(foreign)) == (404, "not_found")
    assert (await other.admin.client.get(INVITATIONS)).json() == {"items": []}


@pytest.mark.parametrize(
    "wanted",
    [
        {"max_uses": 0},
        {"max_uses": 1_001},
        {"expires_in_days": 0},
        {"expires_in_days": 91},
        {"role": "admin"},
    ],
)
async def test_links_let_in_learners_within_limits(school: School, wanted: dict[str, object]) -> None:
    answer = await school.admin.client.post(f"{INVITATIONS}/links", json=wanted)
    assert (answer.status_code, error_of(answer)) == (422, "validation_error")


async def test_a_link_leads_into_school_and_program(school: School, learner: Learner) -> None:
    evening = await school.program()
    token = await school.link(program_id=evening, max_uses=2)
    answer = await accept(learner, token)
    assert answer.json() == {
        "organisation_id": str(school.id),
        "organisation": "North School",
        "program": "Evening class",
    }
    me = (await learner.client.get(f"{V1}/users/me")).json()
    assert (me["organisation_id"], me["role"]) == (str(school.id), "learner")
    assert (await learner.default_session())["call_count"] == 0
    assert [one["name"] for one in (await own(learner))[1]["programs"]] == ["Evening class"]
    assert (await accept(learner, token)).status_code == 200, "who is in stays in"
    [shown] = (await school.admin.client.get(INVITATIONS)).json()["items"]
    assert (shown["uses"], shown["max_uses"], shown["state"]) == (1, 2, "open"), "and uses nothing up"
    assert shown["url"].endswith(f"/join#token={token}")


async def test_a_used_up_link_lets_nobody_in_even_at_once(school: School, sign_up: SignUp) -> None:
    token = await school.link(max_uses=2)
    people = [await sign_up(f"Learner {number}") for number in range(4)]
    answers = await asyncio.gather(*(accept(person, token) for person in people))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    assert {error_of(answer) for answer in answers if answer.is_error} == {"invitation_used"}
    assert (await school.members())["total"] == 3
    assert await state_of(people[0].client, token) == "used"


async def test_expired_revoked_and_archived_invitations_let_nobody_in(
    school: School, learner: Learner, owner: asyncpg.Connection
) -> None:
    evening = await school.program()
    expired, archived = await school.link(), await school.link(program_id=evening)
    await owner.execute("UPDATE invitations SET expires_at = now() WHERE program_id IS NULL")
    revoked = await school.link()
    newest = (await school.admin.client.get(INVITATIONS)).json()["items"][0]
    for _ in range(2):
        assert (await school.admin.client.delete(f"{INVITATIONS}/{newest['id']}")).status_code == 204
    await school.admin.client.patch(f"{V1}/programs/{evening}", json={"archived": True})
    for token, state in ((expired, "expired"), (revoked, "revoked"), (archived, "revoked")):
        assert await state_of(learner.client, token) == state
        answer = await accept(learner, token)
        assert (answer.status_code, error_of(answer)) == (409, f"invitation_{state}")
    assert len(await own(learner)) == 1


async def test_another_school_revokes_nothing(school: School, sign_up: SignUp) -> None:
    token = await school.link()
    [shown] = (await school.admin.client.get(INVITATIONS)).json()["items"]
    other = await found(sign_up, "South School")
    answer = await other.admin.client.delete(f"{INVITATIONS}/{shown['id']}")
    assert (answer.status_code, error_of(answer)) == (404, "not_found")
    assert await state_of(other.admin.client, token) == "open"


async def test_secrets_of_other_kinds_open_nothing(
    school: School, learner: Learner, settings: Settings
) -> None:
    token = await school.link()
    [shown] = (await school.admin.client.get(INVITATIONS)).json()["items"]
    wrong = (
        link_token(settings, "verify_email", UUID(shown["id"])),
        link_token(settings, "invitation", uuid4()),
        token[:40] + ("A" if token[40] != "A" else "B") + token[41:],
        "A" * 54,
    )
    for secret in wrong:
        for answer in (await look(learner.client, secret), await accept(learner, secret)):
            assert (answer.status_code, error_of(answer)) == (422, "invitation_invalid")
    broken: tuple[object, ...] = ("", "A" * 53, "?" * 54, None)
    for unread in broken:
        answer = await learner.client.post(f"{INVITATIONS}/accept", json={"token": unread})
        assert error_of(answer) == "validation_error"


async def test_a_member_keeps_a_higher_role(school: School) -> None:
    evening = await school.program()
    tom = await school.join("Tom", "instructor")
    assert (await accept(tom, await school.link(program_id=evening))).status_code == 200
    assert (await tom.client.get(f"{V1}/users/me")).json()["role"] == "instructor"
    assert [one["role"] for one in (await own(tom))[1]["programs"]] == ["learner"]


async def test_who_was_taken_out_does_not_come_back_by_what_they_used(
    school: School, learner: Learner
) -> None:
    token = await school.link(max_uses=1)
    await accept(learner, token)
    await school.admin.client.delete(f"{V1}/members/{learner.id}")
    assert error_of(await accept(learner, token)) == "invitation_used"


async def test_joining_is_no_consent(school: School, learner: Learner) -> None:
    await learner.client.patch(f"{V1}/users/me", json={"birth_year": datetime.now(UTC).year - 10})
    await accept(learner, await school.link())
    assert (await learner.client.get(f"{V1}/users/me")).json()["consent"] == "needed"
    assert error_of(await learner.client.post(f"{V1}/sessions/default/token")) == "consent_needed"


async def test_looking_and_accepting_have_a_rate(
    school: School, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await school.link()
    rates = learner.client._transport.app.state.rates  # type: ignore[attr-defined]
    monkeypatch.setattr(rates.join, "_most", 1)
    assert (await look(learner.client, token)).status_code == 200
    answer = await accept(learner, token)
    assert (answer.status_code, error_of(answer)) == (429, "rate_limited")
    assert "Retry-After" in answer.headers


async def test_ended_invitations_go_after_a_month(school: School, owner: asyncpg.Connection) -> None:
    await school.link()
    await school.link()
    await owner.execute("UPDATE invitations SET expires_at = now() - interval '31 days'")
    await school.link()
    assert len((await school.admin.client.get(INVITATIONS)).json()["items"]) == 1
