"""The description of the API, and requests made up from it."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import asyncpg
import httpx
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings

from tests.api.conftest import SERVICE_KEY, SignUp, client_of
from tests.api.school import found

NOT_DRAWN = ("/auth/logout", "/messages/stream")
"""What would end the session of all other requests, and what goes on for minutes."""
EXAMPLES = 5
"""Made-up requests for each operation."""


def test_description_is_printed_without_any_environment() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "api.openapi"], capture_output=True, check=True, env={"PATH": "/usr/bin:/bin"}
    )
    paths = json.loads(printed.stdout)["paths"]
    assert "/api/v1/sessions/default/token" in paths
    assert set(paths["/api/v1/sessions/default/token"]["post"]["responses"]) >= {"201", "4XX"}


@schemathesis.serializer("audio/ogg", "audio/wav")
def _sound(_context: Any, value: Any) -> bytes:
    """Made-up sound."""
    return value if isinstance(value, bytes) else str(value).encode()


async def test_no_made_up_request_breaks_the_api(
    app: FastAPI, sign_up: SignUp, owner: asyncpg.Connection
) -> None:
    """Requests drawn from the description: never a 5xx, always the envelope.

    As a worker, and as somebody whom every role admits: an administrator who runs the installation too.
    """
    admin = (await found(sign_up)).admin
    await owner.execute("UPDATE users SET is_superuser = true")
    drawn = await asyncio.to_thread(_draw, app.openapi())
    assert len(drawn) > 100
    async with client_of(app) as worker:
        worker.headers["Authorization"] = f"Bearer {SERVICE_KEY}"
        for request in drawn:
            client = worker if request["url"].startswith("/agent/") else admin.client
            answer = await client.request(**request)
            assert answer.status_code < 500, (request, answer.text)
            _check_envelope(answer)


def _draw(description: dict[str, Any]) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = []
    for one in schemathesis.openapi.from_dict(description).get_all_operations():
        operation = one.ok()  # type: ignore[union-attr]
        if operation.path.endswith(NOT_DRAWN):
            continue

        @given(case=operation.as_strategy())
        @hypothesis_settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def collect(case: Any) -> None:
            sent = case.as_transport_kwargs(base_url="http://avaaz.test")
            url = httpx.URL(sent["url"])
            body = sent.get("json", sent.get("data"))
            drawn.append(
                {
                    "method": sent["method"],
                    "url": url.raw_path.decode(),
                    "params": sent.get("params") or None,
                    "content": _encoded(body),
                    "headers": {"Content-Type": "application/json"},
                }
            )

        collect()
    return drawn


def _encoded(body: Any) -> bytes | None:
    if isinstance(body, bytes):
        return body
    if type(body).__name__ == "NotSet":
        return None
    return json.dumps(body).encode()


def _check_envelope(answer: httpx.Response) -> None:
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error"}
        assert answer.json()["error"]["code"]
