"""The operator's commands."""

import asyncpg
import pytest
from fastapi import FastAPI

from api import admin
from api.errors import NotFoundError
from api.settings import Settings
from tests.api.conftest import Learner


@pytest.mark.parametrize(
    "arguments",
    [[], ["set-role"], ["set-role", "a@example.com"], ["set-role", "a@example.com", "king"], ["reign"]],
)
def test_wrong_command_lines_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        admin.parse(arguments)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


async def test_unknown_address_gets_no_role(app: FastAPI, settings: Settings) -> None:
    with pytest.raises(NotFoundError):
        await admin.run(settings, admin.parse(["set-role", "nobody@example.com", "admin"]))


async def test_role_holds_from_the_next_request(
    learner: Learner, settings: Settings, owner: asyncpg.Connection
) -> None:
    before = (await learner.client.get("/api/v1/users/me")).json()["role"]
    told = await admin.run(settings, admin.parse(["set-role", learner.email.upper(), "instructor"]))
    after = (await learner.client.get("/api/v1/users/me")).json()["role"]
    assert (before, after) == ("learner", "instructor")
    assert "instructor" in told


async def test_rotating_with_nothing_kept(app: FastAPI, settings: Settings) -> None:
    assert (await admin.run(settings, admin.parse(["rotate-secrets"]))).startswith("0 ")
