"""Wrong passwords in a row lock strange browsers out for a while, and never the owner's own."""

import asyncio

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from tests.api.conftest import PASSWORD, Learner, client_of, error_of
from tests.api.identity.test_accounts import entered
from tests.support.mail import PostOffice, link_of


@pytest.mark.parametrize("has_account", [False, True])
async def test_five_wrong_passwords_lock_and_tell_nothing_of_the_account(
    learner: Learner, app: FastAPI, has_account: bool
) -> None:
    email = learner.email if has_account else "nobody@example.com"
    async with client_of(app) as strange:
        for _ in range(5):
            assert (await entered(strange, email, "Wrong-pass-1")).status_code == 401
        for password in ("Wrong-pass-1", PASSWORD):
            locked = await entered(strange, email, password)
            assert (locked.status_code, error_of(locked)) == (429, "account_locked")
            assert 890 <= int(locked.headers["Retry-After"]) <= 900
            assert "15 min" in locked.json()["error"]["message"]


async def test_lock_ends_and_trying_does_not_make_it_longer(
    learner: Learner, anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    for _ in range(5):
        await entered(anonymous, learner.email, "Wrong-pass-1")
    until = await owner.fetchval("SELECT locked_until FROM sign_in_failures")
    for _ in range(3):
        await entered(anonymous, learner.email, "Wrong-pass-1")
    assert await owner.fetchval("SELECT locked_until FROM sign_in_failures") == until
    await owner.execute("UPDATE sign_in_failures SET locked_until = now()")
    assert (await entered(anonymous, learner.email, "Wrong-pass-1")).status_code == 401
    assert (await entered(anonymous, learner.email, PASSWORD)).status_code == 204
    assert await owner.fetchval("SELECT count(*) FROM sign_in_failures") == 0


async def test_browser_that_was_in_before_is_counted_apart(learner: Learner, app: FastAPI) -> None:
    async with client_of(app) as strange:
        for _ in range(6):
            await entered(strange, learner.email, "Wrong-pass-1")
        assert (await entered(strange, learner.email, PASSWORD)).status_code == 429
        assert (await entered(learner.client, learner.email, PASSWORD)).status_code == 204
        for _ in range(5):
            await entered(learner.client, learner.email, "Wrong-pass-1")
        assert (await entered(learner.client, learner.email, PASSWORD)).status_code == 429


async def test_cookie_of_another_account_or_a_forged_one_helps_nothing(
    learner: Learner, stranger: Learner, app: FastAPI
) -> None:
    async with client_of(app) as strange:
        for _ in range(5):
            await entered(strange, learner.email, "Wrong-pass-1")
        strange.cookies.set("avaaz_browser", "A" * 54)
        assert (await entered(strange, learner.email, PASSWORD)).status_code == 429
    assert (await entered(stranger.client, learner.email, PASSWORD)).status_code == 429


async def test_guesses_side_by_side_are_locked_too(learner: Learner, app: FastAPI) -> None:
    async with client_of(app) as strange:
        guesses = [entered(strange, learner.email, f"Wrong-pass-{n}") for n in range(12)]
        codes = [answer.status_code for answer in await asyncio.gather(*guesses)]
        assert set(codes) <= {401, 429}
        assert (await entered(strange, learner.email, PASSWORD)).status_code == 429


async def test_reset_by_mail_lifts_the_lock(
    learner: Learner, anonymous: httpx.AsyncClient, post_office: PostOffice
) -> None:
    await post_office.deliver()
    for _ in range(5):
        await entered(anonymous, learner.email, "Wrong-pass-1")
    await anonymous.post("/api/v1/auth/forgot-password", json={"email": learner.email})
    _, token = link_of(await post_office.only_mail())
    body = {"token": token, "password": "Speak-easier-2"}
    assert (await anonymous.post("/api/v1/auth/reset-password", json=body)).status_code == 204
    assert (await entered(anonymous, learner.email, "Speak-easier-2")).status_code == 204
