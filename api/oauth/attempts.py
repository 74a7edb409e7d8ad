"""One attempt to sign in through a provider: what must be the same when the browser comes back.

Kept in a signed cookie of that browser, so nothing is stored for people who never return, and an answer that
was started in another browser fits nothing.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

import jwt

from api.database import utc_now
from api.settings import Settings
from api.signing import sign, verified

COOKIE = "avaaz_oauth"
COOKIE_PATH = "/api/v1/auth/oauth"
LIFE = timedelta(minutes=10)
AUDIENCE = "avaaz:oauth-attempt"
PURPOSE = "oauth-attempt"
HOME = "/"
_OWN_PAGE = re.compile(r"/(?![/\\])[!-\[\]-~]{0,300}")


@dataclass(frozen=True)
class Attempt:
    """The secrets of an attempt, and the page that the person wants to reach."""

    provider: str
    state: str
    nonce: str
    verifier: str
    page: str

    @property
    def challenge(self) -> str:
        """PKCE's S256 challenge to the verifier."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def begin(provider: str, page: str | None) -> Attempt:
    """A new attempt; a page that is not one of ours becomes the home page."""
    own = page if page and _OWN_PAGE.fullmatch(page) else HOME
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(provider, state, nonce, verifier, own)


def sealed(settings: Settings, attempt: Attempt) -> str:
    """The cookie's value."""
    claims = {**asdict(attempt), "aud": AUDIENCE, "exp": utc_now() + LIFE}
    return sign(settings, PURPOSE, claims)


def returned(settings: Settings, cookie: str | None, provider: str, state: str) -> Attempt | None:
    """The attempt that an answer belongs to; None where this browser has none, or it took too long."""
    try:
        claims = verified(settings, PURPOSE, cookie or "", audience=AUDIENCE, require=[])
        attempt = Attempt(**{name: str(claims[name]) for name in Attempt.__dataclass_fields__})
    except (jwt.PyJWTError, KeyError):
        return None
    same = hmac.compare_digest(attempt.state.encode(), state.encode())
    return attempt if same and attempt.provider == provider else None
