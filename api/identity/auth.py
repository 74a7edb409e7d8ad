"""Who is asking, and the dependencies that say so. Accounts and cookie are fastapi-users'."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie
from fastapi_users import BaseUserManager, InvalidPasswordException, UUIDIDMixin, schemas
from fastapi_users.authentication import CookieTransport
from fastapi_users.password import PasswordHelperProtocol
from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.switchboard import CurrentSwitches
from api.credentials.bearer import BearerCredentials, BearerScheme
from api.database import Database, Session, utc_now
from api.errors import ForbiddenError, UnauthenticatedError
from api.identity.browsers import browser_name, cleaned
from api.identity.models import AccessToken, MemberRole, User
from api.identity.passwords import password_helper, weakness
from api.identity.repository import (
    AccessTokenRepository,
    Holder,
    MembershipRepository,
    Standing,
    UserRepository,
)
from api.rate_limit import Rates
from api.settings import API_PREFIX, Settings
from api.tenancy import act_for

COOKIE_NAME = "avaaz_session"
OPEN_WHILE_SUSPENDED = f"{API_PREFIX}/users/me"
"""What members of a suspended organisation may still ask for: account, data, another organisation."""
SEEN_EVERY = timedelta(minutes=10)
"""How exactly the list of devices says when one was used last."""


class UserManager(UUIDIDMixin, BaseUserManager[User, UUID]):
    """Rules for accounts."""

    def __init__(self, users: UserRepository, helper: PasswordHelperProtocol | None = None) -> None:
        super().__init__(users, helper or password_helper())

    async def validate_password(self, password: str, user: schemas.BaseUserCreate | User) -> None:
        """Refuse a password that is short, of one kind of characters, or the address itself."""
        problem = weakness(password, user.email)
        if problem is not None:
            raise InvalidPasswordException(problem)


class BrowserSessions:
    """Browsers that are signed in: of each cookie only the SHA-256 is kept, with the browser's name."""

    def __init__(self, session: AsyncSession, request: Request) -> None:
        self.tokens = AccessTokenRepository(session)
        self.request = request

    async def holder(self, token: str) -> Holder | None:
        """Whose cookie it is; notes that the browser was here."""
        settings: Settings = self.request.app.state.settings
        kept, now = digest(token), utc_now()
        holder = await self.tokens.holder(kept, now - timedelta(days=settings.session_days))
        if holder is not None and now - holder.last_seen_at >= SEEN_EVERY:
            await self._note_seen(kept, now)
        return holder

    async def begin(self, user: User) -> str:
        """Begin a session and return the value for its cookie."""
        token = secrets.token_urlsafe()
        user_agent = cleaned(self.request.headers.get("user-agent"))
        label = browser_name(user_agent)
        row = AccessToken(token=digest(token), user_id=user.id, user_agent=user_agent, label=label)
        await self.tokens.add(row)
        return token

    async def end(self, token: str) -> None:
        """End a session."""
        await self.tokens.delete_by_digest(digest(token))

    async def _note_seen(self, kept: str, now: datetime) -> None:
        """Move the last use forward, in a transaction of its own: most requests only read."""
        database: Database = self.request.app.state.database
        async with database.transaction() as session:
            await AccessTokenRepository(session).note_seen(kept, now)


def digest(token: str) -> str:
    """Return the 43 characters under which a cookie's value is kept."""
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")


def cookie_transport(settings: Settings) -> CookieTransport:
    """How the session cookie is set and cleared."""
    return CookieTransport(
        cookie_name=COOKIE_NAME,
        cookie_max_age=settings.session_days * 86_400,
        cookie_secure=settings.secure_cookies,
        cookie_samesite="lax",
    )


async def app_settings(request: Request) -> Settings:
    """The settings of the application that answers."""
    settings: Settings = request.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]


async def user_manager(session: Session) -> UserManager:
    """The account rules, over the request's session."""
    return UserManager(UserRepository(session))


async def browser_sessions(request: Request, session: Session) -> BrowserSessions:
    """Where cookies are looked up, over the request's session."""
    return BrowserSessions(session, request)


