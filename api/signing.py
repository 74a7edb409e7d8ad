"""Keys derived from SECRET_KEY, and tokens signed with them.

Two secrets may live at once: SECRET_KEY signs, SECRET_KEY_PREVIOUS is still believed. So a secret is changed
without anybody being signed out: the old one becomes the previous one, and is dropped once the longest-lived
token signed with it has run out.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from api.settings import Settings

ALGORITHM = "HS256"


@dataclass(frozen=True)
class Key:
    """A key for one purpose; `id` says which secret it was derived from and nothing about it."""

    id: str
    secret: bytes


def derived_keys(settings: Settings, purpose: str) -> tuple[Key, ...]:
    """The keys for one purpose, so that what is signed for one never passes for another; the first signs."""
    secrets = [settings.secret_key, settings.secret_key_previous]
    values = [secret.get_secret_value().encode() for secret in secrets if secret is not None]
    return tuple(Key(_derive(value, "key-id").hex()[:8], _derive(value, purpose)) for value in values)


def sign(settings: Settings, purpose: str, claims: Mapping[str, Any]) -> str:
    """Return a signed token whose header names its key. Its audience belongs into `claims`."""
    key = derived_keys(settings, purpose)[0]
    return jwt.encode(dict(claims), key.secret, algorithm=ALGORITHM, headers={"kid": key.id})


def verified(
    settings: Settings, purpose: str, token: str, *, audience: str, require: list[str]
) -> dict[str, Any]:
    """Return the claims of a token that was signed here for this purpose and has not run out.

    Raises:
        jwt.ExpiredSignatureError: It has run out.
        jwt.PyJWTError: It is no such token.
    """
    keys = derived_keys(settings, purpose)
    named = jwt.get_unverified_header(token).get("kid")
    key = next((key for key in keys if key.id == named), keys[0])
    return jwt.decode(
        token,
        key.secret,
        algorithms=[ALGORITHM],
        audience=audience,
        options={"require": ["exp", "aud", *require]},
    )


def _derive(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, f"avaaz:{purpose}".encode(), hashlib.sha256)
