"""Grants: what a worker holds instead of a key once it has opened a call.

A grant is a signed token with an audience of its own, bound to one call, one session and one job. Whether
it is still good for a request depends on the call's state as well, which the service checks.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

from api.calls.models import Call
from api.contract.calls import GRANT_APPEND_DAYS
from api.database import utc_now
from api.errors import UnauthenticatedError
from api.settings import Settings
from api.signing import sign, verified

AUDIENCE = "avaaz:agent-grant"
PURPOSE = "grant"
LONGEST_CALL = timedelta(days=1)
"""Far above any call's limit; after it, only the days for late turns are left."""


@dataclass(frozen=True)
class Grant:
    """What a verified grant says."""

    call_id: UUID
    session_id: UUID
    organisation_id: UUID
    job_id: str
    expires_at: datetime


def issue(settings: Settings, call: Call, job_id: str) -> tuple[str, datetime]:
    """Return a signed grant and when it ends."""
    now = utc_now()
    expires_at = (now + LONGEST_CALL + timedelta(days=GRANT_APPEND_DAYS)).replace(microsecond=0)
    claims = {
        "aud": AUDIENCE,
        "sub": str(call.id),
        "sid": str(call.session_id),
        "org": str(call.organisation_id),
        "job": job_id,
        "iat": now,
        "exp": expires_at,
    }
    return sign(settings, PURPOSE, claims), expires_at


def verify(settings: Settings, token: str) -> Grant:
    """Read a grant.

    Raises:
        UnauthenticatedError: It has run out (`grant_expired`), or is no grant of ours (`grant_invalid`).
    """
    try:
        claims = verified(settings, PURPOSE, token, audience=AUDIENCE, require=["sub", "sid", "org", "job"])
        return Grant(
            call_id=UUID(claims["sub"]),
            session_id=UUID(claims["sid"]),
            organisation_id=UUID(claims["org"]),
            job_id=str(claims["job"]),
            expires_at=datetime.fromtimestamp(claims["exp"], tz=UTC),
        )
    except jwt.ExpiredSignatureError:
        raise UnauthenticatedError("The grant has expired.", code="grant_expired") from None
    except (jwt.PyJWTError, ValueError, AttributeError, UnicodeError, RecursionError):
        raise UnauthenticatedError("The grant is not valid.", code="grant_invalid") from None
