"""The operator's commands."""

import io
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from api import admin
from api.errors import ConflictError, InvalidError, NotFoundError
from api.settings import Settings
from api.terminal import NotGivenError, confirm, new_password
from tests.api.conftest import Learner


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["set-role"],
        ["set-role", "a@example.com"],
        ["set-role", "a@example.com", "king"],
        ["create"],
        ["reign"],
    ],
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


async def create(settings: Settings, *words: str) -> str:
    """Run `create`, and what it tells."""
    return await admin.run(settings, admin.parse(["create", *words]))


def password_file(folder: Path, password: str = "Manage-well-1") -> str:
    """A file with a password in it."""
    path = folder / "password"
    path.write_text(f"{password}\nsecond line\n", encoding="utf-8")
    return str(path)


async def test_an_operator_is_made_and_can_sign_in(
    anonymous: httpx.AsyncClient, settings: Settings, tmp_path: Path
) -> None:
    words = ("First@Example.com", "--name", "Olga", "--operator", "--password-file", password_file(tmp_path))
    assert "operator" in await create(settings, *words)
    signed_in = {"email": "first@example.com", "password": "Manage-well-1"}
    assert (await anonymous.post("/api/v1/auth/login", json=signed_in)).status_code == 204
    me = (await anonymous.get("/api/v1/users/me")).json()
    assert (me["display_name"], me["operator"], me["email_verified"]) == ("Olga", True, True)
    assert (await anonymous.get("/api/v1/admin/health")).status_code == 200
    assert (await anonymous.get("/api/v1/sessions/default")).status_code == 200
    [noted] = (await anonymous.get("/api/v1/admin/audit")).json()["items"]
    assert (noted["actor_role"], noted["details"]) == ("system", {"change": "appointed", "operator": True})


async def test_an_administrator_is_no_operator_and_has_a_school(
    anonymous: httpx.AsyncClient, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Manage-well-1\n"))
    assert "Lakeside" in await create(settings, "head@example.com", "--school", "Lakeside")
    signed_in = {"email": "head@example.com", "password": "Manage-well-1"}
    assert (await anonymous.post("/api/v1/auth/login", json=signed_in)).status_code == 204
    me = (await anonymous.get("/api/v1/users/me")).json()
    assert (me["role"], me["operator"]) == ("admin", False)
    assert (await anonymous.get("/api/v1/sessions/default")).status_code == 200
    assert (await anonymous.get("/api/v1/admin/health")).status_code == 403
    second = ("deputy@example.com", "--school", "LAKESIDE", "--password-file", password_file(tmp_path))
    await create(settings, *second)
    people = (await anonymous.get("/api/v1/admin/users")).json()["items"]
    assert {one["email"] for one in people} == {"head@example.com", "deputy@example.com"}


async def test_an_account_is_promoted_only_with_consent(learner: Learner, settings: Settings) -> None:
    with pytest.raises(NotGivenError):
        await create(settings, learner.email, "--operator")
    assert (await learner.client.get("/api/v1/users/me")).json()["operator"] is False
    assert "Promoted" in await create(settings, learner.email.upper(), "--operator", "--yes")
    me = (await learner.client.get("/api/v1/users/me")).json()
    assert (me["operator"], me["role"], me["email_verified"]) == (True, "learner", True)
    again = await create(settings, learner.email, "--yes")
    assert "School" in again
    assert (await learner.client.get("/api/v1/users/me")).json()["role"] == "admin"


@pytest.mark.parametrize("password", ["", "short", "alllowercase", "first-A1-first"])
async def test_rules_of_passwords_hold_and_nothing_is_left_behind(
    password: str, app: FastAPI, settings: Settings, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    with pytest.raises((InvalidError, NotGivenError, ValidationError)):
        await create(settings, "first@example.com", "--password-file", password_file(tmp_path, password))
    assert await owner.fetchval("SELECT count(*) FROM users") == 0
    assert await owner.fetchval("SELECT count(*) FROM organisations") == 0


async def test_a_school_of_two_of_the_name_is_not_guessed(
    app: FastAPI, settings: Settings, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    for name in ("Lakeside", "lakeside"):
        await owner.execute(
            "INSERT INTO organisations (id, name, kind) VALUES ($1, $2, 'school')", uuid4(), name
        )
    words = ("a@example.com", "--school", "Lakeside", "--password-file", password_file(tmp_path))
    with pytest.raises(ConflictError):
        await create(settings, *words)
    assert await owner.fetchval("SELECT count(*) FROM users") == 0


class Terminal(io.StringIO):
    """Somebody sits at it."""

    def isatty(self) -> bool:
        """They do."""
        return True


def test_at_a_terminal_the_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal())
    answers = iter(["Manage-well-1", "Manage-well-1", "Manage-well-1", "Manage-well-2"])
    monkeypatch.setattr("getpass.getpass", lambda _question: next(answers))
    assert new_password(None) == "Manage-well-1"
    with pytest.raises(NotGivenError, match="differ"):
        new_password(None)


@pytest.mark.parametrize("answer", ["", "n", "no", "maybe"])
def test_anything_but_yes_is_no(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    with pytest.raises(NotGivenError):
        confirm("Really?")
    monkeypatch.setattr("sys.stdin", Terminal("Yes\n"))
    confirm("Really?")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotGivenError, match="cannot be read"):
        new_password(tmp_path / "nothing")
