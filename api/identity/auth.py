"""Cookie sessions by fastapi-users: who is asking, and the dependencies that say so."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi_users import BaseUserManager, FastAPIUsers, InvalidPasswordException, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, CookieTransport
from fastapi_users.authentication.strategy.db import DatabaseStrategy
from fastapi_users.password import PasswordHelperProtocol

from api.credentials.bearer import BearerStrategy, HeaderTransport
from api.database import Database, Session, utc_now
from api.errors import ForbiddenError, UnauthenticatedError
from api.identity.browsers import browser_name, cleaned
from api.identity.models import AccessToken, MemberRole, User
from api.identity.passwords import password_helper, weakness
from api.identity.repository import AccessTokenRepository, MembershipRepository, UserRepository
from api.rate_limit import Limiter
from api.settings import Settings

COOKIE_NAME = "avaaz_session"
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


class HashedTokenStrategy(DatabaseStrategy[User, UUID, AccessToken]):
    """Keeps only the SHA-256 of each cookie in the database, with the browser's name and when it was used."""

    def __init__(self, tokens: AccessTokenRepository, request: Request, lifetime: timedelta) -> None:
        super().__init__(tokens, lifetime_seconds=int(lifetime.total_seconds()))
        self.tokens = tokens
        self.request = request

    async def read_token(self, token: str | None, user_manager: BaseUserManager[User, UUID]) -> User | None:
        """Return the account a cookie belongs to."""
        if token is None:
            return None
        user = await super().read_token(digest(token), user_manager)
        if user is not None:
            await self._note_seen(digest(token))
        return user

    async def _note_seen(self, kept: str) -> None:
        """Move the last use forward, at times, in a transaction of its own: most requests only read."""
        row, now = await self.tokens.loaded(kept), utc_now()
        if row is None or now - row.last_seen_at < SEEN_EVERY:
            return
        database: Database = self.request.app.state.database
        async with database.transaction() as session:
            await AccessTokenRepository(session).note_seen(kept, now)

    async def write_token(self, user: User) -> str:
        """Begin a session and return the value for its cookie."""
        values = self._create_access_token_dict(user)
        token: str = values["token"]
        user_agent = cleaned(self.request.headers.get("user-agent"))
        await self.tokens.create(
            {
                **values,
                "token": digest(token),
                "user_agent": user_agent,
                "label": browser_name(user_agent),
            }
        )
        return token

    async def destroy_token(self, token: str, user: User) -> None:
        """End a session."""
        await super().destroy_token(digest(token), user)


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


async def token_strategy(request: Request, session: Session, settings: AppSettings) -> HashedTokenStrategy:
    """Where cookies are looked up, over the request's session."""
    lifetime = timedelta(days=settings.session_days)
    return HashedTokenStrategy(AccessTokenRepository(session), request, lifetime)


backend = AuthenticationBackend(
    name="cookie", transport=CookieTransport(cookie_name=COOKIE_NAME), get_strategy=token_strategy
)


async def bearer_strategy(request: Request, session: Session, settings: AppSettings) -> BearerStrategy:
    """Where bearer tokens and API keys are looked up, over the request's session."""
    return BearerStrategy(request, session, settings)


bearer_backend = AuthenticationBackend(
    name="bearer", transport=HeaderTransport(), get_strategy=bearer_strategy
)
fastapi_users = FastAPIUsers[User, UUID](user_manager, [backend, bearer_backend])

Manager = Annotated[UserManager, Depends(user_manager)]
Strategy = Annotated[HashedTokenStrategy, Depends(token_strategy)]
BearerTokens = Annotated[BearerStrategy, Depends(bearer_strategy)]
UserToken = Annotated[tuple[User, str], Depends(fastapi_users.authenticator.current_user_token(active=True))]


async def limited_user_token(asking: UserToken, request: Request, limiter: Limiter) -> tuple[User, str]:
    """The signed-in person and what they proved it with, within the rate for one endpoint.

    Raises:
        RateLimitedError: This person asks this endpoint too often.
    """
    limiter.user.take(f"{asking[0].id} {request.method} {request.scope['route'].path}")
    return asking


CurrentUserToken = Annotated[tuple[User, str], Depends(limited_user_token)]


async def current_user(asking: CurrentUserToken) -> User:
    """The signed-in person."""
    return asking[0]


CurrentUser = Annotated[User, Depends(current_user)]


@dataclass(frozen=True)
class Principal:
    """The person who asks, and the organisation and role they act under."""

    user: User
    organisation_id: UUID
    role: MemberRole


async def principal(user: CurrentUser, session: Session) -> Principal:
    """Resolve the signed-in person.

    Raises:
        UnauthenticatedError: The account belongs to no organisation any more.
    """
    membership = await MembershipRepository(session).of_user(user.id)
    if membership is None:
        raise UnauthenticatedError
    return Principal(user, membership.organisation_id, MemberRole(membership.role))


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
