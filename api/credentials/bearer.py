"""The second way in beside the cookie: `Authorization: Bearer` with a token or an API key.

Whatever takes the cookie takes these too: `api.identity.auth` asks both.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from fastapi_users import BaseUserManager
from fastapi_users.exceptions import UserNotExists
from sqlalchemy.ext.asyncio import AsyncSession

from api.credentials import tokens
from api.credentials.models import ApiKey, RevokedFor, Scope, TokenFamily
from api.credentials.repository import KeyRepository, TokenRepository
from api.credentials.secrets import KEY_PREFIX, digest
from api.database import Database, utc_now
from api.errors import ForbiddenError, UnauthenticatedError
from api.identity.models import User
from api.rate_limit import rates
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

OPEN_TO_KEYS = ("/api/v1/sessions/", "/api/v1/calls/")
"""Where an API key may go. Everything else, accounts and credentials above all, is closed to keys."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
NOTE_USE_EVERY = timedelta(minutes=1)


class BearerScheme(SecurityBase):
    """Takes the token out of the Authorization header."""

    def __init__(self) -> None:
        self.scheme_name = "Bearer"
        self.model = HTTPBearerModel(
            description="A token from POST /api/v1/auth/tokens, or an API key (`avz_...`)."
        )

    async def __call__(self, request: Request) -> str | None:
        """The token, or None where another or no scheme is used."""
        scheme, value = get_authorization_scheme_param(request.headers.get("authorization"))
        return value if scheme.lower() == "bearer" and value else None


@dataclass(frozen=True)
class Owner:
    """Whom a token or key acts for."""

    user: User
    organisation_id: UUID | None = None
    """Where a key acts; a token acts where its person does."""


class BearerCredentials:
    """Whose token or key it is, and whether it is good for this request."""

    def __init__(self, request: Request, session: AsyncSession) -> None:
        self.request = request
        self.session = session
        self.settings: Settings = request.app.state.settings

    async def owner(self, token: str, user_manager: BaseUserManager[User, UUID]) -> Owner:
        """The account that a token or key acts for, and for a key the organisation that it was made in.

        Raises:
            UnauthenticatedError: `token_expired`, `token_invalid`, `key_expired` or `key_invalid`.
            ForbiddenError: The key may not do this (`key_scope`, `key_not_allowed`).
            RateLimitedError: The key is used too often.
        """
        if token.startswith(KEY_PREFIX):
            return await self._key_owner(token, user_manager)
        bearer = tokens.read(self.settings, token)
        user = await _account(user_manager, bearer.user_id)
        family = await TokenRepository(self.session).family(bearer.family_id)
        if user is None or family is None or family.user_id != user.id or not holds(family, user):
            raise UnauthenticatedError("The token is not valid.", code="token_invalid")
        return Owner(user)

    async def end(self, token: str, user: User) -> None:
        """End the sign-in that a bearer token came from.

        Raises:
            UnauthenticatedError: It is no bearer token; an API key comes from no sign-in.
        """
        bearer = tokens.read(self.settings, token)
        if bearer.user_id == user.id:
            await TokenRepository(self.session).revoke(bearer.family_id, RevokedFor.SIGNED_OUT, utc_now())

    async def _key_owner(self, secret: str, user_manager: BaseUserManager[User, UUID]) -> Owner:
        keys = KeyRepository(self.session)
        await act_for(self.session, None, await keys.owner_of(digest(secret)))
        key = await keys.by_hash(digest(secret))
        owner = await _account(user_manager, key.user_id) if key else None
        if key is None or owner is None or key.revoked_at is not None:
            raise UnauthenticatedError("The API key is not valid.", code="key_invalid")
        if key.expires_at <= utc_now():
            raise UnauthenticatedError("The API key has expired.", code="key_expired")
        (await rates(self.request)).api_key.take(str(key.id))
        self._admit(key)
        await self._note_use(key)
        return Owner(owner, key.organisation_id)

    def _admit(self, key: ApiKey) -> None:
        if not self.request.url.path.startswith(OPEN_TO_KEYS):
            log.warning("api key refused", code="key_not_allowed", key_id=str(key.id))
            raise ForbiddenError("API keys may not be used here.", code="key_not_allowed")
        needed = Scope.READ if self.request.method in READING else Scope.WRITE
        if needed not in key.scopes:
            log.warning("api key refused", code="key_scope", key_id=str(key.id))
            raise ForbiddenError(f"The API key lacks the scope '{needed}'.", code="key_scope")

    async def _note_use(self, key: ApiKey) -> None:
        """Note the use, to the minute; apart from the request, which may be read-only or fail."""
        now = utc_now()
        if key.last_used_at is not None and now - key.last_used_at < NOTE_USE_EVERY:
            return
        database: Database = self.request.app.state.database
        async with database.transaction() as session:
            await act_for(session, key.organisation_id)
            await KeyRepository(session).touch(key.id, now)


def holds(family: TokenFamily, user: User) -> bool:
    """Whether a sign-in still holds: not revoked, and the password is still the one it was made with."""
    changed = user.password_changed_at
    return (
        family.revoked_at is None
        and family.expires_at > utc_now()
        and (changed is None or changed <= family.created_at)
    )


async def _account(user_manager: BaseUserManager[User, UUID], user_id: UUID) -> User | None:
    """The account, where it exists and is active."""
    try:
        user = await user_manager.get(user_id)
    except UserNotExists:
        return None
    return user if user.is_active else None
