"""Every endpoint of the description, called by those who may not: nobody, others, wrong roles, keys.

What is new in the description is called too. Its address must say who may use it (`ALLOWED`) or be named as
open to all (`PUBLIC`), and a new kind of key in it needs an example of somebody's (`tests/api/victim.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.credentials.bearer import OPEN_TO_KEYS
from tests.api.conftest import PASSWORD, AgentSide, Learner, SignUp, client_of, error_of
from tests.api.school import found
from tests.api.victim import EXAMPLES, MARK, NOBODYS, Victim, settled
from tests.support.bodies import body_of, fields_of

Operation = tuple[str, str]
V1 = "/api/v1"

PUBLIC: frozenset[Operation] = frozenset(
    {
        ("POST", f"{V1}/auth/register"),
        ("POST", f"{V1}/auth/login"),
        ("POST", f"{V1}/auth/tokens"),
        ("POST", f"{V1}/auth/tokens/refresh"),
        ("POST", f"{V1}/auth/tokens/revoke"),
        ("POST", f"{V1}/auth/verify"),
        ("POST", f"{V1}/auth/forgot-password"),
        ("POST", f"{V1}/auth/reset-password"),
        ("POST", f"{V1}/auth/confirm-email"),
        ("POST", f"{V1}/consent/look"),
        ("POST", f"{V1}/consent"),
        ("POST", f"{V1}/invitations/look"),
        ("GET", f"{V1}/auth/oauth/{{provider}}/start"),
        ("GET", f"{V1}/auth/oauth/{{provider}}/callback"),
        ("GET", f"{V1}/config"),
        ("GET", "/health"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
        ("GET", "/metrics"),
    }
)
"""What anybody may call: the ways in, links from mails, and what the pages and probes read before."""

SIGNED: frozenset[Operation] = frozenset(
    {("GET", f"{V1}/recordings/{{link}}"), ("GET", f"{V1}/exports/{{token}}")}
)
"""Addresses that are proof by themselves: who has one needs no other. Their own tests try wrong ones."""

SILENT: frozenset[Operation] = frozenset({("POST", f"{V1}/users/me/comments/read")})
"""What names rows and answers the same whether or not they are there; it changes only the asker's own."""


class Level(IntEnum):
    """Who may use an address at all, each with those after it."""

    LEARNER = 0
    INSTRUCTOR = 1
    ADMIN = 2
    OPERATOR = 3


ALLOWED: dict[str, Level] = {
    "/auth": Level.LEARNER,
    "/users/me": Level.LEARNER,
    "/api-keys": Level.LEARNER,
    "/sessions": Level.LEARNER,
    "/calls": Level.LEARNER,
    "/corrections": Level.LEARNER,
    "/organisations": Level.LEARNER,
    "/invitations/accept": Level.LEARNER,
    "/analytics/me": Level.LEARNER,
    "/practice": Level.LEARNER,
    "/assessments": Level.LEARNER,
    "/exams": Level.LEARNER,
    "POST /exams/attempts/{exam_attempt_id}/marks": Level.INSTRUCTOR,
    "/calibration": Level.INSTRUCTOR,
    "/reviews": Level.LEARNER,
    "/speech": Level.LEARNER,
    "/documents": Level.LEARNER,
    "/knowledge": Level.LEARNER,
    "/review": Level.INSTRUCTOR,
    "/analytics": Level.INSTRUCTOR,
    "GET /programs": Level.INSTRUCTOR,
    "/objectives": Level.LEARNER,
    "/lessons": Level.LEARNER,
    "/scenarios": Level.LEARNER,
    "/authoring": Level.INSTRUCTOR,
    "/school/learners": Level.INSTRUCTOR,
    "/school/lessons": Level.INSTRUCTOR,
    "/school": Level.ADMIN,
    "/programs": Level.ADMIN,
    "/organisation": Level.ADMIN,
    "/members": Level.ADMIN,
    "/invitations": Level.ADMIN,
    "/admin": Level.OPERATOR,
    "/admin/statistics": Level.ADMIN,
    "/admin/users": Level.ADMIN,
    "/admin/users/{user_id}/deactivate": Level.OPERATOR,
    "/admin/users/{user_id}/reactivate": Level.OPERATOR,
    "/admin/users/{user_id}/erase": Level.OPERATOR,
    "/admin/settings": Level.ADMIN,
    "/admin/audit": Level.ADMIN,
}
"""By the beginning of an address, the longest first, those with a method before those without."""


def level_of(operation: Operation) -> Level:
    """Who may use an operation at all."""
    method, path = operation[0], operation[1].removeprefix(V1)
    parts = path.split("/")
    for length in range(len(parts), 1, -1):
        start = "/".join(parts[:length])
        for name in (f"{method} {start}", start):
            if name in ALLOWED:
                return ALLOWED[name]
    raise AssertionError(f"say in ALLOWED who may use {operation}")


