"""No log line holds what people said, their addresses or a secret: real processes at their most talkative."""

import json
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from agent.outbox import CallLine, CloseLine, OutboxWriter, TurnLine
from api.contract.calls import CloseCall, CloseReason, OpenCall, TurnRecord
from api.settings import Settings
from tests.api.conftest import SERVICE_KEY, turn, unverified
from tests.api.test_jobs import worker_environment
from tests.support.edge import running
from tests.support.fake_livekit import FakeLiveKit
from tests.support.ports import free_ports
from tests.support.waiting import until

MARK = f"zebrafinch{secrets.token_hex(4)}"
EMAIL = f"{MARK}@example.com"
PASSWORD = f"Aa1-{secrets.token_hex(6)}"
SAID = f"My secret is the {MARK}, she said."


@dataclass
class Processes:
    """API, job worker and shipper, each with its log."""

    folder: Path
    client: httpx.AsyncClient
    planted: list[str] = field(default_factory=lambda: [MARK, PASSWORD, SERVICE_KEY])
    """What no line may hold."""

    def lines(self, name: str) -> list[str]:
        """What a process has written."""
        path = self.folder / f"{name}.log"
        return path.read_text("utf-8").splitlines() if path.exists() else []

    def told(self, name: str, events: set[str]) -> bool:
        """Whether a process has told of all these events."""
        return events <= {str(json.loads(line).get("event")) for line in self.lines(name)}

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """POST as the browser does."""
        return await self.client.post(f"/api/v1{path}", json=body, **more)

    async def by_worker(self, path: str, body: Any, key: str) -> httpx.Response:
        """POST as the agent does."""
        headers = {"Authorization": f"Bearer {key}"}
        return await self.client.post(f"/agent/calls{path}", json=body, headers=headers)


@pytest.fixture
async def processes(app: FastAPI, settings: Settings, tmp_path: Path) -> AsyncIterator[Processes]:
    """The three, over the test's database, with a mail server that is away."""
    api_port, shipper_port, no_mail = free_ports(3)
    address = f"http://127.0.0.1:{api_port}"
    environment = {
        **worker_environment(settings),
        "AVAAZ_HOME": str(tmp_path),
        "API_PORT": str(api_port),
        "API_URL": address,
        "SHIPPER_METRICS_PORT": str(shipper_port),
        "LOG_LEVEL": "DEBUG",
        "SLOW_STATEMENT_MS": "0.001",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(no_mail),
        "COOKIE_SECURE": "false",
    }
    async with AsyncExitStack() as stack:
        for name, module in {"api": "api", "worker": "api.worker", "shipper": "agent.shipper"}.items():
            command = [sys.executable, "-m", module]
            await stack.enter_async_context(running(command, environment, tmp_path / f"{name}.log"))
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=address, headers={"Origin": address}, timeout=60)
        )
        found = Processes(tmp_path, client)
        await until(lambda: _answers(client))
        await until(lambda: bool(found.lines("worker")) and bool(found.lines("shipper")))
        yield found


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/live")).status_code == 200
    except httpx.TransportError:
        return False


async def _account(at: Processes) -> None:
    """Everything about an account, with the address, the password and every kind of token in it."""
    body = {"email": EMAIL, "password": PASSWORD, "display_name": f"Ana {MARK}"}
    assert (await at.post("/auth/register", {**body, "password": MARK})).status_code == 422
    assert (await at.post("/auth/register", {**body, MARK: MARK})).status_code == 422
    assert (await at.post("/auth/register", body)).status_code == 201
    assert (await at.post("/auth/register", body)).status_code == 409
    assert (await at.post("/auth/login", {"email": EMAIL, "password": f"{PASSWORD}x"})).status_code == 401
    assert (await at.post("/auth/login", {"email": EMAIL, "password": PASSWORD})).status_code == 204
    assert (await at.post("/auth/forgot-password", {"email": EMAIL})).status_code == 202
    pair = (await at.post("/auth/tokens", {"email": EMAIL, "password": PASSWORD})).json()
    refresh = {"refresh_token": pair["refresh_token"]}
    assert (await at.post("/auth/tokens/refresh", refresh)).status_code == 200
    assert (await at.post("/auth/tokens/refresh", refresh)).status_code == 401, "used twice"
    key = (await at.post("/api-keys", {"name": MARK, "scopes": ["read"], "expires_in_days": 1})).json()
    at.planted += [pair["access_token"], pair["refresh_token"], key["key"], *at.client.cookies.values()]
    await at.client.get("/api/v1/calls", params={"token": MARK, "email": EMAIL})
    await at.client.get(f"/api/v1/calls/{MARK}", headers={"X-Request-ID": f"{MARK} {MARK}"})
    await at.client.post("/api/v1/auth/login", content=f'{{"email": "{EMAIL}", ')
    await at.client.post("/livekit/webhook", content=SAID, headers={"Authorization": f"Bearer {MARK}"})


