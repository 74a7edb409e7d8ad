"""Each provider's own ways: whose word on an address counts, Microsoft's issuers, Facebook's plain OAuth."""

from typing import Any

import httpx
import pytest
from aiohttp import web
from cryptography.fernet import InvalidToken
from httpx_oauth.clients import facebook
from pydantic import SecretStr

from api.database import Database
from api.oauth import attempts, service
from api.oauth.providers import (
    MICROSOFT_PERSONAL_TENANT,
    FacebookProvider,
    OpenIDProvider,
    ProviderError,
    ProviderName,
    configured_providers,
    microsoft_answers_for_address,
    says_verified,
)
from api.oauth.repository import OAuthRepository
from api.oauth.vault import Vault
from api.settings import Settings
from tests.api.oauth.conftest import Browser
from tests.support.openid_server import CLIENT_ID, CLIENT_SECRET, OpenIDServer

TENANT = "11111111-2222-3333-4444-555555555555"
BACK = "http://avaaz.test/callback"


def test_only_providers_with_id_and_secret_are_configured() -> None:
    secret = SecretStr("x")
    half = Settings.model_construct(
        google_client_id="x", facebook_client_secret=secret, openid_client_id="x", openid_client_secret=secret
    )
    assert configured_providers(half) == {}
    whole = Settings.model_construct(
        google_client_id="x",
        google_client_secret=secret,
        microsoft_client_id="x",
        microsoft_client_secret=secret,
        facebook_client_id="x",
        facebook_client_secret=secret,
    )
    assert [provider.title for provider in configured_providers(whole).values()] == [
        "Google",
        "Microsoft",
        "Facebook",
    ]


@pytest.mark.parametrize(
    ("tenant", "claims", "good"),
    [
        ("common", {"tid": TENANT, "email_verified": True}, False),
        ("common", {"tid": TENANT, "xms_edov": False}, False),
        ("organizations", {"tid": "organizations"}, False),
        (TENANT, {"tid": "another"}, False),
        (TENANT, {}, False),
        ("common", {"tid": TENANT, "xms_edov": True}, True),
        ("common", {"tid": TENANT, "xms_edov": "1"}, True),
        ("common", {"tid": MICROSOFT_PERSONAL_TENANT}, True),
        (TENANT, {"tid": TENANT}, True),
    ],
)
def test_whether_microsoft_answers_for_an_address(tenant: str, claims: dict[str, Any], good: bool) -> None:
    assert microsoft_answers_for_address(tenant)(claims) is good


@pytest.mark.parametrize(
    ("claims", "good"),
    [
        ({}, False),
        ({"email_verified": "false"}, False),
        ({"email_verified": 0}, False),
        ({"email_verified": True}, True),
    ],
)
def test_whether_openid_answers_for_an_address(claims: dict[str, Any], good: bool) -> None:
    assert says_verified(claims) is good


async def test_microsofts_issuer_names_the_persons_tenant(provider: OpenIDServer) -> None:
    """Its shared configuration has a place for the tenant where others have a fixed issuer."""
    microsoft = OpenIDProvider(
        ProviderName.MICROSOFT,
        "Microsoft",
        CLIENT_ID,
        SecretStr(CLIENT_SECRET),
        f"{provider.url}/.well-known/openid-configuration",
        answers_for_address=microsoft_answers_for_address("common"),
    )
    client = await microsoft._discovered()
    client.openid_configuration["issuer"] = f"{provider.url}/{{tenantid}}/v2.0"
    for issuer, good in ((f"{provider.url}/{TENANT}/v2.0", True), (f"{provider.url}/another/v2.0", False)):
        provider.lies = {"tid": TENANT, "iss": issuer}
        attempt = attempts.begin("microsoft", None)
        async with httpx.AsyncClient() as outside:
            sent = await outside.get(await microsoft.authorization_url(attempt, BACK))
        code = httpx.URL(sent.headers["location"]).params["code"]
        if good:
            identity, _ = await microsoft.identity(attempt, code, BACK)
            assert (identity.subject, identity.email_verified) == ("person-1", False)
        else:
            with pytest.raises(ProviderError):
                await microsoft.identity(attempt, code, BACK)


async def test_facebooks_address_counts_as_unconfirmed(
    aiohttp_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ACCESS_TOKEN_ENDPOINT", "PROFILE_ENDPOINT"):
        monkeypatch.setattr(facebook, name, f"{aiohttp_site}/{name}")
    chosen = FacebookProvider("id", SecretStr("secret"))
    attempt = attempts.begin("facebook", None)
    address = await chosen.authorization_url(attempt, BACK)
    assert address.startswith("https://www.facebook.com/")
    assert httpx.URL(address).params["state"] == attempt.state
    identity, token = await chosen.identity(attempt, "good", BACK)
    assert (identity.subject, identity.email, identity.email_verified) == ("fb-1", "f@example.com", False)
    assert token["access_token"] == "of-facebook"
    with pytest.raises(ProviderError):
        await chosen.identity(attempt, "bad", BACK)


@pytest.fixture
async def aiohttp_site() -> Any:
    """What of Facebook is needed here."""

    async def trade(request: web.Request) -> web.Response:
        good = (await request.post()).get("code") == "good"
        return web.json_response(
            {"access_token": "of-facebook"} if good else {"error": {}}, status=200 if good else 400
        )

    async def profile(_request: web.Request) -> web.Response:
        return web.json_response({"id": "fb-1", "email": "f@example.com"})

    app = web.Application()
    app.router.add_post("/ACCESS_TOKEN_ENDPOINT", trade)
    app.router.add_get("/PROFILE_ENDPOINT", profile)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_kept_tokens_outlive_a_change_of_secret(
    browser: Browser, provider: OpenIDServer, settings: Settings, app: Any
) -> None:
    await browser.walk()
    database: Database = app.state.database
    rotating = settings.model_copy(
        update={"secret_key": SecretStr("n" * 32), "secret_key_previous": settings.secret_key}
    )
    new_alone = rotating.model_copy(update={"secret_key_previous": None})
    async with database.transaction() as session:
        assert await service.renew_secrets(session, Vault(rotating)) == (1, 0)
        (account,) = await OAuthRepository(session).all()
        assert Vault(new_alone).decrypted(account.access_token) == provider.issued[0]
        with pytest.raises(InvalidToken):
            Vault(settings).decrypted(account.access_token)
        lost = settings.model_copy(update={"secret_key": SecretStr("l" * 32)})
        assert await service.renew_secrets(session, Vault(lost)) == (0, 1)
        assert Vault(lost).decrypted(account.access_token) == ""
