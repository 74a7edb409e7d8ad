"""How secrets of API clients look, and under what they are kept."""

import hashlib
import secrets

KEY_PREFIX = "avz_"
REFRESH_PREFIX = "avr_"
HINT_LENGTH = 10


def new_secret(prefix: str) -> str:
    """A secret of 256 bits; the prefix lets people and secret scanners know it for what it is."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The 64 characters under which a secret is kept; it is random enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
