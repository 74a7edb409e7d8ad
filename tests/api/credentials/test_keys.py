"""API keys: shown once, within their scopes, on practice only."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.database import utc_now
from api.rate_limit import Rates
from api.settings import Settings
from tests.api.conftest import PASSWORD, Learner, client_of, error_of

KEYS = "/api/v1/api-keys"
DEFAULT = "/api/v1/sessions/default"


async def make(learner: Learner, *scopes: str, **more: Any) -> dict[str, Any]:
    """A key of a learner's."""
    answer = await learner.client.post(KEYS, json={"name": "Robot", "scopes": list(scopes), **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def service(app: FastAPI, key: str) -> httpx.AsyncClient:
    """A program that has a key and no cookie."""
    client = client_of(app)
    client.headers["Authorization"] = f"Bearer {key}"
    return client


@pytest.mark.parametrize(
    ("method", "path"), [("GET", KEYS), ("POST", KEYS), ("DELETE", f"{KEYS}/{UUID(int=1)}")]
)
async def test_anonymous_is_refused(anonymous: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await anonymous.request(method, path, json={"name": "x"} if method == "POST" else None)
    assert (answer.status_code, error_of(answer)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"name": ""},
        {"name": "x" * 81},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["admin"]},
        {"name": "x", "expires_in_days": 0},
        {"name": "x", "expires_in_days": 366},
        {"name": "x", "user_id": str(UUID(int=1))},
    ],
)
async def test_bad_wishes_are_refused(learner: Learner, wanted: dict[str, Any]) -> None:
    answer = await learner.client.post(KEYS, json=wanted)
    assert (answer.status_code, error_of(answer)) == (422, "validation_error")


async def test_key_is_shown_once_and_kept_as_a_digest(learner: Learner, owner: asyncpg.Connection) -> None:
    made = await make(learner, "write", "read", expires_in_days=10)
    assert made["key"].startswith("avz_")
    assert len(made["key"]) > 40
    assert made["scopes"] == ["read", "write"]
    kept = str(dict(await owner.fetchrow("SELECT * FROM api_keys")))
    assert made["key"] not in kept
    listed = await learner.client.get(KEYS)
    assert made["key"] not in listed.text
    (shown,) = listed.json()["items"]
    assert made["key"].startswith(shown["hint"])
    assert shown["last_used_at"] is None


async def test_others_neither_see_nor_revoke_a_key(learner: Learner, stranger: Learner, app: FastAPI) -> None:
    made = await make(learner, "read")
    assert (await stranger.client.get(KEYS)).json()["items"] == []
    assert (await stranger.client.delete(f"{KEYS}/{made['id']}")).status_code == 404
    async with service(app, made["key"]) as robot:
        assert (await robot.get(DEFAULT)).status_code == 200


@pytest.mark.parametrize("secret", ["avz_", "avz_unknown", "avz_" + "x" * 4000, "AVZ_x"])
async def test_unknown_keys_are_refused(app: FastAPI, secret: str) -> None:
    async with service(app, secret) as robot:
        answer = await robot.get(DEFAULT)
        assert answer.status_code == 401
        assert error_of(answer) in {"key_invalid", "token_invalid"}


async def test_expired_and_revoked_keys_are_refused(
    learner: Learner, app: FastAPI, owner: asyncpg.Connection
) -> None:
    made = await make(learner, "read")
    async with service(app, made["key"]) as robot:
        await owner.execute("UPDATE api_keys SET expires_at = now() - interval '1 second'")
        assert error_of(await robot.get(DEFAULT)) == "key_expired"
        assert (await learner.client.delete(f"{KEYS}/{made['id']}")).status_code == 204
        assert error_of(await robot.get(DEFAULT)) == "key_invalid"
    assert (await learner.client.get(KEYS)).json()["items"] == []
    assert (await learner.client.delete(f"{KEYS}/{made['id']}")).status_code == 404


