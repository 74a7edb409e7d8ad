"""The API over a real Postgres: one server and one migrated database a run, emptied before each test."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from fastapi_users.password import PasswordHelper
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

from api.database import Session
from api.health.service import ReadinessProbe
from api.identity.auth import UserManager, user_manager
from api.identity.repository import UserRepository
from api.main import create_app
from api.migrate import migrate
from api.rate_limit import Rates
from api.relay.relays import Relays
from api.settings import Settings
from tests.support.emptying import Emptier
from tests.support.fake_livekit import FakeLiveKit, serving_livekit
from tests.support.fake_room import FakeRooms
from tests.support.postgres import PostgresServer, running_postgres

HERE = Path(__file__).resolve().parent
LIVEKIT_SECRET = "livekit-secret-of-thirty-two-characters"
SERVICE_KEY = "service-key-of-the-agent"
PASSWORD = "Speak-easy-1"
KEPT_TABLES = {"alembic_version"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set this folder's marker."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.api)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One Postgres server for the run."""
    with running_postgres() as server:
        yield server


@dataclass(frozen=True)
class Addresses:
    """The test database as its owner and as the API sees it."""

    owner: str
    serving: str


@pytest.fixture(scope="session")
async def addresses(postgres: PostgresServer) -> Addresses:
    """A migrated database with a serving role."""
    both = Addresses(postgres.url("avaaz"), postgres.url("avaaz", "avaaz", "serving"))
    await migrate(both.owner, both.serving)
    return both


@pytest.fixture(scope="session")
async def fake_livekit_server() -> AsyncIterator[tuple[FakeLiveKit, str]]:
    """One fake LiveKit server API for the run."""
    async with serving_livekit(LIVEKIT_SECRET) as serving:
        yield serving


@pytest.fixture
def livekit(fake_livekit_server: tuple[FakeLiveKit, str]) -> FakeLiveKit:
    """The fake LiveKit, empty."""
    fake, _ = fake_livekit_server
    fake.reset()
    return fake


