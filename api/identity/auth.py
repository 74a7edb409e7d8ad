"""Cookie sessions by fastapi-users: who is asking, and the dependencies that say so."""

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi_users import BaseUserManager, FastAPIUsers, InvalidPasswordException, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, CookieTransport
from fastapi_users.authentication.strategy.db import DatabaseStrategy

from api.credentials.bearer import BearerStrategy, HeaderTransport
from api.database import Session
from api.errors import ForbiddenError, UnauthenticatedError
from api.identity.models import AccessToken, MemberRole, User
from api.identity.repository import AccessTokenRepository, MembershipRepository, UserRepository
from api.settings import Settings

COOKIE_NAME = "avaaz_session"
PASSWORD_KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")


class UserManager(UUIDIDMixin, BaseUserManager[User, UUID]):
    """Rules for accounts."""

    async def validate_password(self, password: str, user: schemas.BaseUserCreate | User) -> None:
        """Refuse a password that is short, of one kind of characters, or the address itself."""
        if len(password) < 8 or not all(re.search(kind, password) for kind in PASSWORD_KINDS):
            raise InvalidPasswordException(
                "Use at least 8 characters with upper case, lower case, a digit and another character."
            )
        if user.email.split("@")[0].lower() in password.lower():
            raise InvalidPasswordException("The password must not contain the e-mail address.")


class HashedTokenStrategy(DatabaseStrategy[User, UUID, AccessToken]):
    """Keeps only the SHA-256 of each cookie in the database."""

    async def read_token(self, token: str | None, user_manager: BaseUserManager[User, UUID]) -> User | None:
        """Return the account a cookie belongs to."""
        return await super().read_token(token and digest(token), user_manager)

    async def write_token(self, user: User) -> str:
        """Begin a session and return the value for its cookie."""
        values = self._create_access_token_dict(user)
        token: str = values["token"]
        await self.database.create({**values, "token": digest(token)})
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


def app_settings(request: Request) -> Settings:
    """The settings of the application that answers."""
    settings: Settings = request.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]


def user_manager(session: Session) -> UserManager:
    """The account rules, over the request's session."""
    return UserManager(UserRepository(session))


def token_strategy(session: Session, settings: AppSettings) -> HashedTokenStrategy:
    """Where cookies are looked up, over the request's session."""
    return HashedTokenStrategy(
        AccessTokenRepository(session), lifetime_seconds=settings.session_days * 86_400
    )


backend = AuthenticationBackend(
    name="cookie", transport=CookieTransport(cookie_name=COOKIE_NAME), get_strategy=token_strategy
)


def bearer_strategy(request: Request, session: Session, settings: AppSettings) -> BearerStrategy:
    """Where bearer tokens and API keys are looked up, over the request's session."""
    return BearerStrategy(request, session, settings)


bearer_backend = AuthenticationBackend(
    name="bearer", transport=HeaderTransport(), get_strategy=bearer_strategy
)
fastapi_users = FastAPIUsers[User, UUID](user_manager, [backend, bearer_backend])

Manager = Annotated[UserManager, Depends(user_manager)]
Strategy = Annotated[HashedTokenStrategy, Depends(token_strategy)]
CurrentUser = Annotated[User, Depends(fastapi_users.current_user(active=True))]
CurrentUserToken = Annotated[
    tuple[User, str], Depends(fastapi_users.authenticator.current_user_token(active=True))
]


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