@dataclass(frozen=True)
class Endpoints:
    """The operations of a description, and requests to them."""

    description: dict[str, Any]

    def __iter__(self) -> Iterator[Operation]:
        for path, operations in self.description["paths"].items():
            for method in operations:
                yield method.upper(), path

    def guarded(self) -> list[Operation]:
        """Those of the browser's API that are not public, the harmless first."""
        order = ["GET", "PUT", "PATCH", "POST", "DELETE"]
        mine = [one for one in self if one not in PUBLIC | SIGNED and one[1].startswith(V1)]
        return sorted(mine, key=lambda one: (order.index(one[0]), "device" in one[1], -len(one[1])))

    async def ask(
        self,
        client: httpx.AsyncClient,
        operation: Operation,
        keys: dict[str, str] | None = None,
        *,
        empty: bool = False,
    ) -> httpx.Response:
        """Call an operation with the smallest body that it takes, or an `empty` one.

        Keys without an example are random ones; those that go into query or body are sent there too.
        """
        method, path = operation
        known = keys or {}
        address = re.sub(r"{(\w+)}", lambda match: known.get(match[1], str(uuid4())), path)
        body = {} if empty else body_of(self.description, path, method.lower(), known)
        query = {name: known[name] for name in self.asked_by(operation) & set(known)}
        return await client.request(method, address, params=query, json=None if method == "GET" else body)

    def asked_by(self, operation: Operation) -> set[str]:
        """The names of an operation's query parameters."""
        told = self.description["paths"][operation[1]][operation[0].lower()].get("parameters", [])
        return {one["name"] for one in told if one["in"] == "query"}

    def names_rows(self, operation: Operation) -> bool:
        """Whether rows of somebody are named in an operation's address or body."""
        method, path = operation
        return bool(keys_in(operation) or fields_of(self.description, path, method.lower()) & set(EXAMPLES))


def keys_in(operation: Operation) -> set[str]:
    """The names of the keys in an address that name somebody's rows."""
    return set(re.findall(r"{(\w+)}", operation[1])) - set(NOBODYS)


def refused(answer: httpx.Response, *statuses: int) -> bool:
    """Whether it is such a refusal, in the envelope, and nothing was set or told by the way."""
    return answer.status_code in statuses and bool(error_of(answer)) and "set-cookie" not in answer.headers


@pytest.fixture
def endpoints(app: FastAPI) -> Endpoints:
    """All endpoints."""
    return Endpoints(app.openapi())


@pytest.fixture
async def victim(sign_up: SignUp, agent: AgentSide, owner: asyncpg.Connection) -> Victim:
    """A learner with one of each kind of thing."""
    return await settled(await found(sign_up), agent, owner)


@pytest.fixture
async def belongings(victim: Victim) -> dict[str, str]:
    """One of each kind of thing that an address can name, all of them the victim's."""
    return {name: str(await maker(victim)) for name, maker in EXAMPLES.items()}


@pytest.fixture
async def outsiders(victim: Victim, sign_up: SignUp) -> dict[Level, Learner]:
    """Who may reach nothing: a classmate, a teacher of another program, the head of another school."""
    school = victim.school
    other_program = await school.program("Morning")
    return {
        Level.LEARNER: await school.join("Carl", program_id=victim.program_id),
        Level.INSTRUCTOR: await school.join("Ivo", "instructor", other_program),
        Level.ADMIN: (await found(sign_up, "South School", "Bob")).admin,
    }


async def state_of_school(owner: asyncpg.Connection, victim: Victim) -> dict[str, str]:
    """A digest of everything that the victim's school and the victim own, table by table."""
    columns = await owner.fetch(
        "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'organisation_id'"
        " AND table_schema = 'public' AND table_name NOT IN ('audit_events')"
    )
    digest = (
        "SELECT md5(string_agg(one::text, '' ORDER BY one::text)) FROM \"{}\" one WHERE organisation_id"
        " = ANY($1::uuid[])"
    )
    mine = [victim.school.id, victim.person.organisation_id]
    return {row["name"]: await owner.fetchval(digest.format(row["name"]), mine) for row in columns}


def test_public_list_names_what_exists(endpoints: Endpoints) -> None:
    assert set(endpoints) >= PUBLIC | SIGNED | SILENT


def test_every_address_says_who_may_use_it(endpoints: Endpoints) -> None:
    named = [level_of(operation) for operation in endpoints.guarded()]
    assert set(named) == set(Level)


def test_every_kind_of_key_has_an_example(endpoints: Endpoints) -> None:
    named = {name for operation in endpoints.guarded() for name in keys_in(operation)}
    assert named <= {*EXAMPLES, *NOBODYS}, "a new kind of key needs an example in tests/api/victim.py"


