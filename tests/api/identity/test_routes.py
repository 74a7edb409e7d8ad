"""Sign-up, sign-in, profile and preferences."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.rate_limit import Rates
from api.settings import Settings
from tests.api.conftest import PASSWORD, Learner, client_of, error_of

ACCOUNT = {"email": "New.Learner@Example.com", "password": PASSWORD, "display_name": "Nia"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/me"),
        ("PATCH", "/users/me"),
        ("GET", "/users/me/preferences"),
        ("PATCH", "/users/me/preferences"),
        ("POST", "/auth/logout"),
    ],
)
async def test_anonymous_is_refused(anonymous: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await anonymous.request(method, f"/api/v1{path}", json={} if method == "PATCH" else None)
    assert answer.status_code == 401
    assert error_of(answer) == "unauthenticated"


async def test_forged_cookie_is_refused(anonymous: httpx.AsyncClient, learner: Learner) -> None:
    anonymous.cookies.set("avaaz_session", "forged")
    assert (await anonymous.get("/api/v1/users/me")).status_code == 401


async def test_sign_up_makes_organisation_membership_and_session(
    anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    answer = await anonymous.post("/api/v1/auth/register", json=ACCOUNT)
    assert answer.status_code == 201
    user = answer.json()
    assert user["email"] == "new.learner@example.com"
    assert user["role"] == "learner"
    row = await owner.fetchrow(
        "SELECT m.role, o.kind, s.is_default FROM memberships m"
        " JOIN organisations o ON o.id = m.organisation_id"
        " JOIN sessions s ON s.user_id = m.user_id AND s.organisation_id = o.id WHERE m.user_id = $1",
        user["id"],
    )
    assert tuple(row) == ("learner", "personal", True)
    kept = await owner.fetchval("SELECT hashed_password FROM users WHERE id = $1", user["id"])
    assert kept.startswith("$argon2id$")


async def test_taken_address_leaves_nothing_behind(
    anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    await anonymous.post("/api/v1/auth/register", json=ACCOUNT)
    again = await anonymous.post(
        "/api/v1/auth/register", json={**ACCOUNT, "email": "new.learner@example.com"}
    )
    assert again.status_code == 409
    assert error_of(again) == "email_taken"
    assert await owner.fetchval("SELECT count(*) FROM organisations") == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"password": "short"}, "validation_error"),
        ({"password": "all-lower-case-1"}, "weak_password"),
        ({"password": "New.Learner-1"}, "weak_password"),
        ({"email": "nobody"}, "validation_error"),
        ({"display_name": "a\u0000b"}, "validation_error"),
        ({"display_name": "a\u202eb"}, "validation_error"),
        ({"display_name": "x" * 81}, "validation_error"),
        ({"role": "admin"}, "validation_error"),
        ({"is_superuser": True}, "validation_error"),
    ],
)
async def test_bad_sign_up_is_refused(
    anonymous: httpx.AsyncClient, change: dict[str, object], code: str
) -> None:
    answer = await anonymous.post("/api/v1/auth/register", json={**ACCOUNT, **change})
    assert answer.status_code == 422
    assert error_of(answer) == code
    assert PASSWORD not in answer.text


async def test_sign_in_sets_a_guarded_cookie_kept_only_as_a_digest(
    anonymous: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    await anonymous.post("/api/v1/auth/register", json=ACCOUNT)
    wrong = await anonymous.post(
        "/api/v1/auth/login", json={"email": ACCOUNT["email"], "password": "Wrong-pass-1"}
    )
    assert (wrong.status_code, error_of(wrong)) == (401, "wrong_credentials")
    unknown = await anonymous.post(
        "/api/v1/auth/login", json={"email": "nobody@example.com", "password": PASSWORD}
    )
    assert error_of(unknown) == "wrong_credentials"
    entered = await anonymous.post(
        "/api/v1/auth/login", json={"email": ACCOUNT["email"], "password": PASSWORD}
    )
    assert entered.status_code == 204
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    kept = await owner.fetchval("SELECT token FROM access_tokens")
    assert kept != anonymous.cookies["avaaz_session"]
    assert (await anonymous.get("/api/v1/users/me")).json()["display_name"] == "Nia"


async def test_sign_out_ends_the_session(learner: Learner, app: FastAPI) -> None:
    stolen = learner.client.cookies["avaaz_session"]
    assert (await learner.client.post("/api/v1/auth/logout")).status_code == 204
    async with client_of(app) as thief:
        thief.cookies.set("avaaz_session", stolen)
        assert (await thief.get("/api/v1/users/me")).status_code == 401


async def test_profile_and_preferences_change_only_what_is_sent(learner: Learner) -> None:
    changed = await learner.client.patch(
        "/api/v1/users/me", json={"level": "B1", "native_language": "pt-BR", "locale": "ar"}
    )
    assert changed.status_code == 200
    assert changed.json()["display_name"] == "Ana"
    assert changed.json()["native_language"] == "pt-BR"
    preferences = await learner.client.patch("/api/v1/users/me/preferences", json={"patience": "patient"})
    assert preferences.json() == {
        "patience": "patient",
        "greeting_verbosity": "normal",
        "voice": None,
        "translation": False,
        "retention_days": None,
        "correction_style": "recast",
        "time_zone": None,
        "voices": [],
    }
    assert (await learner.client.get("/api/v1/users/me/preferences")).json() == preferences.json()
    assert (await learner.client.get("/api/v1/users/me")).json()["level"] == "B1"


async def test_voice_translation_and_retention_are_chosen_and_taken_back(
    learner: Learner, app: FastAPI, settings: Settings
) -> None:
    address = "/api/v1/users/me/preferences"
    app.state.settings = settings.model_copy(update={"tts_voices": "joe, mia"})
    try:
        wanted = {"voice": "mia", "translation": True, "retention_days": 30}
        chosen = (await learner.client.patch(address, json=wanted)).json()
        assert wanted.items() <= chosen.items()
        assert chosen["voices"] == ["joe", "mia"]
        unknown = await learner.client.patch(address, json={"voice": "nobody"})
        assert (unknown.status_code, error_of(unknown)) == (422, "unknown_voice")
        for days in (0, 4_000):
            refused = await learner.client.patch(address, json={"retention_days": days})
            assert refused.status_code == 422
        back = {"voice": None, "translation": None, "retention_days": None}
        taken_back = (await learner.client.patch(address, json=back)).json()
        assert (taken_back["voice"], taken_back["retention_days"]) == (None, None)
        assert taken_back["translation"], "null leaves it"
    finally:
        app.state.settings = settings


async def test_many_sign_ins_are_slowed(
    anonymous: httpx.AsyncClient, app: FastAPI, settings: Settings
) -> None:
    limits = {"auth_rate_limit": "3/minute"}
    app.state.rates = Rates.create(settings.model_copy(update=limits))
    wrong = {"email": "nobody@example.com", "password": "Wrong-pass-1"}
    codes = [(await anonymous.post("/api/v1/auth/login", json=wrong)).status_code for _ in range(4)]
    assert codes == [401, 401, 401, 429]
    refused = await anonymous.post("/api/v1/auth/login", json=wrong)
    assert error_of(refused) == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