async def test_key_of_a_lost_account_is_refused(
    learner: Learner, app: FastAPI, owner: asyncpg.Connection
) -> None:
    made = await make(learner, "read")
    await owner.execute("UPDATE users SET is_active = false")
    async with service(app, made["key"]) as robot:
        assert error_of(await robot.get(DEFAULT)) == "key_invalid"


async def test_scopes_bound_what_a_key_may_do(
    learner: Learner, app: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing = await make(learner, "read"), await make(learner, "write")
    async with service(app, reading["key"]) as robot:
        assert (await robot.get(DEFAULT)).json()["id"] == (await learner.default_session())["id"]
        refused = await robot.post(f"{DEFAULT}/token")
        assert (refused.status_code, error_of(refused)) == (403, "key_scope")
    async with service(app, writing["key"]) as robot:
        assert (await robot.post(f"{DEFAULT}/token")).status_code == 201
        refused = await robot.get(DEFAULT)
        assert (refused.status_code, error_of(refused)) == (403, "key_scope")
    logged = "".join(capsys.readouterr())
    assert "api key refused" in logged
    for made in (reading, writing):
        assert made["key"] not in logged


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", KEYS, None),
        ("POST", KEYS, {"name": "another"}),
        ("GET", "/api/v1/users/me", None),
        ("PATCH", "/api/v1/users/me", {"display_name": "Robot"}),
        ("PATCH", "/api/v1/users/me/preferences", {"patience": "quick"}),
        ("GET", "/api/v1/auth/tokens", None),
        ("POST", "/api/v1/auth/logout", None),
    ],
)
async def test_key_manages_no_account_and_no_credentials(
    learner: Learner, app: FastAPI, method: str, path: str, body: dict[str, Any] | None
) -> None:
    made = await make(learner, "read", "write")
    async with service(app, made["key"]) as robot:
        answer = await robot.request(method, path, json=body)
        assert (answer.status_code, error_of(answer)) == (403, "key_not_allowed")


async def test_last_use_is_noted_to_the_minute(
    learner: Learner, app: FastAPI, owner: asyncpg.Connection
) -> None:
    made = await make(learner, "read")
    async with service(app, made["key"]) as robot:
        await robot.get(DEFAULT)
        first = await owner.fetchval("SELECT last_used_at FROM api_keys")
        assert utc_now() - first < timedelta(minutes=1)
        await robot.get(DEFAULT)
        assert await owner.fetchval("SELECT last_used_at FROM api_keys") == first
        await owner.execute("UPDATE api_keys SET last_used_at = now() - interval '2 minutes'")
        await robot.get(DEFAULT)
        assert await owner.fetchval("SELECT last_used_at FROM api_keys") > first


async def test_each_key_has_a_rate_of_its_own(learner: Learner, app: FastAPI, settings: Settings) -> None:
    app.state.rates = Rates.create(settings.model_copy(update={"api_key_rate_limit": "2/minute"}))
    busy, idle = await make(learner, "read"), await make(learner, "read")
    async with service(app, busy["key"]) as robot:
        answers = [await robot.get(DEFAULT) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    async with service(app, idle["key"]) as robot:
        assert (await robot.get(DEFAULT)).status_code == 200


async def test_nobody_has_keys_without_end(learner: Learner) -> None:
    for _ in range(20):
        await make(learner, "read")
    answer = await learner.client.post(KEYS, json={"name": "one more"})
    assert (answer.status_code, error_of(answer)) == (409, "too_many_keys")


async def test_key_may_be_made_with_a_bearer_token(learner: Learner, app: FastAPI) -> None:
    async with client_of(app) as program:
        body = {"email": learner.email, "password": PASSWORD}
        pair = (await program.post("/api/v1/auth/tokens", json=body)).json()
        program.headers["Authorization"] = f"Bearer {pair['access_token']}"
        assert (await program.post(KEYS, json={"name": "made by a program"})).status_code == 201
