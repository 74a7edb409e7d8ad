"""Secrets of mailed links: made when a mail is sent, checked when its reader comes back, kept nowhere.

A secret is the link's id with a MAC over its purpose and id, so that neither the database nor the queue of
outgoing mail holds anything that opens an account.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from api.settings import Settings
from api.signing import derived_keys

_MAC_BYTES = 24
_TOKEN_BYTES = 16 + _MAC_BYTES
TOKEN_CHARACTERS = 54
"""Length of a link's secret: 40 bytes in URL-safe base 64 without padding."""


def link_token(settings: Settings, purpose: str, link_id: UUID) -> str:
    """Return the secret of a link, which only its reader gets."""
    return urlsafe_b64encode(link_id.bytes + _macs(settings, purpose, link_id)[0]).decode().rstrip("=")


def link_id(settings: Settings, purpose: str, token: str) -> UUID | None:
    """Return the id of the link whose secret this is, or None where it was not made here for this purpose."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(raw) != _TOKEN_BYTES:
        return None
    found = UUID(bytes=raw[:16])
    known = [hmac.compare_digest(raw[16:], mac) for mac in _macs(settings, purpose, found)]
    return found if any(known) else None


def subject_digest(settings: Settings, *parts: str) -> str:
    """Return 43 characters that stand for a person or browser where their address must not be kept."""
    key = derived_keys(settings, "subject")[0]
    message = "\0".join(parts).encode()
    return urlsafe_b64encode(hmac.digest(key.secret, message, hashlib.sha256)).decode().rstrip("=")


def _macs(settings: Settings, purpose: str, identifier: UUID) -> list[bytes]:
    """The MAC under each live key; links are made with the first."""
    keys = derived_keys(settings, "link:" + purpose)
    return [hmac.digest(key.secret, identifier.bytes, hashlib.sha256)[:_MAC_BYTES] for key in keys]