async def test_examples_are_what_somebody_can_reach(
    endpoints: Endpoints, victim: Victim, belongings: dict[str, str], owner: asyncpg.Connection
) -> None:
    """A matrix of keys that name nothing would prove nothing."""
    await owner.execute("UPDATE users SET is_superuser = true WHERE id = $1", victim.school.admin.id)
    missing = {name for operation in endpoints.guarded() for name in keys_in(operation)}
    for operation in endpoints.guarded():
        if not keys_in(operation) & missing:
            continue
        for person in victim.entitled:
            answer = await endpoints.ask(person.client, operation, belongings)
            if answer.status_code not in {401, 403, 404}:
                missing -= keys_in(operation)
                break
    assert missing == set()


async def test_nobody_is_let_in(
    endpoints: Endpoints, anonymous: httpx.AsyncClient, belongings: dict[str, str]
) -> None:
    let_in = {}
    for operation in endpoints:
        public = operation in PUBLIC
        answer = await endpoints.ask(anonymous, operation, belongings, empty=public)
        assert MARK not in answer.text
        if public == refused(answer, 401, *([404] if operation in SIGNED else [])):
            let_in[operation] = answer.status_code
    assert let_in == {}


async def test_cookie_of_a_person_opens_nothing_of_the_agents(
    endpoints: Endpoints, victim: Victim, belongings: dict[str, str]
) -> None:
    agents = [one for one in endpoints if one[1].startswith(("/agent/", "/livekit/"))]
    assert agents
    for operation in agents:
        answer = await endpoints.ask(victim.person.client, operation, belongings)
        assert refused(answer, 401), operation


@pytest.mark.parametrize("role", [Level.LEARNER, Level.INSTRUCTOR, Level.ADMIN])
async def test_nothing_of_somebody_elses_is_reached(  # noqa: PLR0917 - fixtures
    endpoints: Endpoints,
    victim: Victim,
    outsiders: dict[Level, Learner],
    belongings: dict[str, str],
    owner: asyncpg.Connection,
    role: Level,
) -> None:
    """By a classmate, a teacher of another program, the head of another school, with the victim's keys."""
    outsider = outsiders[role].client
    before = await state_of_school(owner, victim)
    for operation in endpoints.guarded():
        if not endpoints.names_rows(operation) or operation in SILENT:
            continue
        answer = await endpoints.ask(outsider, operation, belongings)
        assert refused(answer, 401, 403, 404, 422), (operation, answer.status_code, answer.text)
        assert MARK not in answer.text, operation
        assert victim.person.email not in answer.text, operation
    assert await state_of_school(owner, victim) == before


@pytest.mark.parametrize("role", [Level.LEARNER, Level.INSTRUCTOR, Level.ADMIN])
async def test_no_list_tells_of_somebody_elses(
    endpoints: Endpoints,
    victim: Victim,
    outsiders: dict[Level, Learner],
    belongings: dict[str, str],
    role: Level,
) -> None:
    for operation in endpoints.guarded():
        if operation[0] == "GET" and "{" not in operation[1]:
            answer = await endpoints.ask(outsiders[role].client, operation, belongings)
            assert answer.is_success or refused(answer, 401, 403, 404, 422), (operation, answer.text)
            assert MARK not in answer.text, operation
            assert victim.person.email not in answer.text, operation


@pytest.mark.parametrize("role", [Level.LEARNER, Level.INSTRUCTOR, Level.ADMIN])
async def test_wrong_roles_are_refused(
    endpoints: Endpoints, outsiders: dict[Level, Learner], role: Level
) -> None:
    for operation in endpoints.guarded():
        if level_of(operation) > role:
            answer = await endpoints.ask(outsiders[role].client, operation)
            hidden = [404] if keys_in(operation) else []
            assert refused(answer, 403, *hidden), (role, operation, answer.status_code, answer.text)


async def test_api_keys_reach_practice_alone(
    endpoints: Endpoints, victim: Victim, app: FastAPI, belongings: dict[str, str]
) -> None:
    made = await victim.person.client.post(
        f"{V1}/api-keys", json={"name": "all", "scopes": ["read", "write"]}
    )
    async with client_of(app) as robot:
        robot.headers["Authorization"] = f"Bearer {made.json()['key']}"
        for operation in endpoints.guarded():
            answer = await endpoints.ask(robot, operation, belongings)
            if operation[1].startswith(OPEN_TO_KEYS):
                assert answer.status_code not in {401, 403}, (operation, answer.text)
            else:
                assert refused(answer, 403), (operation, answer.text)
                assert error_of(answer) == "key_not_allowed"


async def test_bearer_token_opens_whatever_the_cookie_opens(
    endpoints: Endpoints, victim: Victim, app: FastAPI, belongings: dict[str, str]
) -> None:
    async with client_of(app) as program:
        signed_in = {"email": victim.person.email, "password": PASSWORD}
        pair = (await program.post(f"{V1}/auth/tokens", json=signed_in)).json()
        program.headers["Authorization"] = f"Bearer {pair['access_token']}"
        for operation in endpoints.guarded():
            if operation[0] == "GET":
                by_cookie = await endpoints.ask(victim.person.client, operation, belongings)
                by_token = await endpoints.ask(program, operation, belongings)
                assert by_token.status_code == by_cookie.status_code, (operation, by_token.text)
