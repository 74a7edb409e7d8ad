"""What a provider says about the person who came back from it.

The OAuth exchange is httpx-oauth's. What it leaves open is done here: the identity token is verified
(signature, issuer, audience, time, nonce), and each provider's word about an e-mail address is weighed.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import httpx
import jwt
from httpx_oauth.clients.facebook import FacebookOAuth2
from httpx_oauth.clients.openid import OpenID
from httpx_oauth.exceptions import HTTPXOAuthError
from httpx_oauth.oauth2 import OAuth2Token
from pydantic import SecretStr

from api.oauth.attempts import Attempt
from api.settings import Settings

GOOGLE_CONFIGURATION = "https://accounts.google.com/.well-known/openid-configuration"
MICROSOFT_CONFIGURATION = "https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration"
MICROSOFT_PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
MICROSOFT_SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Only asymmetric ones: a client secret must never verify as a key."""
CLOCK_SKEW_S = 60

Claims = Mapping[str, Any]


class ProviderName(StrEnum):
    """Whom people may sign in with."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    FACEBOOK = "facebook"
    OPENID = "openid"


class ProviderError(Exception):
    """The provider could not be reached, or its answer makes no sense."""


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is. `email_verified`: the provider answers for the address being theirs."""

    subject: str
    email: str | None
    email_verified: bool
    name: str


class Provider(Protocol):
    """One configured provider."""

    name: ProviderName
    title: str

    async def authorization_url(self, attempt: Attempt, redirect_uri: str) -> str:
        """Where the browser is sent.

        Raises:
            ProviderError: The provider's configuration cannot be read.
        """

    async def identity(self, attempt: Attempt, code: str, redirect_uri: str) -> tuple[Identity, OAuth2Token]:
        """Trade the code for the person and the provider's tokens.

        Raises:
            ProviderError: The code or what came for it is not good.
        """


class OpenIDProvider:
    """A provider that speaks OpenID Connect; its discovery document is read when first needed."""

    def __init__(
        self,
        name: ProviderName,
        title: str,
        client_id: str,
        client_secret: SecretStr,
        configuration_url: str,
        *,
        answers_for_address: Callable[[Claims], bool],
    ) -> None:
        self.name = name
        self.title = title
        self._client_id = client_id
        self._client_secret = client_secret
        self._configuration_url = configuration_url
        self._answers_for_address = answers_for_address
        self._client: OpenID | None = None

    async def authorization_url(self, attempt: Attempt, redirect_uri: str) -> str:
        """Where the browser is sent, with state, nonce and PKCE challenge."""
        client = await self._discovered()
        return await client.get_authorization_url(
            redirect_uri,
            attempt.state,
            code_challenge=attempt.challenge,
            code_challenge_method="S256",
            extras_params={"nonce": attempt.nonce},
        )

    async def identity(self, attempt: Attempt, code: str, redirect_uri: str) -> tuple[Identity, OAuth2Token]:
        """Trade the code for a verified identity token, and complete it from the userinfo endpoint."""
        client = await self._discovered()
        try:
            token = await client.get_access_token(code, redirect_uri, attempt.verifier)
            claims = await self._verified(client, str(token["id_token"]), attempt.nonce)
            if "email" not in claims:
                profile = await client.get_profile(token["access_token"])
                if profile.get("sub") != claims["sub"]:
                    raise ProviderError("userinfo speaks of somebody else")
                claims = {**profile, **claims}
        except (HTTPXOAuthError, httpx.HTTPError, jwt.PyJWTError, KeyError, ValueError) as problem:
            raise ProviderError(type(problem).__name__) from problem
        email = claims.get("email")
        return Identity(
            subject=str(claims["sub"]),
            email=str(email) if email else None,
            email_verified=self._answers_for_address(claims),
            name=str(claims.get("name") or ""),
        ), token

    async def _discovered(self) -> OpenID:
        if self._client is None:
            try:
                self._client = await asyncio.to_thread(
                    OpenID,
                    self._client_id,
                    self._client_secret.get_secret_value(),
                    self._configuration_url,
                    str(self.name),
                    ["openid", "email", "profile"],
                )
            except (HTTPXOAuthError, KeyError, IndexError, ValueError) as problem:
                raise ProviderError(type(problem).__name__) from problem
        return self._client

    async def _verified(self, client: OpenID, id_token: str, nonce: str) -> dict[str, Any]:
        configuration = client.openid_configuration
        async with client.get_httpx_client() as http:
            answer = await http.get(configuration["jwks_uri"])
            answer.raise_for_status()
        key = jwt.PyJWKSet.from_dict(answer.json())[jwt.get_unverified_header(id_token).get("kid", "")]
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key.key,
            algorithms=ALGORITHMS,
            audience=self._client_id,
            leeway=CLOCK_SKEW_S,
            options={"require": ["exp", "iat", "aud", "iss", "sub", "nonce"]},
        )
        # Microsoft's shared tenants name the issuer with a place for the tenant of the person.
        issuer = str(configuration["issuer"]).replace("{tenantid}", str(claims.get("tid", "")))
        if claims["iss"] != issuer or claims["nonce"] != nonce:
            raise ProviderError("issuer or nonce differs")
        return claims


