"""Hostile and broken requests: each is refused in the envelope, and nothing leaks."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from tests.api.conftest import AgentSide, Learner, client_of, error_of

LOGIN = "/api/v1/auth/login"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("DELETE", LOGIN, 405, "method_not_allowed"),
        ("GET", "/agent/calls", 405, "method_not_allowed"),
    ],
)
async def test_unknown_addresses(
    anonymous: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await anonymous.request(method, path)
    assert (answer.status_code, error_of(answer)) == (status, code)


@pytest.mark.parametrize("key", ["not-a-uuid", "0", "%00", "..", "00000000-0000-0000-0000-000000000000"])
async def test_keys_that_name_nothing(learner: Learner, key: str) -> None:
    answer = await learner.client.get(f"/api/v1/calls/{key}/turns")
    assert answer.status_code in {404, 422}
    assert error_of(answer) in {"not_found", "validation_error"}


@pytest.mark.parametrize(
    ("path", "size"), [(LOGIN, 65_000), ("/livekit/webhook", 10_000_000), ("/agent/calls", 10_000_000)]
)
async def test_bodies_over_the_limit(anonymous: httpx.AsyncClient, path: str, size: int) -> None:
    answer = await anonymous.post(path, content=b"x" * size)
    assert (answer.status_code, error_of(answer)) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[" * 5_000 + b"]" * 5_000,
        b'{"email":' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}",
        b'{"email": "a@example.com", "password": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"email": "a@example.com", "password": NaN}',
        b"\xff\xfe\x00",
        b'{"email": "a\\u0000@example.com", "password": "x"}',
    ],
)
async def test_broken_bodies(anonymous: httpx.AsyncClient, body: bytes) -> None:
    answer = await anonymous.post(LOGIN, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert error_of(answer) in {"validation_error", "bad_request"}


async def test_brackets_in_a_text_are_no_nesting(learner: Learner, agent: AgentSide) -> None:
    text = '{["\\' * 200
    answer = await learner.client.patch("/api/v1/users/me", json={"display_name": text})
    assert error_of(answer) == "validation_error"
    assert "display_name" in answer.text, "refused for its length, not as nested"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://avaaz.test.evil.test"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_pages_of_others_may_not_write(learner: Learner, headers: dict[str, str]) -> None:
    answer = await learner.client.post("/api/v1/sessions/default/token", headers=headers)
    assert (answer.status_code, error_of(answer)) == (403, "origin_refused")
    assert "participant_token" not in answer.text


async def test_our_own_page_may_write(learner: Learner) -> None:
    headers = {"Origin": "http://avaaz.test", "Sec-Fetch-Site": "same-origin"}
    assert (await learner.client.post("/api/v1/sessions/default/token", headers=headers)).status_code == 201


async def test_request_id_is_kept_or_replaced(anonymous: httpx.AsyncClient) -> None:
    kept = await anonymous.get("/health/live", headers={"X-Request-ID": "browser-abc-123"})
    assert kept.headers["X-Request-ID"] == "browser-abc-123"
    for bad in ("short", "x" * 65, "with space and more", 'quote"""""""'):
        answer = await anonymous.get("/health/live", headers={"X-Request-ID": bad})
        assert answer.headers["X-Request-ID"] != bad


async def test_security_headers_let_livekit_and_nobody_else_in(anonymous: httpx.AsyncClient) -> None:
    headers = (await anonymous.get("/health/live")).headers
    policy = headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://livekit.test:7880 http://livekit.test:7880;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "microphone=(self)" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


async def test_unforeseen_error_tells_nothing(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(app.state.probe, "readiness", broken)
    async with client_of(app) as client:
        answer = await client.get("/health")
    assert (answer.status_code, error_of(answer)) == (500, "internal_error")
    assert "secret detail" not in answer.text


async def test_lost_connections_heal(
    learner: Learner, owner: asyncpg.Connection, anonymous: httpx.AsyncClient
) -> None:
    await owner.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'avaaz-api'"
    )
    assert (await learner.client.get("/api/v1/users/me")).status_code == 200