async def _call(at: Processes, owner: asyncpg.Connection) -> None:
    """A call whose words are kept, refused, looked up, and stumbled over by the database itself."""
    token = (await at.post("/sessions/default/token")).json()["participant_token"]
    room = unverified(token)["video"]["room"]
    opened = await at.by_worker("", {"room": room, "job_id": "AJ_1"}, SERVICE_KEY)
    call, grant = opened.json()["call_id"], opened.json()["grant"]
    at.planted += [token, grant]
    said = turn("item_1", 0, SAID)
    said["words"][0]["word"] = MARK
    assert (await at.by_worker(f"/{call}/turns", {"turns": [said]}, grant)).status_code == 200
    too_long = turn("item_2", 1, MARK * 1_000)
    assert (await at.by_worker(f"/{call}/turns", {"turns": [too_long]}, grant)).status_code == 422
    assert (await at.by_worker(f"/{call}/turns", {"turns": [said]}, MARK)).status_code == 401
    assert (await at.by_worker(f"/{call}/retrieve", {"query": SAID}, grant)).status_code == 200
    async with _refusing(owner, f"CHECK (text NOT LIKE '%{MARK}%') NOT VALID"):
        again = turn("item_3", 1, SAID)
        assert (await at.by_worker(f"/{call}/turns", {"turns": [again]}, grant)).status_code >= 400
    _leave_segment(at.folder / "outbox", room)


@asynccontextmanager
async def _refusing(owner: asyncpg.Connection, rule: str) -> AsyncIterator[None]:
    """The database refuses turns meanwhile; its complaint holds the whole row."""
    await owner.execute(f"ALTER TABLE turns ADD CONSTRAINT refuses {rule}")
    try:
        yield
    finally:
        await owner.execute("ALTER TABLE turns DROP CONSTRAINT refuses")


def _leave_segment(outbox: Path, room: str) -> None:
    """What a job leaves that died: two turns, the second of which the API refuses."""
    now = datetime.now(UTC)
    with OutboxWriter(outbox, "AJ_2") as writer:
        writer.append(CallLine(open=OpenCall(room=room, job_id="AJ_2")))
        for number, text in enumerate((SAID, f"{SAID} Again.")):
            spoken = TurnRecord(
                item_id=f"late_{number}",
                position=number,
                role="learner",
                text=text,
                started_at=now,
                ended_at=now,
            )
            writer.append(TurnLine(turn=spoken))
        closing = CloseCall(reason=CloseReason.LEARNER_LEFT, ended_at=now, item_ids=["late_0", "late_1"])
        writer.append(CloseLine(close=closing))


async def test_no_line_holds_what_was_planted(
    processes: Processes, owner: asyncpg.Connection, livekit: FakeLiveKit
) -> None:
    await _account(processes)
    await _call(processes, owner)
    expected = {
        "api": {"database error", "refresh token reused", "grant refused", "request"},
        "worker": {"job started", "mail not sent"},
        "shipper": {"turns delivered", "call closed"},
    }
    for name, events in expected.items():
        await until(partial(processes.told, name, events))
    leaks = [
        f"{name}: {line[:300]}"
        for name in expected
        for line in processes.lines(name)
        if any(secret.lower() in line.lower() for secret in processes.planted)
    ]
    assert leaks == []
