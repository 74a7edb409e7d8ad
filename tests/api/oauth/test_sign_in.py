"""Sign-in through a provider: what is refused, and then what is not."""

import time
from typing import Any

import asyncpg
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI

from api.oauth import attempts
from api.oauth.vault import Vault
from api.settings import Settings
from api.signing import sign
from tests.api.conftest import Learner, client_of, error_of
from tests.api.oauth.conftest import OAUTH, Browser, failure_of, me, query_of
from tests.support.openid_server import CLIENT_SECRET, OpenIDServer


async def test_providers_that_are_not_configured_are_hidden(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/api/v1/config")).json()["sign_in_providers"] == []
    for path in ("openid/start", "google/start", "facebook/callback"):
        answer = await anonymous.get(f"{OAUTH}/{path}")
        assert (answer.status_code, error_of(answer)) == (404, "not_found")
    unknown = await anonymous.get(f"{OAUTH}/myspace/start")
    assert (unknown.status_code, error_of(unknown)) == (422, "validation_error")


async def test_configured_provider_is_shown_by_its_title(
    anonymous: httpx.AsyncClient, provider: OpenIDServer
) -> None:
    shown = (await anonymous.get("/api/v1/config")).json()["sign_in_providers"]
    assert shown == [{"name": "openid", "title": "School"}]


async def test_start_sends_state_nonce_and_challenge_and_keeps_them_in_a_guarded_cookie(
    browser: Browser, provider: OpenIDServer
) -> None:
    answer = await browser.client.get(f"{OAUTH}/openid/start")
    sent = query_of(answer.headers["location"])
    assert min(len(sent[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert sent["code_challenge_method"] == "S256"
    assert sent["redirect_uri"] == f"http://avaaz.test{OAUTH}/openid/callback"
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", f"Path={OAUTH}", "Max-Age=600"):
        assert part in cookie


async def test_answer_for_another_attempt_is_refused(
    browser: Browser, provider: OpenIDServer, app: FastAPI
) -> None:
    address = await browser.back(await browser.start())
    async with client_of(app) as victim:
        assert failure_of(await victim.get(address)) == "oauth_state", "no cookie at all"
        await Browser(victim).start()
        assert failure_of(await victim.get(address)) == "oauth_state", "a cookie of another attempt"
    assert failure_of(await browser.client.get(f"{OAUTH}/openid/callback?code=x")) == "oauth_state"
    assert failure_of(await browser.client.get(f"{OAUTH}/openid/callback")) == "oauth_state"


async def test_attempt_cookie_is_signed_short_lived_and_for_one_provider(
    browser: Browser, provider: OpenIDServer, settings: Settings
) -> None:
    good = attempts.begin("openid", None)
    claims = {**vars(good), "aud": attempts.AUDIENCE}
    late = sign(settings, attempts.PURPOSE, {**claims, "exp": int(time.time()) - 1})
    forged = jwt.encode({**claims, "exp": int(time.time()) + 60}, "x" * 32, "HS256")
    other = attempts.sealed(settings, attempts.begin("google", None))
    for cookie in (late, forged, other, "x", attempts.sealed(settings, good)[:-2]):
        browser.client.cookies.set(attempts.COOKIE, cookie)
        answer = await browser.client.get(f"{OAUTH}/openid/callback?code=x&state={good.state}")
        assert failure_of(answer) == "oauth_state"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("access_denied", "oauth_refused"),
        ("consent_required", "oauth_refused"),
        ("server_error", "oauth_failed"),
    ],
)
async def test_refused_consent_and_faults_are_told_apart(
    browser: Browser, provider: OpenIDServer, said: str, code: str, owner: asyncpg.Connection
) -> None:
    provider.refusing = said
    assert failure_of(await browser.walk()) == code
    assert await owner.fetchval("SELECT count(*) FROM users") == 0


async def test_provider_that_is_down(browser: Browser, provider: OpenIDServer) -> None:
    provider.failing = True
    answer = await browser.client.get(f"{OAUTH}/openid/start")
    assert failure_of(answer) == "oauth_unavailable"
    provider.failing = False
    address = await browser.back(await browser.start())
    provider.failing = True
    assert failure_of(await browser.client.get(address)) == "oauth_failed"


async def test_code_is_good_once(browser: Browser, provider: OpenIDServer) -> None:
    address = await browser.back(await browser.start())
    kept = browser.client.cookies[attempts.COOKIE]
    assert (await browser.client.get(address)).headers["location"] == "/"
    browser.client.cookies.set(attempts.COOKIE, kept)
    assert failure_of(await browser.client.get(address)) == "oauth_failed"


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"aud": "another-client"},
        {"iss": "https://evil.test"},
        {"exp": 1},
        {"nonce": None},
        {"sub": None},
    ],
)
async def test_identity_token_that_lies_is_refused(
    browser: Browser, provider: OpenIDServer, lies: dict[str, Any], owner: asyncpg.Connection
) -> None:
    provider.lies = lies
    assert failure_of(await browser.walk()) == "oauth_failed"
    assert await owner.fetchval("SELECT count(*) FROM users") == 0


async def test_identity_token_that_is_not_signed_by_the_provider_is_refused(
    browser: Browser, provider: OpenIDServer
) -> None:
    foreign = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for signing in ((foreign, "RS256"), (CLIENT_SECRET, "HS256"), (None, "none")):
        provider.signing = signing
        assert failure_of(await browser.walk()) == "oauth_failed"


async def test_userinfo_of_somebody_else_is_refused(browser: Browser, provider: OpenIDServer) -> None:
    provider.in_userinfo_only = True
    provider.lies = {"sub": "person-2"}
    assert failure_of(await browser.walk()) == "oauth_failed"


