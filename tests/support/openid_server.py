"""A small OpenID provider on loopback: discovery, keys, authorize, token, userinfo; it can lie."""

import base64
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "avaaz-client"
CLIENT_SECRET = "client-secret-of-at-least-thirty-two-bytes"


class OpenIDServer:
    """One person is signed in with it, and says yes at once."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.url = ""
        self.reset()

    def reset(self) -> None:
        """Be honest again, about the same person."""
        self.person: dict[str, Any] = {
            "sub": "person-1", "email": "Nia@Example.com", "email_verified": True, "name": "Nia  N.",
        }  # fmt: skip
        self.refusing: str | None = None
        self.failing = False
        self.lies: dict[str, Any] = {}
        self.in_userinfo_only = False
        self.signing: tuple[Any, str] = (self.key, "RS256")
        self.codes: dict[str, dict[str, str]] = {}
        self.issued: list[str] = []

    async def discovery(self, _request: web.Request) -> web.Response:
        """The configuration document."""
        if self.failing:
            return web.Response(status=503)
        return web.json_response(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
            }
        )

    async def keys(self, _request: web.Request) -> web.Response:
        """The public key."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return web.json_response({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})

    async def authorize(self, request: web.Request) -> web.Response:
        """Send the browser back with a code, or with a refusal."""
        asked = dict(request.query)
        assert asked["client_id"] == CLIENT_ID
        answer = {"state": asked["state"]}
        if self.refusing:
            answer["error"] = self.refusing
        else:
            answer["code"] = secrets.token_urlsafe(8)
            self.codes[answer["code"]] = asked
        raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(answer)}")

    async def token(self, request: web.Request) -> web.Response:
        """Trade a code, once, for tokens; client, address and PKCE verifier must be right."""
        form = await request.post()
        asked = self.codes.pop(str(form.get("code")), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        challenge = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        if (
            self.failing
            or asked is None
            or request.headers.get("authorization") != f"Basic {basic}"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        access_token, refresh_token = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.issued += [access_token, refresh_token]
        return web.json_response(
            {
                "access_token": access_token,
                "refresh_token": refresh_token,
                "token_type": "Bearer",
                "expires_in": 3600,
                "id_token": self.id_token(asked["nonce"]),
            }
        )

    def id_token(self, nonce: str) -> str:
        """What is said about the person, signed."""
        now = int(time.time())
        said = {"sub": self.person["sub"]} if self.in_userinfo_only else self.person
        claims = {
            **said, "iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce,
            **self.lies,
        }  # fmt: skip
        key, algorithm = self.signing
        return jwt.encode(claims, key, algorithm, headers={"kid": "one"})

    async def userinfo(self, request: web.Request) -> web.Response:
        """What is known of the person."""
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.issued:
            return web.Response(status=401)
        return web.json_response(self.person)


@asynccontextmanager
async def serving_openid() -> AsyncIterator[OpenIDServer]:
    """Serve a provider on loopback."""
    server = OpenIDServer()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", server.discovery)
    app.router.add_get("/keys", server.keys)
    app.router.add_get("/authorize", server.authorize)
    app.router.add_post("/token", server.token)
    app.router.add_get("/userinfo", server.userinfo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