class FacebookProvider:
    """Facebook, which speaks plain OAuth and does not say whether an address was confirmed."""

    name = ProviderName.FACEBOOK
    title = "Facebook"

    def __init__(self, client_id: str, client_secret: SecretStr) -> None:
        self._client = FacebookOAuth2(client_id, client_secret.get_secret_value())

    async def authorization_url(self, attempt: Attempt, redirect_uri: str) -> str:
        """Where the browser is sent, with the state."""
        return await self._client.get_authorization_url(redirect_uri, attempt.state)

    async def identity(self, attempt: Attempt, code: str, redirect_uri: str) -> tuple[Identity, OAuth2Token]:
        """Trade the code for a token, and ask with it who the person is."""
        del attempt  # plain OAuth has no nonce to look for
        try:
            token = await self._client.get_access_token(code, redirect_uri)
            subject, email = await self._client.get_id_email(token["access_token"])
        except (HTTPXOAuthError, httpx.HTTPError, KeyError, ValueError) as problem:
            raise ProviderError(type(problem).__name__) from problem
        return Identity(subject=subject, email=email, email_verified=False, name=""), token


def microsoft_answers_for_address(tenant: str) -> Callable[[Claims], bool]:
    """When Microsoft's word about an address is good.

    Any tenant's administrator may write any address into an account, so it is good only where the one tenant
    that is admitted is a known one, for personal accounts, and where Microsoft says that the domain's owner
    was verified (`xms_edov`, an optional claim of the app's registration).
    """

    def answers(claims: Claims) -> bool:
        own_tenant = tenant not in MICROSOFT_SHARED_TENANTS and claims.get("tid") == tenant
        personal = claims.get("tid") == MICROSOFT_PERSONAL_TENANT
        return own_tenant or personal or claims.get("xms_edov") in {True, "1", "true"}

    return answers


def says_verified(claims: Claims) -> bool:
    """OpenID's own claim."""
    return claims.get("email_verified") in {True, "true"}


def configured_providers(settings: Settings) -> dict[ProviderName, Provider]:
    """The providers whose id and secret are both set, in the order they are shown."""
    found: list[Provider] = []
    if settings.google_client_id and settings.google_client_secret:
        found.append(
            OpenIDProvider(
                ProviderName.GOOGLE,
                "Google",
                settings.google_client_id,
                settings.google_client_secret,
                GOOGLE_CONFIGURATION,
                answers_for_address=says_verified,
            )
        )
    if settings.microsoft_client_id and settings.microsoft_client_secret:
        tenant = settings.microsoft_tenant
        found.append(
            OpenIDProvider(
                ProviderName.MICROSOFT,
                "Microsoft",
                settings.microsoft_client_id,
                settings.microsoft_client_secret,
                MICROSOFT_CONFIGURATION.format(tenant=tenant),
                answers_for_address=microsoft_answers_for_address(tenant),
            )
        )
    if settings.facebook_client_id and settings.facebook_client_secret:
        found.append(FacebookProvider(settings.facebook_client_id, settings.facebook_client_secret))
    if settings.openid_client_id and settings.openid_client_secret and settings.openid_configuration_url:
        found.append(
            OpenIDProvider(
                ProviderName.OPENID,
                settings.openid_title,
                settings.openid_client_id,
                settings.openid_client_secret,
                settings.openid_configuration_url,
                answers_for_address=says_verified,
            )
        )
    return {provider.name: provider for provider in found}