@pytest.mark.parametrize(("email", "code"), [(None, "oauth_no_email"), ("nobody", "oauth_no_email")])
async def test_person_without_a_usable_address(
    browser: Browser, provider: OpenIDServer, email: str | None, code: str
) -> None:
    provider.person["email"] = email
    assert failure_of(await browser.walk()) == code


@pytest.mark.parametrize(
    "page", ["//evil.test", "https://evil.test", "/\\evil.test", "/\tx", "evil", "/\r\nX: y", "/" + "x" * 390]
)
async def test_page_of_others_is_not_visited(browser: Browser, provider: OpenIDServer, page: str) -> None:
    assert (await browser.walk(page)).headers["location"] == "/"


async def test_linked_only_where_provider_and_owner_both_confirmed_the_address(
    browser: Browser, provider: OpenIDServer, learner: Learner, owner: asyncpg.Connection
) -> None:
    provider.person.update(email=learner.email.upper(), email_verified=False)
    assert failure_of(await browser.walk()) == "oauth_address_taken"
    provider.person["email_verified"] = True
    assert failure_of(await browser.walk()) == "oauth_confirm_first"
    await owner.execute("UPDATE users SET is_verified = true")
    assert (await browser.walk()).headers["location"] == "/"
    assert (await me(browser.client))["id"] == str(learner.id)
    assert await owner.fetchval("SELECT count(*) FROM users") == 1


async def test_unconfirmed_address_makes_an_account_that_its_owner_can_take(
    browser: Browser, provider: OpenIDServer, owner: asyncpg.Connection
) -> None:
    provider.person["email_verified"] = False
    await browser.walk()
    assert not (await me(browser.client))["email_verified"]
    assert (await browser.walk()).headers["location"] == "/"
    await owner.execute("UPDATE users SET password_changed_at = now()")
    assert failure_of(await browser.walk()) == "oauth_password_changed"


async def test_confirmed_address_makes_a_confirmed_account_and_the_second_time_finds_it(
    browser: Browser, provider: OpenIDServer, owner: asyncpg.Connection, settings: Settings, app: FastAPI
) -> None:
    provider.in_userinfo_only = True
    arrived = await browser.walk("/calls/1?tab=words#turn-2")
    assert arrived.headers["location"] == "/calls/1?tab=words#turn-2"
    person = await me(browser.client)
    assert (person["email"], person["display_name"], person["role"]) == (
        "nia@example.com",
        "Nia N.",
        "learner",
    )
    assert person["email_verified"]
    assert (await browser.client.get("/api/v1/sessions/default")).status_code == 200
    row = await owner.fetchrow("SELECT access_token, refresh_token FROM oauth_accounts")
    assert all(token.encode() not in kept for kept in row for token in provider.issued)
    assert [Vault(settings).decrypted(kept) for kept in row] == provider.issued
    provider.person["email"] = "moved@example.com"
    async with client_of(app) as elsewhere:
        await Browser(elsewhere).walk()
        assert (await me(elsewhere))["id"] == person["id"], "known by the provider's own name for it"
    await owner.execute("UPDATE users SET password_changed_at = now()")
    assert (await browser.walk()).status_code == 303
    assert await owner.fetchval("SELECT count(*) FROM users") == 1


async def test_closed_account_stays_closed(
    browser: Browser, provider: OpenIDServer, owner: asyncpg.Connection
) -> None:
    await browser.walk()
    await owner.execute("UPDATE users SET is_active = false")
    assert failure_of(await browser.walk()) == "oauth_account_closed"


async def test_owner_sees_and_unlinks_accounts_and_nobody_elses(
    browser: Browser, provider: OpenIDServer, stranger: Learner, app: FastAPI, owner: asyncpg.Connection
) -> None:
    async with client_of(app) as nobody:
        assert (await nobody.get(f"{OAUTH}/accounts")).status_code == 401
    await browser.walk()
    (shown,) = (await browser.client.get(f"{OAUTH}/accounts")).json()["items"]
    assert (shown["provider"], shown["email"]) == ("openid", "nia@example.com")
    assert (await stranger.client.get(f"{OAUTH}/accounts")).json()["items"] == []
    assert (await stranger.client.delete(f"{OAUTH}/accounts/{shown['id']}")).status_code == 404
    assert (await browser.client.delete(f"{OAUTH}/accounts/{shown['id']}")).status_code == 204
    assert await owner.fetchval("SELECT count(*) FROM oauth_accounts") == 0


async def test_nothing_secret_is_logged(
    browser: Browser, provider: OpenIDServer, capsys: pytest.CaptureFixture[str]
) -> None:
    address = await browser.back(await browser.start())
    await browser.client.get(address)
    provider.refusing = "access_denied"
    await browser.walk()
    logged = "".join(capsys.readouterr())
    assert "provider sign-in failed" in logged
    for secret in (query_of(address)["code"], query_of(address)["state"], *provider.issued, "example.com"):
        assert secret not in logged


async def test_closed_sign_up_is_closed_to_providers_accounts_too(
    browser: Browser, provider: OpenIDServer, owner: asyncpg.Connection, app: FastAPI
) -> None:
    await owner.execute("INSERT INTO installation_settings (key, value) VALUES ('sign_up_open', 'false')")
    app.state.switchboard.forget()
    arrived = await browser.walk()
    assert "error=oauth_sign_up_closed" in arrived.headers["location"]
    assert await owner.fetchval("SELECT count(*) FROM users") == 0
