"""Bearer tokens: signed, short-lived, and only as good as the sign-in that they came from."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import jwt

from api.database import utc_now
from api.errors import UnauthenticatedError
from api.settings import Settings
from api.signing import sign, verified

AUDIENCE = "avaaz:api"
PURPOSE = "access-token"


@dataclass(frozen=True)
class Bearer:
    """What a verified bearer token says."""

    user_id: UUID
    family_id: UUID


def issue(settings: Settings, bearer: Bearer) -> str:
    """Return a bearer token."""
    now = utc_now()
    return sign(
        settings,
        PURPOSE,
        {
            "aud": AUDIENCE,
            "sub": str(bearer.user_id),
            "fam": str(bearer.family_id),
            "iat": now,
            "exp": now + timedelta(minutes=settings.access_token_expire_minutes),
        },
    )


def read(settings: Settings, token: str) -> Bearer:
    """Read a bearer token.

    Raises:
        UnauthenticatedError: It has run out (`token_expired`), or is no token of ours (`token_invalid`).
    """
    try:
        claims = verified(settings, PURPOSE, token, audience=AUDIENCE, require=["sub", "fam"])
        return Bearer(user_id=UUID(claims["sub"]), family_id=UUID(claims["fam"]))
    except jwt.ExpiredSignatureError:
        raise UnauthenticatedError("The token has expired.", code="token_expired") from None
    except (jwt.PyJWTError, ValueError, AttributeError, UnicodeError, RecursionError):
        raise UnauthenticatedError("The token is not valid.", code="token_invalid") from None
