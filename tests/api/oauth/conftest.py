"""A browser that walks through a provider of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from api.oauth.providers import configured_providers
from api.settings import Settings
from tests.support.openid_server import CLIENT_ID, CLIENT_SECRET, OpenIDServer, serving_openid

OAUTH = "/api/v1/auth/oauth"


@pytest.fixture(scope="module")
async def openid_server() -> AsyncIterator[OpenIDServer]:
    """One provider for the module."""
    async with serving_openid() as server:
        yield server


@pytest.fixture
def provider(
    openid_server: OpenIDServer, app: FastAPI, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> OpenIDServer:
    """The provider, honest and configured."""
    openid_server.reset()
    configured = settings.model_copy(
        update={
            "openid_client_id": CLIENT_ID,
            "openid_client_secret": SecretStr(CLIENT_SECRET),
            "openid_configuration_url": f"{openid_server.url}/.well-known/openid-configuration",
            "openid_title": "School",
        }
    )
    monkeypatch.setitem(app.state._state, "providers", configured_providers(configured))
    return openid_server


@dataclass(frozen=True)
class Browser:
    """Follows the redirects between us and the provider, one by one."""

    client: httpx.AsyncClient

    async def start(self, page: str | None = None) -> str:
        """Begin; the address of the provider that it is sent to."""
        answer = await self.client.get(f"{OAUTH}/openid/start", params={"next": page} if page else {})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def back(self, address: str) -> str:
        """Visit the provider; the address, of ours, that it sends back to."""
        async with httpx.AsyncClient() as outside:
            answer = await outside.get(address)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def walk(self, page: str | None = None) -> httpx.Response:
        """The whole way; our last answer."""
        return await self.client.get(await self.back(await self.start(page)))


@pytest.fixture
def browser(anonymous: httpx.AsyncClient) -> Browser:
    """A browser that is signed in nowhere with us."""
    return Browser(anonymous)


def query_of(address: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def failure_of(answer: httpx.Response) -> str:
    """The code with which the sign-in page is shown; nobody is signed in by the way."""
    assert answer.status_code == 303, answer.text
    assert "avaaz_session=" not in str(answer.headers.get_list("set-cookie"))
    assert answer.headers["location"].startswith("/sign-in?")
    return query_of(answer.headers["location"])["error"]


async def me(client: httpx.AsyncClient) -> dict[str, Any]:
    """Who is signed in."""
    answer = await client.get("/api/v1/users/me")
    assert answer.status_code == 200
    person: dict[str, Any] = answer.json()
    return person
