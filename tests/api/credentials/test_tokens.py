"""Bearer tokens of API clients and the refresh tokens that follow one another."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import jwt
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from api.credentials import service, tokens
from api.database import utc_now
from api.settings import Settings
from api.signing import derived_keys
from tests.api.conftest import PASSWORD, Learner, client_of, error_of, unverified

TOKENS = "/api/v1/auth/tokens"
ME = "/api/v1/users/me"


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


async def enter(client: httpx.AsyncClient, person: Learner, name: str = "curl") -> dict[str, Any]:
    """A token pair for a person."""
    body = {"email": person.email, "password": PASSWORD, "client_name": name}
    answer = await client.post(TOKENS, json=body)
    assert answer.status_code == 201, answer.text
    pair: dict[str, Any] = answer.json()
    return pair


async def renew(client: httpx.AsyncClient, refresh_token: str) -> httpx.Response:
    """Ask for the next pair."""
    return await client.post(f"{TOKENS}/refresh", json={"refresh_token": refresh_token})


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "avr_x", "é", "null"])
async def test_what_is_no_token_opens_nothing(anonymous: httpx.AsyncClient, token: str) -> None:
    answer = await anonymous.get(ME, headers={b"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401
    assert error_of(answer) in {"unauthenticated", "token_invalid"}


@pytest.mark.parametrize("password", ["Wrong-pass-1", "speak-easy-1"])
async def test_wrong_password_gives_no_token(
    anonymous: httpx.AsyncClient, learner: Learner, password: str
) -> None:
    answer = await anonymous.post(TOKENS, json={"email": learner.email, "password": password})
    assert (answer.status_code, error_of(answer)) == (401, "wrong_credentials")


async def test_forged_tokens_are_refused(
    anonymous: httpx.AsyncClient, learner: Learner, stranger: Learner, settings: Settings
) -> None:
    pair = await enter(anonymous, learner)
    claims = unverified(pair["access_token"])
    key = derived_keys(settings, tokens.PURPOSE)[0].secret
    past = utc_now() - timedelta(seconds=1)
    forged = {
        "token_expired": [jwt.encode({**claims, "exp": past}, key, "HS256")],
        "token_invalid": [
            jwt.encode(claims, "", "none"),
            jwt.encode(claims, "another-key-of-at-least-thirty-two-bytes", "HS256"),
            jwt.encode(claims, derived_keys(settings, "grant")[0].secret, "HS256"),
            jwt.encode({**claims, "aud": "avaaz:agent-grant"}, key, "HS256"),
            jwt.encode({**claims, "sub": str(stranger.id)}, key, "HS256"),
            jwt.encode({**claims, "fam": str(uuid4())}, key, "HS256"),
            jwt.encode({**claims, "sub": str(uuid4())}, key, "HS256"),
            jwt.encode({k: v for k, v in claims.items() if k != "exp"}, key, "HS256"),
            pair["access_token"][:-2],
        ],
    }
    for code, made in forged.items():
        for token in made:
            answer = await anonymous.get(ME, headers=bearer(token))
            assert (answer.status_code, error_of(answer)) == (401, code)
            assert token not in answer.text


async def test_room_tokens_grants_and_refresh_tokens_are_no_bearer_tokens(
    anonymous: httpx.AsyncClient, learner: Learner
) -> None:
    room = (await learner.client.post("/api/v1/sessions/default/token")).json()["participant_token"]
    for token in (room, (await enter(anonymous, learner))["refresh_token"]):
        answer = await anonymous.get(ME, headers=bearer(token))
        assert (answer.status_code, error_of(answer)) == (401, "token_invalid")


async def test_pair_opens_what_the_cookie_opens_and_is_kept_as_a_digest(
    anonymous: httpx.AsyncClient, learner: Learner, owner: asyncpg.Connection
) -> None:
    pair = await enter(anonymous, learner)
    assert (pair["token_type"], pair["expires_in"], pair["refresh_expires_in"]) == (
        "bearer",
        30 * 60,
        7 * 86_400,
    )
    claims = unverified(pair["access_token"])
    assert claims["exp"] - claims["iat"] == 30 * 60
    shown = bearer(pair["access_token"])
    assert (await anonymous.get(ME, headers=shown)).json()["id"] == str(learner.id)
    changed = await anonymous.patch(ME, json={"display_name": "By curl"}, headers=shown)
    assert changed.json()["display_name"] == "By curl"
    kept = dict(await owner.fetchrow("SELECT * FROM refresh_tokens"))
    assert len(kept["token_hash"]) == 64
    assert pair["refresh_token"] not in str(kept)
    assert "avaaz_session" not in anonymous.cookies


async def test_token_of_the_previous_secret_is_believed(
    anonymous: httpx.AsyncClient,
    learner: Learner,
    settings: Settings,
    app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pair = await enter(anonymous, learner)
    changed = settings.model_copy(
        update={
            "secret_key": SecretStr("a-new-secret-of-thirty-two-characters"),
            "secret_key_previous": settings.secret_key,
        }
    )
    monkeypatch.setitem(app.state._state, "settings", changed)
    assert (await anonymous.get(ME, headers=bearer(pair["access_token"]))).status_code == 200
    monkeypatch.setitem(
        app.state._state, "settings", changed.model_copy(update={"secret_key_previous": None})
    )
    refused = await anonymous.get(ME, headers=bearer(pair["access_token"]))
    assert (refused.status_code, error_of(refused)) == (401, "token_invalid")


async def test_refresh_token_is_good_once(anonymous: httpx.AsyncClient, learner: Learner) -> None:
    first = await enter(anonymous, learner)
    second = (await renew(anonymous, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await anonymous.get(ME, headers=bearer(second["access_token"]))).status_code == 200
    third = await renew(anonymous, second["refresh_token"])
    assert third.status_code == 200


async def test_used_refresh_token_ends_the_whole_family(
    anonymous: httpx.AsyncClient,
    learner: Learner,
    owner: asyncpg.Connection,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = await enter(anonymous, learner)
    other = await enter(anonymous, learner, "another client")
    second = (await renew(anonymous, first["refresh_token"])).json()
    reused = await renew(anonymous, first["refresh_token"])
    assert (reused.status_code, error_of(reused)) == (401, "refresh_reused")
    assert error_of(await renew(anonymous, second["refresh_token"])) == "refresh_invalid"
    for pair in (first, second):
        answer = await anonymous.get(ME, headers=bearer(pair["access_token"]))
        assert error_of(answer) == "token_invalid", "bearer tokens end with their family"
    assert (await anonymous.get(ME, headers=bearer(other["access_token"]))).status_code == 200
    kept = await owner.fetch("SELECT revoked_for FROM token_families WHERE revoked_at IS NOT NULL")
    assert [row["revoked_for"] for row in kept] == ["reused"]
    logged = "".join(capsys.readouterr())
    assert "refresh token reused" in logged
    for secret in (first["refresh_token"], second["refresh_token"], first["access_token"]):
        assert secret not in logged


async def test_of_two_at_once_one_is_served_and_the_family_ends(
    anonymous: httpx.AsyncClient, learner: Learner
) -> None:
    pair = await enter(anonymous, learner)
    both = await asyncio.gather(*(renew(anonymous, pair["refresh_token"]) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [200, 401]
    (served,) = [answer.json() for answer in both if answer.status_code == 200]
    assert error_of(await renew(anonymous, served["refresh_token"])) == "refresh_invalid"


@pytest.mark.parametrize("token", ["avr_unknown", "x" * 200, "\u0001"])
async def test_unknown_refresh_token_is_refused(anonymous: httpx.AsyncClient, token: str) -> None:
    answer = await renew(anonymous, token)
    assert (answer.status_code, error_of(answer)) == (401, "refresh_invalid")


async def test_refresh_token_in_the_address_is_not_read(
    anonymous: httpx.AsyncClient, learner: Learner
) -> None:
    pair = await enter(anonymous, learner)
    answer = await anonymous.post(f"{TOKENS}/refresh", params={"refresh_token": pair["refresh_token"]})
    assert answer.status_code == 422


async def test_refresh_token_runs_out(
    anonymous: httpx.AsyncClient, learner: Learner, owner: asyncpg.Connection
) -> None:
    pair = await enter(anonymous, learner)
    await owner.execute("UPDATE refresh_tokens SET expires_at = now() - interval '1 second'")
    assert error_of(await renew(anonymous, pair["refresh_token"])) == "refresh_expired"


async def test_family_ends_where_a_sign_in_ends(
    anonymous: httpx.AsyncClient, learner: Learner, owner: asyncpg.Connection, settings: Settings
) -> None:
    pair = await enter(anonymous, learner)
    age = timedelta(days=settings.session_days, hours=-1)
    await owner.execute("UPDATE token_families SET created_at = now() - $1::interval", age)
    last = (await renew(anonymous, pair["refresh_token"])).json()
    assert 0 < last["refresh_expires_in"] <= 3600


async def test_changed_password_and_lost_account_end_tokens(
    anonymous: httpx.AsyncClient, learner: Learner, stranger: Learner, owner: asyncpg.Connection
) -> None:
    mine, theirs = await enter(anonymous, learner), await enter(anonymous, stranger)
    await owner.execute("UPDATE users SET password_changed_at = now() WHERE id = $1", learner.id)
    await owner.execute("UPDATE users SET is_active = false WHERE id = $1", stranger.id)
    for pair in (mine, theirs):
        assert (await anonymous.get(ME, headers=bearer(pair["access_token"]))).status_code == 401
        assert error_of(await renew(anonymous, pair["refresh_token"])) == "refresh_invalid"


async def test_revoked_by_the_client_itself(anonymous: httpx.AsyncClient, learner: Learner) -> None:
    pair = await enter(anonymous, learner)
    for _ in range(2):
        ended = await anonymous.post(f"{TOKENS}/revoke", json={"refresh_token": pair["refresh_token"]})
        assert ended.status_code == 204, "again, or unknown, it is as good as signed out"
    assert (await anonymous.get(ME, headers=bearer(pair["access_token"]))).status_code == 401
    assert error_of(await renew(anonymous, pair["refresh_token"])) == "refresh_invalid"


async def test_sign_out_with_a_bearer_token_ends_it_and_no_cookie(
    anonymous: httpx.AsyncClient, learner: Learner
) -> None:
    pair = await enter(anonymous, learner)
    shown = bearer(pair["access_token"])
    assert (await anonymous.post("/api/v1/auth/logout", headers=shown)).status_code == 204
    assert (await anonymous.get(ME, headers=shown)).status_code == 401
    assert error_of(await renew(anonymous, pair["refresh_token"])) == "refresh_invalid"
    assert (await learner.client.get(ME)).status_code == 200


async def test_expired_families_are_removed(
    anonymous: httpx.AsyncClient, learner: Learner, app: FastAPI, owner: asyncpg.Connection
) -> None:
    await enter(anonymous, learner)
    old = await enter(anonymous, learner, "old")
    await owner.execute(
        "UPDATE token_families SET expires_at = now() - interval '2 days' WHERE client_name = 'old'"
    )
    async with app.state.database.transaction() as session:
        assert await service.remove_expired(session) == 1
    assert await owner.fetchval("SELECT count(*) FROM refresh_tokens") == 1
    assert error_of(await renew(anonymous, old["refresh_token"])) == "refresh_invalid"


async def test_owner_lists_and_ends_clients_and_nobody_elses(
    anonymous: httpx.AsyncClient, learner: Learner, stranger: Learner
) -> None:
    assert (await anonymous.get(TOKENS)).status_code == 401
    pair = await enter(anonymous, learner, "garden robot")
    (listed,) = (await learner.client.get(TOKENS)).json()["items"]
    assert listed["client_name"] == "garden robot"
    assert (await stranger.client.get(TOKENS)).json()["items"] == []
    address = f"{TOKENS}/{listed['id']}"
    assert (await anonymous.delete(address)).status_code == 401
    assert (await stranger.client.delete(address)).status_code == 404
    assert (await anonymous.get(ME, headers=bearer(pair["access_token"]))).status_code == 200
    assert (await learner.client.delete(address)).status_code == 204
    assert (await anonymous.get(ME, headers=bearer(pair["access_token"]))).status_code == 401
    assert (await learner.client.delete(address)).status_code == 404


async def test_origin_is_asked_of_cookies_only(app: FastAPI, learner: Learner) -> None:
    foreign = {"Origin": "https://evil.test"}
    async with client_of(app) as program:
        shown = bearer((await enter(program, learner))["access_token"])
        assert (await program.patch(ME, json={}, headers={**shown, **foreign})).status_code == 200
        for headers in ({}, {"Authorization": "Basic eDp5"}):
            refused = await program.post(TOKENS, json={}, headers={**headers, **foreign})
            assert (refused.status_code, error_of(refused)) == (403, "origin_refused")
    refused = await learner.client.patch(ME, json={}, headers={**shown, **foreign})
    assert (refused.status_code, error_of(refused)) == (403, "origin_refused"), "a cookie goes along"
