"""Keeping an account: address, password, devices, deletion."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.links import link_token
from api.rate_limit import Rates
from api.settings import Settings
from tests.api.conftest import PASSWORD, AgentSide, Learner, SignUp, client_of, error_of, turn
from tests.support.mail import PostOffice, link_of, plain_text

NEW_PASSWORD = "Speak-easier-2"
OF_A_PERSON = ("users", "organisations", "memberships", "sessions", "access_tokens")
"""Tables with one row a signed-in person."""
BAD_TOKEN = "A" * 54


async def entered(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    """Sign in."""
    return await client.post("/api/v1/auth/login", json={"email": email, "password": password})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/auth/verify/resend", None),
        ("POST", "/auth/logout-everywhere", None),
        ("POST", "/users/me/email", {"email": "a@example.com", "password": PASSWORD}),
        ("POST", "/users/me/password", {"current_password": PASSWORD, "new_password": NEW_PASSWORD}),
        ("POST", "/users/me/delete", {"password": PASSWORD}),
        ("GET", "/users/me/devices", None),
        ("DELETE", "/users/me/devices/00000000-0000-0000-0000-000000000000", None),
    ],
)
async def test_anonymous_is_refused(
    anonymous: httpx.AsyncClient, method: str, path: str, body: dict[str, str] | None
) -> None:
    answer = await anonymous.request(method, f"/api/v1{path}", json=body)
    assert (answer.status_code, error_of(answer)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/auth/verify", {}),
        ("/auth/reset-password", {"password": NEW_PASSWORD}),
        ("/auth/confirm-email", {}),
        ("/consent/look", {}),
        ("/consent", {"granted": True}),
    ],
)
async def test_links_that_nobody_mailed_do_nothing(
    learner: Learner,
    post_office: PostOffice,
    anonymous: httpx.AsyncClient,
    path: str,
    more: dict[str, object],
) -> None:
    _, of_another_purpose = link_of(await post_office.only_mail())
    tokens = [BAD_TOKEN, of_another_purpose] if path != "/auth/verify" else [BAD_TOKEN]
    for token in tokens:
        answer = await anonymous.post(f"/api/v1{path}", json={"token": token, **more})
        assert (answer.status_code, error_of(answer)) == (422, "link_invalid")


async def test_address_is_confirmed_by_its_link(
    learner: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice, owner: asyncpg.Connection
) -> None:
    message = await post_office.only_mail()
    assert message["To"] == learner.email
    page, token = link_of(message)
    assert page == "verify"
    assert not (await learner.client.get("/api/v1/users/me")).json()["email_verified"]
    for _ in range(2):  # once more changes nothing: a page may be opened again
        assert (await anonymous.post("/api/v1/auth/verify", json={"token": token})).status_code == 204
    assert (await learner.client.get("/api/v1/users/me")).json()["email_verified"]
    again = await learner.client.post("/api/v1/auth/verify/resend")
    assert (again.status_code, error_of(again)) == (409, "already_verified")
    kept = str(await owner.fetch("SELECT * FROM mails")) + str(
        await owner.fetch("SELECT * FROM mailed_links")
    )
    assert token not in kept


async def test_old_link_does_not_work(
    learner: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice, owner: asyncpg.Connection
) -> None:
    _, token = link_of(await post_office.only_mail())
    await owner.execute("UPDATE mailed_links SET expires_at = now()")
    answer = await anonymous.post("/api/v1/auth/verify", json={"token": token})
    assert error_of(answer) == "link_invalid"


async def test_resending_is_throttled(
    learner: Learner, app: FastAPI, settings: Settings, post_office: PostOffice
) -> None:
    app.state.rates = Rates.create(settings.model_copy(update={"mail_rate_limit": "2/hour"}))
    codes = [(await learner.client.post("/api/v1/auth/verify/resend")).status_code for _ in range(3)]
    assert codes == [202, 202, 429]
    assert len(await post_office.deliver()) == 3


async def test_reset_is_asked_for_in_one_way_whether_or_not_there_is_an_account(
    learner: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice, owner: asyncpg.Connection
) -> None:
    await post_office.deliver()
    answers, queued = [], []
    for email in (learner.email, "nobody@example.com"):
        answers.append(await anonymous.post("/api/v1/auth/forgot-password", json={"email": email}))
        queued.append(await owner.fetch("SELECT entrypoint FROM pgqueuer"))
        assert await owner.fetchval("SELECT count(*) FROM mailed_links WHERE purpose = 'reset_password'") == 0
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert [len(rows) for rows in queued] == [1, 2]
    message = await post_office.only_mail()
    assert message["To"] == learner.email


async def test_password_is_reset_once_and_signs_out_everywhere(
    learner: Learner, app: FastAPI, post_office: PostOffice
) -> None:
    await post_office.deliver()
    async with client_of(app) as browser:
        await browser.post("/api/v1/auth/forgot-password", json={"email": learner.email.upper()})
        page, token = link_of(await post_office.only_mail())
        assert page == "reset"
        weak = await browser.post(
            "/api/v1/auth/reset-password", json={"token": token, "password": "weak-pass"}
        )
        assert error_of(weak) == "weak_password"
        body = {"token": token, "password": NEW_PASSWORD}
        assert (await browser.post("/api/v1/auth/reset-password", json=body)).status_code == 204
        again = await browser.post("/api/v1/auth/reset-password", json=body)
        assert error_of(again) == "link_invalid"
        assert (await learner.client.get("/api/v1/users/me")).status_code == 401
        assert (await entered(browser, learner.email, PASSWORD)).status_code == 401
        assert (await entered(browser, learner.email, NEW_PASSWORD)).status_code == 204
        assert (await browser.get("/api/v1/users/me")).json()["email_verified"]
    assert "password" in plain_text(await post_office.only_mail())


async def test_mails_to_one_address_are_few_and_nobody_is_told(
    learner: Learner, anonymous: httpx.AsyncClient, app: FastAPI, settings: Settings, post_office: PostOffice
) -> None:
    app.state.rates = Rates.create(settings.model_copy(update={"mail_rate_limit": "1/hour"}))
    await post_office.deliver()
    for count in (1, 0):
        asked = await anonymous.post("/api/v1/auth/forgot-password", json={"email": learner.email})
        assert asked.status_code == 202
        assert len(await post_office.deliver()) == count


async def test_password_change_asks_for_the_present_one_and_keeps_this_device_only(
    learner: Learner, app: FastAPI, post_office: PostOffice
) -> None:
    async with client_of(app) as other:
        await entered(other, learner.email, PASSWORD)
        path = "/api/v1/users/me/password"
        wrong = await learner.client.post(
            path, json={"current_password": "Wrong-pass-1", "new_password": NEW_PASSWORD}
        )
        assert (wrong.status_code, error_of(wrong)) == (403, "wrong_password")
        weak = await learner.client.post(
            path, json={"current_password": PASSWORD, "new_password": "all-lower-1"}
        )
        assert error_of(weak) == "weak_password"
        changed = await learner.client.post(
            path, json={"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        )
        assert changed.status_code == 204
        assert (await learner.client.get("/api/v1/users/me")).status_code == 200
        assert (await other.get("/api/v1/users/me")).status_code == 401
    assert len(await post_office.deliver()) == 2


async def test_guessing_the_present_password_is_slowed(
    learner: Learner, app: FastAPI, settings: Settings
) -> None:
    app.state.rates = Rates.create(settings.model_copy(update={"password_rate_limit": "2/minute"}))
    codes = [
        (await learner.client.post("/api/v1/users/me/delete", json={"password": f"Wrong-{n}"})).status_code
        for n in range(3)
    ]
    assert codes == [403, 403, 429]


async def test_address_changes_when_the_new_one_is_confirmed_and_the_old_is_told(
    learner: Learner, stranger: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice
) -> None:
    await post_office.deliver()
    path = "/api/v1/users/me/email"
    taken = await learner.client.post(path, json={"email": stranger.email, "password": PASSWORD})
    assert error_of(taken) == "email_taken"
    wrong = await learner.client.post(path, json={"email": "new@example.com", "password": "Wrong-pass-1"})
    assert error_of(wrong) == "wrong_password"
    asked = await learner.client.post(path, json={"email": "New@Example.com", "password": PASSWORD})
    assert asked.status_code == 202
    message = await post_office.only_mail()
    assert message["To"] == "new@example.com"
    me = (await learner.client.get("/api/v1/users/me")).json()
    assert (me["email"], me["pending_email"]) == (learner.email, "new@example.com")
    page, token = link_of(message)
    assert page == "confirm-email"
    assert (await anonymous.post("/api/v1/auth/confirm-email", json={"token": token})).status_code == 204
    me = (await learner.client.get("/api/v1/users/me")).json()
    assert (me["email"], me["pending_email"], me["email_verified"]) == ("new@example.com", None, True)
    told = await post_office.only_mail()
    assert told["To"] == learner.email
    assert "new@example.com" in plain_text(told)
    assert (await entered(anonymous, "new@example.com", PASSWORD)).status_code == 204


async def test_another_address_that_is_thought_better_of_opens_nothing(
    learner: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice
) -> None:
    await post_office.deliver()
    path = "/api/v1/users/me/email"
    await learner.client.post(path, json={"email": "slip@example.com", "password": PASSWORD})
    _, token = link_of(await post_office.only_mail())
    assert [(await learner.client.delete(path)).status_code for _ in range(2)] == [204, 204]
    assert (await learner.client.get("/api/v1/users/me")).json()["pending_email"] is None
    answer = await anonymous.post("/api/v1/auth/confirm-email", json={"token": token})
    assert (answer.status_code, error_of(answer)) == (422, "link_invalid")
    assert (await learner.client.get("/api/v1/users/me")).json()["email"] == learner.email


async def test_address_taken_in_the_meantime_stays_the_others(
    learner: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice
) -> None:
    await post_office.deliver()
    body = {"email": "late@example.com", "password": PASSWORD}
    await learner.client.post("/api/v1/users/me/email", json=body)
    _, token = link_of(await post_office.only_mail())
    assert (await anonymous.post("/api/v1/auth/register", json=body)).status_code == 201
    answer = await anonymous.post("/api/v1/auth/confirm-email", json={"token": token})
    assert (answer.status_code, error_of(answer)) == (409, "email_taken")
    assert (await learner.client.get("/api/v1/users/me")).json()["email"] == learner.email


async def test_devices_are_listed_and_signed_out(learner: Learner, stranger: Learner, app: FastAPI) -> None:
    async with client_of(app) as phone:
        phone.headers["User-Agent"] = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
        await entered(phone, learner.email, PASSWORD)
        listed = (await learner.client.get("/api/v1/users/me/devices")).json()["items"]
        assert sorted(item["current"] for item in listed) == [False, True]
        [other] = [item for item in listed if not item["current"]]
        assert other["label"] == "Firefox on Android"
        assert set(other) == {"id", "label", "created_at", "last_seen_at", "current"}
        path = f"/api/v1/users/me/devices/{other['id']}"
        assert (await stranger.client.delete(path)).status_code == 404
        assert (await phone.get("/api/v1/users/me")).status_code == 200
        assert (await learner.client.delete(path)).status_code == 204
        assert (await phone.get("/api/v1/users/me")).status_code == 401
        assert (await learner.client.delete(path)).status_code == 404


async def test_last_use_of_a_device_moves_on(learner: Learner, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE access_tokens SET last_seen_at = now() - interval '1 hour'")
    await learner.client.get("/api/v1/users/me")
    seen = "SELECT now() - last_seen_at < interval '1 minute' FROM access_tokens"
    assert await owner.fetchval(seen)


async def test_signing_out_everywhere(learner: Learner, stranger: Learner, app: FastAPI) -> None:
    async with client_of(app) as other:
        await entered(other, learner.email, PASSWORD)
        assert (await other.post("/api/v1/auth/logout-everywhere")).status_code == 204
        assert (await other.get("/api/v1/users/me")).status_code == 401
    assert (await learner.client.get("/api/v1/users/me")).status_code == 401
    assert (await stranger.client.get("/api/v1/users/me")).status_code == 200


async def test_deleted_account_leaves_nothing_and_its_room_ends(
    learner: Learner,
    stranger: Learner,
    agent: AgentSide,
    owner: asyncpg.Connection,
    post_office: PostOffice,
) -> None:
    await post_office.deliver()
    room = await learner.room()
    call = await agent.opened(room)
    await call.append(turn("i1", 0))
    path = "/api/v1/users/me/delete"
    wrong = await learner.client.post(path, json={"password": "Wrong-pass-1"})
    assert error_of(wrong) == "wrong_password"
    assert (await learner.client.post(path, json={"password": PASSWORD})).status_code == 204
    assert (await learner.client.get("/api/v1/users/me")).status_code == 401
    for table, left in {**dict.fromkeys(OF_A_PERSON, 1), "calls": 0, "turns": 0}.items():
        assert await owner.fetchval(f"SELECT count(*) FROM {table}") == left, table  # noqa: S608
    jobs = await owner.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'calls.end_erased_room'")
    assert [room in row["payload"].decode() for row in jobs] == [True]
    assert (await call.append(turn("i2", 1))).status_code == 410
    told = await post_office.only_mail()
    assert told["To"] == learner.email
    assert (await stranger.client.get("/api/v1/users/me")).status_code == 200


async def test_person_is_slowed_on_one_endpoint_and_not_on_others(
    learner: Learner, stranger: Learner, app: FastAPI, settings: Settings
) -> None:
    app.state.rates = Rates.create(settings.model_copy(update={"user_rate_limit": "2/minute"}))
    codes = [(await learner.client.get("/api/v1/users/me")).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    refused = await learner.client.get("/api/v1/users/me")
    assert error_of(refused) == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (await learner.client.get("/api/v1/users/me/preferences")).status_code == 200
    assert (await stranger.client.get("/api/v1/users/me")).status_code == 200


async def test_link_of_a_deleted_account(
    sign_up: SignUp, anonymous: httpx.AsyncClient, post_office: PostOffice, settings: Settings
) -> None:
    gone = await sign_up()
    _, token = link_of(await post_office.only_mail())
    await gone.client.post("/api/v1/users/me/delete", json={"password": PASSWORD})
    assert error_of(await anonymous.post("/api/v1/auth/verify", json={"token": token})) == "link_invalid"
    assert token != link_token(settings, "reset_password", gone.id)
