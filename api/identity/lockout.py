"""Wrong passwords in a row lock the way in, for a while.

Counted for the address, whether or not it has an account, so that a lock tells nothing. A browser that has
signed in to the account before carries a signed cookie and is counted apart: strangers can lock strange
browsers out, never the owner's own. A lock is not made longer by trying, and a reset by mail lifts it.
(OWASP: "Slow Down Online Guessing Attacks with Device Cookies".)
"""

import math
from datetime import timedelta
from uuid import uuid4

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.database import Database, utc_now
from api.errors import RateLimitedError
from api.identity.repository import FailureRepository
from api.links import link_id, link_token, subject_digest
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

BROWSER_COOKIE = "avaaz_browser"
_COOKIE_PATH = "/api/v1/auth"
_COOKIE_SECONDS = 365 * 86_400


def subject_of(settings: Settings, email: str, request: Request | None = None) -> str:
    """Whom a failure is counted for: the browser where it is known to the account, else all strange ones."""
    cookie = request.cookies.get(BROWSER_COOKIE, "") if request else ""
    browser = link_id(settings, _purpose(email), cookie)
    if browser is None:
        return subject_digest(settings, "address", email)
    return subject_digest(settings, "browser", email, str(browser))


def know_browser(settings: Settings, response: Response, email: str) -> None:
    """Let the browser carry the proof that it has been in this account."""
    response.set_cookie(
        BROWSER_COOKIE,
        link_token(settings, _purpose(email), uuid4()),
        max_age=_COOKIE_SECONDS,
        path=_COOKIE_PATH,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


async def refuse_locked(session: AsyncSession, subject: str) -> None:
    """Let only an unlocked subject pass.

    Raises:
        RateLimitedError: Too many wrong passwords (`account_locked`); it says how long to wait.
    """
    until = await FailureRepository(session).locked_until(subject)
    seconds = math.ceil((until - utc_now()).total_seconds()) if until else 0
    if seconds > 0:
        minutes = math.ceil(seconds / 60)
        raise RateLimitedError(
            f"Too many wrong passwords. Try again in {minutes} min, or choose a new password by mail.",
            code="account_locked",
            retry_after_s=seconds,
        )


async def count_failure(database: Database, settings: Settings, subject: str) -> None:
    """Count one wrong password, in a transaction of its own since the request is refused."""
    now, pause = utc_now(), timedelta(minutes=settings.lockout_minutes)
    async with database.transaction() as session:
        row = await FailureRepository(session).locked_row(subject, now)
        if row.locked_until is not None and row.locked_until > now:
            return
        stale = row.locked_until is not None or now - row.last_failed_at > pause
        row.failures = 1 if stale else row.failures + 1
        row.last_failed_at = now
        row.locked_until = now + pause if row.failures >= settings.lockout_failures else None
        locked = row.locked_until is not None
    if locked:
        log.warning("sign-in locked after wrong passwords")


async def lift(session: AsyncSession, subject: str) -> None:
    """Forget a subject's failures."""
    await FailureRepository(session).forget(subject)


def _purpose(email: str) -> str:
    return "browser:" + email
