"""Invitations by mail: for one address, once; a forwarded one is refused and stays good for its reader."""

import asyncpg
import httpx
import pytest

from tests.api.conftest import Learner, SignUp, error_of
from tests.api.invitations.conftest import confirm
from tests.api.school import V1, School, accept, own
from tests.support.mail import PostOffice, link_of, plain_text

MAILS = f"{V1}/invitations/mails"


async def invited(school: School, post_office: PostOffice, email: str, **wanted: object) -> str:
    """The secret that an address got by mail."""
    answer = await school.admin.client.post(MAILS, json={"emails": [email], **wanted})
    assert answer.status_code == 201, answer.text
    page, token = link_of(await post_office.only_mail())
    assert page == "join"
    return token


async def test_anonymous_wrong_roles_and_unconfirmed_people_mail_nobody(
    school: School, anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    body = {"emails": ["new@example.com"]}
    assert error_of(await anonymous.post(MAILS, json=body)) == "unauthenticated"
    tom = await school.join("Tom", "instructor")
    assert error_of(await tom.client.post(MAILS, json=body)) == "forbidden"
    second = await school.join("Bea", "admin")
    answer = await second.client.post(MAILS, json=body)
    assert (answer.status_code, error_of(answer)) == (403, "email_unverified")
    assert await owner.fetchval("SELECT count(*) FROM invitations WHERE email IS NOT NULL") == 0


@pytest.mark.parametrize("emails", [[], ["no address"], ["a@example.com"] * 51, "a@example.com"])
async def test_addresses_are_addresses(school: School, emails: object) -> None:
    answer = await school.admin.client.post(MAILS, json={"emails": emails})
    assert (answer.status_code, error_of(answer)) == (422, "validation_error")


async def test_each_is_mailed_once_in_their_own_language(
    school: School, sign_up: SignUp, post_office: PostOffice
) -> None:
    known = await sign_up("Ana")
    await known.client.patch(f"{V1}/users/me", json={"locale": "es-MX"})
    await post_office.deliver()
    body = {"emails": ["New@Example.com", "new@example.com", known.email]}
    made = (await school.admin.client.post(MAILS, json=body)).json()["items"]
    assert [one["email"] for one in made] == ["new@example.com", known.email]
    assert {one["url"] for one in made} == {None}
    mails = {mail["To"]: mail for mail in await post_office.deliver()}
    assert set(mails) == {"new@example.com", known.email}
    assert "North School" in plain_text(mails["new@example.com"])
    assert mails[known.email]["Subject"] == "Te invitan a practicar inglés"


async def test_a_mailed_invitation_is_used_once_by_its_reader(
    school: School,
    learner: Learner,
    anonymous: httpx.AsyncClient,
    owner: asyncpg.Connection,
    post_office: PostOffice,
) -> None:
    evening = await school.program()
    await post_office.deliver()
    token = await invited(school, post_office, learner.email.upper(), role="instructor", program_id=evening)
    shown = (await anonymous.post(f"{V1}/invitations/look", json={"token": token})).json()
    assert (shown["role"], shown["email_hint"]) == ("instructor", f"{learner.email[0]}…@example.com")
    answer = await accept(learner, token)
    assert (answer.status_code, error_of(answer)) == (403, "email_unverified"), "whoever says so may not be"
    await confirm(owner, learner.email)
    assert (await accept(learner, token)).status_code == 200
    assert (await learner.client.get(f"{V1}/users/me")).json()["role"] == "instructor"
    assert [one["role"] for one in (await own(learner))[1]["programs"]] == ["instructor"]
    assert (await accept(learner, token)).status_code == 200, "opened again, it leads to the same place"
    await learner.client.delete(f"{V1}/users/me/organisations/{school.id}")
    again = await accept(learner, token)
    assert (again.status_code, error_of(again)) == (409, "invitation_used")


async def test_a_forwarded_invitation_is_refused_and_not_used_up(
    school: School,
    learner: Learner,
    stranger: Learner,
    owner: asyncpg.Connection,
    post_office: PostOffice,
) -> None:
    await post_office.deliver()
    token = await invited(school, post_office, learner.email)
    for email in (learner.email, stranger.email):
        await confirm(owner, email)
    answer = await accept(stranger, token)
    assert (answer.status_code, error_of(answer)) == (403, "invitation_for_another")
    assert learner.email not in answer.text
    assert len(await own(stranger)) == 1
    assert (await accept(learner, token)).status_code == 200


async def test_a_member_who_is_invited_to_more_gets_more(
    school: School, owner: asyncpg.Connection, post_office: PostOffice
) -> None:
    mia = await school.join()
    await confirm(owner, mia.email)
    await post_office.deliver()
    token = await invited(school, post_office, mia.email, role="admin")
    assert (await accept(mia, token)).status_code == 200
    assert (await mia.client.get(f"{V1}/organisation")).json()["admins"] == 2


async def test_inviting_again_takes_the_earlier_letter_back(
    school: School, learner: Learner, owner: asyncpg.Connection, post_office: PostOffice
) -> None:
    await post_office.deliver()
    await confirm(owner, learner.email)
    first = await invited(school, post_office, learner.email)
    second = await invited(school, post_office, learner.email)
    assert error_of(await accept(learner, first)) == "invitation_revoked"
    assert (await accept(learner, second)).status_code == 200


async def test_inviting_has_a_rate(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = school.admin.client._transport.app.state.rates  # type: ignore[attr-defined]
    monkeypatch.setattr(rates.invitation, "_most", 2)
    body = {"emails": ["a@example.com", "b@example.com", "c@example.com"]}
    answer = await school.admin.client.post(MAILS, json=body)
    assert (answer.status_code, error_of(answer)) == (429, "rate_limited")
    assert (await school.admin.client.get(f"{V1}/invitations")).json() == {"items": []}
