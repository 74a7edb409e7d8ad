"""Addresses that play a recording for some minutes without a cookie: signed, and one person's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import jwt

from api.database import utc_now
from api.errors import UnauthenticatedError
from api.settings import API_PREFIX, Settings
from api.signing import sign, verified

LIFETIME: Final = timedelta(minutes=15)
AUDIENCE: Final = "avaaz:recording"
PURPOSE: Final = "recording"


@dataclass(frozen=True)
class Link:
    """What a link says: which recording, and who asked for it."""

    call_id: UUID
    organisation_id: UUID
    user_id: UUID


def make(settings: Settings, link: Link) -> tuple[str, datetime]:
    """Return a path below the product's address, and until when it plays."""
    expires_at = (utc_now() + LIFETIME).replace(microsecond=0)
    claims = {
        "aud": AUDIENCE,
        "sub": str(link.call_id),
        "org": str(link.organisation_id),
        "usr": str(link.user_id),
        "exp": expires_at,
    }
    return f"{API_PREFIX}/recordings/{sign(settings, PURPOSE, claims)}", expires_at.astimezone(UTC)


def read(settings: Settings, token: str) -> Link:
    """Read a link.

    Raises:
        UnauthenticatedError: It has run out (`link_expired`), or is no link of ours (`link_invalid`).
    """
    try:
        claims = verified(settings, PURPOSE, token, audience=AUDIENCE, require=["sub", "org", "usr"])
        return Link(UUID(claims["sub"]), UUID(claims["org"]), UUID(claims["usr"]))
    except jwt.ExpiredSignatureError:
        raise UnauthenticatedError("This link has run out.", code="link_expired") from None
    except (jwt.PyJWTError, ValueError, AttributeError, UnicodeError, RecursionError):
        raise UnauthenticatedError("This link does not work.", code="link_invalid") from None
