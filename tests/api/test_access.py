"""Every endpoint of the description, called by those who may not: nobody, others, wrong roles, keys.

What is new in the description is called too. It must refuse, or be named in one of the lists here, and an
address with a new kind of key in it needs an example of somebody's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.credentials.bearer import OPEN_TO_KEYS
from tests.api.conftest import PASSWORD, AgentSide, Learner, client_of, error_of

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

FOR_ROLES: dict[str, frozenset[str]] = {f"{V1}/school/": frozenset({"instructor", "admin"})}
"""Addresses under which only some roles are let in; all others are open to every role."""


@dataclass(frozen=True)
class Endpoints:
    """The operations of a description, and addresses for them."""

    paths: dict[str, dict[str, Any]]

    def __iter__(self) -> Iterator[Operation]:
        for path, operations in self.paths.items():
            for method in operations:
                yield method.upper(), path

    def guarded(self) -> Iterator[Operation]:
        """Those of the browser's API that are not public."""
        return (one for one in self if one not in PUBLIC and one[1].startswith(V1))


def filled(path: str, keys: dict[str, str]) -> str:
    """An address with its keys put in; a random one where there is no example."""
    return re.sub(r"{(\w+)}", lambda match: keys.get(match[1], str(uuid4())), path)


async def ask(
    client: httpx.AsyncClient, operation: Operation, keys: dict[str, str] | None = None
) -> httpx.Response:
    """Call an operation with an empty body."""
    method, path = operation
    body: dict[str, Any] | None = {} if method in {"POST", "PUT", "PATCH"} else None
    return await client.request(method, filled(path, keys or {}), json=body)


def refused(answer: httpx.Response, status: int) -> bool:
    """Whether it is that refusal, in the envelope, and nothing was set or told by the way."""
    return answer.status_code == status and bool(error_of(answer)) and "set-cookie" not in answer.headers


@pytest.fixture
def endpoints(app: FastAPI) -> Endpoints:
    """All endpoints."""
    return Endpoints(app.openapi()["paths"])


@pytest.fixture
async def belongings(learner: Learner, agent: AgentSide) -> dict[str, str]:
    """One of each kind of thing that an address can name, all of them the learner's."""
    session = await learner.default_session()
    call = await agent.opened(await learner.room())
    signed_in = {"email": learner.email, "password": PASSWORD}
    async with client_of(learner.client._transport.app) as program:  # type: ignore[attr-defined]
        assert (await program.post(f"{V1}/auth/tokens", json=signed_in)).status_code == 201
    made = (await learner.client.post(f"{V1}/api-keys", json={"name": "mine"})).json()
    clients = (await learner.client.get(f"{V1}/auth/tokens")).json()["items"]
    devices = (await learner.client.get(f"{V1}/users/me/devices")).json()["items"]
    return {
        "session_id": session["id"],
        "call_id": call.id,
        "client_id": clients[0]["id"],
        "key_id": made["id"],
        "device_id": devices[0]["id"],
        "learner_id": str(learner.id),
    }


def test_public_list_names_what_exists(endpoints: Endpoints) -> None:
    assert set(endpoints) >= PUBLIC


async def test_nobody_is_let_in(endpoints: Endpoints, anonymous: httpx.AsyncClient) -> None:
    let_in = {}
    for operation in endpoints:
        answer = await ask(anonymous, operation)
        if (operation not in PUBLIC) != refused(answer, 401):
            let_in[operation] = answer.status_code
    assert let_in == {}


async def test_cookie_of_a_person_opens_nothing_of_the_agents(
    endpoints: Endpoints, learner: Learner, belongings: dict[str, str]
) -> None:
    agents = [one for one in endpoints if one[1].startswith(("/agent/", "/livekit/"))]
    assert agents
    for operation in agents:
        assert refused(await ask(learner.client, operation, belongings), 401), operation


async def test_keys_of_another_person_name_nothing(
    endpoints: Endpoints,
    learner: Learner,
    stranger: Learner,
    belongings: dict[str, str],
    owner: asyncpg.Connection,
) -> None:
    """Called by a stranger of every role; and by their owner, so that the examples are known to be good."""
    keyed = [one for one in endpoints.guarded() if "{" in one[1]]
    examples = belongings | {"account_id": await provider_account(owner, learner.id)}
    named = {name for _, path in keyed for name in re.findall(r"{(\w+)}", path)}
    assert named == set(examples), "an address with a new kind of key needs an example of somebody's"
    for role in ("learner", "instructor", "admin"):
        await owner.execute("UPDATE memberships SET role = $1 WHERE user_id = $2", role, stranger.id)
        for operation in keyed:
            answer = await ask(stranger.client, operation, examples)
            assert refused(answer, 404) or refused(answer, 403), (role, operation, answer.text)
    for operation in sorted(keyed, key=lambda one: "device" in one[1]):  # the last one signs its owner out
        if not operation[1].startswith(tuple(FOR_ROLES)):
            answer = await ask(learner.client, operation, examples)
            assert answer.is_success, (operation, answer.text)


async def provider_account(owner: asyncpg.Connection, user_id: UUID) -> str:
    """An account with a provider, which no test signs in to here."""
    made = await owner.fetchval(
        "INSERT INTO oauth_accounts (id, user_id, provider, subject, email, address_verified, access_token,"
        " last_used_at) VALUES ($1, $2, 'google', 'x', 'x@example.com', true, '', now()) RETURNING id",
        uuid4(),
        user_id,
    )
    return str(made)


async def test_wrong_roles_are_refused(
    endpoints: Endpoints, learner: Learner, belongings: dict[str, str], owner: asyncpg.Connection
) -> None:
    for role in ("learner", "instructor", "admin"):
        await owner.execute("UPDATE memberships SET role = $1 WHERE user_id = $2", role, learner.id)
        for method, path in endpoints.guarded():
            admitted = next((roles for under, roles in FOR_ROLES.items() if path.startswith(under)), {role})
            if role not in admitted:
                answer = await ask(learner.client, (method, path), belongings)
                assert refused(answer, 403), (role, method, path, answer.text)


async def test_api_keys_reach_practice_alone(
    endpoints: Endpoints, learner: Learner, app: FastAPI, belongings: dict[str, str]
) -> None:
    made = await learner.client.post(f"{V1}/api-keys", json={"name": "all", "scopes": ["read", "write"]})
    async with client_of(app) as robot:
        robot.headers["Authorization"] = f"Bearer {made.json()['key']}"
        for operation in endpoints.guarded():
            answer = await ask(robot, operation, belongings)
            if operation[1].startswith(OPEN_TO_KEYS):
                assert answer.is_success, (operation, answer.text)
            else:
                assert refused(answer, 403), (operation, answer.text)
                assert error_of(answer) == "key_not_allowed"


async def test_bearer_token_opens_whatever_the_cookie_opens(
    endpoints: Endpoints, learner: Learner, app: FastAPI, belongings: dict[str, str]
) -> None:
    async with client_of(app) as program:
        signed_in = {"email": learner.email, "password": PASSWORD}
        pair = (await program.post(f"{V1}/auth/tokens", json=signed_in)).json()
        program.headers["Authorization"] = f"Bearer {pair['access_token']}"
        for operation in endpoints.guarded():
            if operation[0] == "GET":
                by_cookie = await ask(learner.client, operation, belongings)
                by_token = await ask(program, operation, belongings)
                assert by_token.status_code == by_cookie.status_code, (operation, by_token.text)