async def bearer_credentials(request: Request, session: Session) -> BearerCredentials:
    """Where bearer tokens and API keys are looked up, over the request's session."""
    return BearerCredentials(request, session)


Manager = Annotated[UserManager, Depends(user_manager)]
Browsers = Annotated[BrowserSessions, Depends(browser_sessions)]
Bearers = Annotated[BearerCredentials, Depends(bearer_credentials)]
CookieValue = Annotated[str | None, Depends(APIKeyCookie(name=COOKIE_NAME, auto_error=False))]
BearerValue = Annotated[str | None, Depends(BearerScheme())]


@dataclass(frozen=True)
class Asking:
    """Who asks, what they proved it with, and the membership they act under, if they have one."""

    user: User
    token: str
    member: Standing | None


async def asking(request: Request, session: Session, cookie: CookieValue, bearer: BearerValue) -> Asking:
    """The signed-in person, by the cookie or else by the header, within the rate for one endpoint.

    fastapi-users' authenticator would do the same by a tree of dependencies and a query for each of cookie,
    account and membership; every request passes here, so it is one dependency and, for a cookie, one query.

    Raises:
        UnauthenticatedError: There is no proof, it is not valid, or the account is closed.
        RateLimitedError: This person asks this endpoint too often.
    """
    found = await _by_cookie(request, session, cookie) if cookie else None
    if found is None and bearer:
        found = await _by_bearer(request, session, bearer)
    if found is None or not found.user.is_active:
        raise UnauthenticatedError
    limits: Rates = request.app.state.rates
    limits.user.take(f"{found.user.id} {request.method} {request.scope['route'].path}")
    return found


async def _by_cookie(request: Request, session: AsyncSession, cookie: str) -> Asking | None:
    holder = await BrowserSessions(session, request).holder(cookie)
    return Asking(holder.user, cookie, holder.member) if holder else None


async def _by_bearer(request: Request, session: AsyncSession, bearer: str) -> Asking:
    manager, members = UserManager(UserRepository(session)), MembershipRepository(session)
    owner = await BearerCredentials(request, session).owner(bearer, manager)
    user = owner.user
    await act_for(session, None, user.id)
    member = await members.standing_of(user.id, owner.organisation_id)
    if member is not None:
        await act_for(session, member.organisation_id, user.id, operator=user.is_superuser)
    return Asking(user, bearer, member)


CurrentAsking = Annotated[Asking, Depends(asking)]


async def current_user_token(asked: CurrentAsking) -> tuple[User, str]:
    """The signed-in person and what they proved it with."""
    return asked.user, asked.token


async def current_user(asked: CurrentAsking) -> User:
    """The signed-in person."""
    return asked.user


CurrentUserToken = Annotated[tuple[User, str], Depends(current_user_token)]
CurrentUser = Annotated[User, Depends(current_user)]


@dataclass(frozen=True)
class Principal:
    """The person who asks, and the organisation and role they act under."""

    user: User
    organisation_id: UUID
    role: MemberRole


async def principal(request: Request, asked: CurrentAsking, switches: CurrentSwitches) -> Principal:
    """Resolve the signed-in person.

    Raises:
        UnauthenticatedError: The account belongs to no organisation any more.
        ForbiddenError: The organisation is suspended (`organisation_suspended`).
    """
    if asked.member is None:
        raise UnauthenticatedError
    if not asked.user.is_superuser and not request.url.path.startswith(OPEN_WHILE_SUSPENDED):
        switches.require_not_suspended(asked.member.organisation_id)
    return Principal(asked.user, asked.member.organisation_id, MemberRole(asked.member.role))


CurrentPrincipal = Annotated[Principal, Depends(principal)]


class RequireRole:
    """Dependency that admits only some roles: `Depends(RequireRole(MemberRole.ADMIN))`."""

    def __init__(self, *roles: MemberRole) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, asking: CurrentPrincipal) -> Principal:
        """Return the person, or refuse.

        Raises:
            ForbiddenError: The person's role is not among those admitted.
        """
        if asking.role not in self.roles:
            raise ForbiddenError
        return asking