@pytest.fixture(scope="session")
def settings(
    addresses: Addresses,
    fake_livekit_server: tuple[FakeLiveKit, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    """Settings of the API under test."""
    return Settings.model_construct(
        database_url=addresses.serving,
        secret_key=SecretStr("secret-key-of-at-least-thirty-two-characters"),
        agent_service_key=SecretStr(SERVICE_KEY),
        livekit_url=fake_livekit_server[1],
        livekit_api_key="devkey",
        livekit_api_secret=SecretStr(LIVEKIT_SECRET),
        public_livekit_url="ws://livekit.test:7880",
        avaaz_embedded=True,
        objects_dir=tmp_path_factory.mktemp("objects"),
        auth_rate_limit="1000/minute",
        max_calls=4,
        sweep_interval_s=0.2,
    )


async def quick_user_manager(session: Session) -> UserManager:
    """The account rules with an Argon2 that costs next to nothing."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
    return UserManager(UserRepository(session), PasswordHelper(PasswordHash((hasher,))))


@pytest.fixture(scope="session")
async def application(settings: Settings) -> AsyncIterator[FastAPI]:
    """One application for the run, so that its connections are made once."""
    app = create_app(settings)
    app.dependency_overrides[user_manager] = quick_user_manager
    app.state.relays = Relays(settings, FakeRooms().open)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
async def owner(addresses: Addresses) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the schema's owner, to look at rows and to empty tables."""
    connection = await asyncpg.connect(addresses.owner)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def emptier(owner: asyncpg.Connection) -> Emptier:
    """Empties the tables."""
    return await Emptier.of(owner, KEPT_TABLES)


@pytest.fixture
async def app(application: FastAPI, settings: Settings, emptier: Emptier, livekit: FakeLiveKit) -> FastAPI:
    """The application over empty tables, with its limits unused."""
    await emptier.empty()
    application.state.rates = Rates.create(settings)
    application.state.switchboard.forget()
    application.state.probe = ReadinessProbe(settings, application.state.database, application.state.livekit)
    return application


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """A client with a cookie jar of its own."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://avaaz.test"
    )


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in."""
    async with client_of(app) as client:
        yield client


@dataclass(frozen=True)
class Learner:
    """A signed-in person with a browser."""

    client: httpx.AsyncClient
    id: UUID
    email: str
    organisation_id: UUID

    async def default_session(self) -> dict[str, Any]:
        """The default session, as the browser gets it."""
        answer = await self.client.get("/api/v1/sessions/default")
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    async def room(self) -> str:
        """The room that a token minted now leads into."""
        answer = await self.client.post("/api/v1/sessions/default/token")
        assert answer.status_code == 201, answer.text
        claims = unverified(answer.json()["participant_token"])
        room: str = claims["video"]["room"]
        return room


def unverified(token: str) -> dict[str, Any]:
    """The claims of a token, as anybody can read them."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


SignUp = Callable[..., Awaitable[Learner]]


@pytest.fixture
async def sign_up(app: FastAPI) -> AsyncIterator[SignUp]:
    """Make accounts, each signed in with its own client."""
    clients: list[httpx.AsyncClient] = []

    async def make(name: str = "Ana") -> Learner:
        client = client_of(app)
        clients.append(client)
        email = f"{uuid4().hex[:10]}@example.com"
        body = {"email": email, "password": PASSWORD, "display_name": name}
        made = await client.post("/api/v1/auth/register", json=body)
        assert made.status_code == 201, made.text
        entered = await client.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert entered.status_code == 204
        user = made.json()
        return Learner(client, UUID(user["id"]), email, UUID(user["organisation_id"]))

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def learner(sign_up: SignUp) -> Learner:
    """A learner."""
    return await sign_up()


@pytest.fixture
async def stranger(sign_up: SignUp) -> Learner:
    """A learner of another organisation."""
    return await sign_up("Boris")


@dataclass(frozen=True)
class AgentSide:
    """A worker that speaks the agent contract."""

    client: httpx.AsyncClient

    async def open(self, room: str, job: str = "AJ_1", **more: Any) -> httpx.Response:
        """POST /agent/calls with the service key."""
        return await self.client.post(
            "/agent/calls",
            json={"room": room, "job_id": job, **more},
            headers={"Authorization": f"Bearer {SERVICE_KEY}"},
        )

    async def opened(self, room: str, job: str = "AJ_1") -> "OpenedCall":
        """Open a call that must open."""
        answer = await self.open(room, job)
        assert answer.status_code == 201, answer.text
        return OpenedCall(self.client, answer.json())


@dataclass(frozen=True)
class OpenedCall:
    """A call that a worker opened."""

    client: httpx.AsyncClient
    body: dict[str, Any]

    @property
    def id(self) -> str:
        """The call's key."""
        key: str = self.body["call_id"]
        return key

    async def post(self, what: str, body: dict[str, Any], grant: str | None = None) -> httpx.Response:
        """POST under the call with its grant, or another one."""
        return await self.client.post(
            f"/agent/calls/{self.id}/{what}",
            json=body,
            headers={"Authorization": f"Bearer {grant or self.body['grant']}"},
        )

    async def append(self, *turns: dict[str, Any]) -> httpx.Response:
        """Append turns."""
        return await self.post("turns", {"turns": list(turns)})

    async def close(self, **more: Any) -> httpx.Response:
        """Close the call."""
        body = {"reason": "learner_left", "ended_at": "2026-11-21T10:10:00Z", **more}
        return await self.post("close", body)


@pytest.fixture
async def agent(app: FastAPI) -> AsyncIterator[AgentSide]:
    """A worker."""
    async with client_of(app) as client:
        yield AgentSide(client)


def turn(item: str, position: int, text: str = "Hello there", role: str = "learner") -> dict[str, Any]:
    """A turn as a worker sends it."""
    return {
        "item_id": item,
        "position": position,
        "role": role,
        "text": text,
        "started_at": f"2026-11-21T10:00:{position:02d}Z",
        "ended_at": f"2026-11-21T10:00:{position + 1:02d}Z",
        "words": [{"word": "Hello", "start": 0.1, "end": 0.4, "confidence": 0.9}],
        "timings": {"llm_first_token": 120.5},
        "prompt_hash": "abc",
        "llm": "guided",
    }


def error_of(answer: httpx.Response) -> str:
    """The code in the envelope, whose shape is checked on the way."""
    error = answer.json()["error"]
    assert set(error) <= {"code", "message", "request_id", "details"}
    assert error["message"]
    assert error["request_id"] == answer.headers["X-Request-ID"]
    code: str = error["code"]
    return code
