"""Health, metrics, configuration, and what is answered while Postgres is away."""

from datetime import timedelta

import asyncpg
import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from api.database import Database
from api.health.service import ReadinessProbe, speech_addresses
from api.identity.demo import demo_accounts
from api.identity.service import remove_expired
from api.main import create_app
from api.seed import seed
from api.settings import Settings
from tests.api.conftest import AgentSide, Learner, client_of, error_of, turn
from tests.support.fake_livekit import FakeLiveKit
from tests.support.ports import free_port


async def test_live(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/health/live")).json()["state"] == "ok"


async def test_ready_names_each_dependency(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/health/ready")
    assert answer.status_code == 200
    body = answer.json()
    assert body["state"] == "ok"
    assert set(body["dependencies"]) == {"postgres", "livekit"}
    assert all(check["ms"] >= 0 for check in body["dependencies"].values())


async def test_livekit_down_is_not_ready(anonymous: httpx.AsyncClient, livekit: FakeLiveKit) -> None:
    livekit.failing = True
    answer = await anonymous.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["dependencies"]["livekit"]["state"] == "down"
    assert answer.json()["dependencies"]["postgres"]["state"] == "ok"
    assert (await anonymous.get("/health")).status_code == 200


async def test_speech_down_only_degrades(app: FastAPI, settings: Settings, livekit: FakeLiveKit) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    without = settings.model_copy(update={"stt_url": nobody, "llm_url": f"{nobody}/v1"})
    probe = ReadinessProbe(without, app.state.database, app.state.livekit)
    readiness = await probe.readiness()
    await probe.close()
    assert readiness.state == "degraded"
    assert readiness.dependencies["stt"].state == "down"
    assert readiness.dependencies["llm"].state == "down"


def test_addresses_that_are_asked(settings: Settings) -> None:
    given = {"stt_url": "ws://127.0.0.1:1", "tts_url": "http://h/v1", "grammar_url": "http://h/v2"}
    assert speech_addresses(settings.model_copy(update=given)) == {
        "stt": "http://127.0.0.1:1/health",
        "tts": "http://h/v1/models",
        "grammar": "http://h/v2/languages",
    }


async def test_metrics_count(learner: Learner, agent: AgentSide, anonymous: httpx.AsyncClient) -> None:
    call = await agent.opened(await learner.room())
    await call.append(turn("a", 0))
    text = (await anonymous.get("/metrics")).text
    assert "avaaz_calls_open 1.0" in text
    assert 'avaaz_calls_opened_total{resumed="false"}' in text
    assert "avaaz_turns_kept_total" in text
    assert learner.email not in text


async def test_config_shows_demo_accounts_only_when_embedded(
    anonymous: httpx.AsyncClient, settings: Settings
) -> None:
    body = (await anonymous.get("/api/v1/config")).json()
    assert body["coach"] == "guided"
    assert {account["role"] for account in body["demo_accounts"]} == {
        "learner",
        "instructor",
        "admin",
    }
    production = settings.model_copy(
        update={"avaaz_embedded": False, "openai_api_key": SecretStr("k"), "cookie_secure": True}
    )
    async with client_of(create_app(production)) as client:
        answer = await client.get("/api/v1/config")
    assert answer.json()["demo_accounts"] == []
    assert answer.json()["coach"] == "language_model"
    assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_seed_makes_the_accounts_once(anonymous: httpx.AsyncClient, settings: Settings) -> None:
    assert await seed(settings.database_url) == 3
    assert await seed(settings.database_url) == 0
    schools = set()
    for role, account in {account.role: account for account in demo_accounts()}.items():
        sign_in = {"email": account.email, "password": account.password}
        assert (await anonymous.post("/api/v1/auth/login", json=sign_in)).status_code == 204
        me = (await anonymous.get("/api/v1/users/me")).json()
        assert (me["role"], me["operator"]) == (role, role == "admin")
        schools.add(me["organisation_id"])
        assert (await anonymous.get("/api/v1/sessions/default")).status_code == 200
    assert len(schools) == 1, "all of them act in the demo school"


async def test_seed_puts_demo_accounts_of_before_into_the_school(
    anonymous: httpx.AsyncClient, settings: Settings, owner: asyncpg.Connection
) -> None:
    await seed(settings.database_url)
    await owner.execute("DELETE FROM organisations WHERE kind = 'school'")
    assert await seed(settings.database_url) == 0
    roles = await owner.fetch(
        "SELECT u.email, e.role FROM enrolments e JOIN users u ON u.id = e.user_id ORDER BY u.email"
    )
    assert [tuple(row) for row in roles] == [
        ("instructor@example.com", "instructor"),
        ("learner@example.com", "learner"),
    ]


async def test_seed_leaves_a_choice_of_organisation_alone(
    settings: Settings, owner: asyncpg.Connection
) -> None:
    await seed(settings.database_url)
    await owner.execute("UPDATE memberships SET chosen_at = now() - interval '1 hour'")
    before = await owner.fetch("SELECT id, chosen_at, role FROM memberships ORDER BY id")
    await seed(settings.database_url)
    assert await owner.fetch("SELECT id, chosen_at, role FROM memberships ORDER BY id") == before


async def test_expired_browser_sessions_are_removed(
    learner: Learner, stranger: Learner, app: FastAPI, owner: asyncpg.Connection, settings: Settings
) -> None:
    await owner.execute(
        "UPDATE access_tokens SET created_at = now() - interval '31 days' WHERE user_id = $1", learner.id
    )
    assert (await learner.client.get("/api/v1/users/me")).status_code == 401
    database: Database = app.state.database
    async with database.transaction() as session:
        assert await remove_expired(session, timedelta(days=30)) == 1
    assert (await stranger.client.get("/api/v1/users/me")).status_code == 200


async def test_postgres_away_is_a_clear_503(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": f"postgresql://a:b@127.0.0.1:{free_port()}/x"})
    async with client_of(create_app(away)) as client:
        client.cookies.set("avaaz_session", "x")
        answer = await client.get("/api/v1/users/me")
        assert (answer.status_code, error_of(answer)) == (503, "database_unavailable")
        assert answer.headers["Retry-After"]
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get("/metrics")).status_code == 200
        ready = await client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["dependencies"]["postgres"]["state"] == "down"
