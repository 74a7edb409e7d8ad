"""Token pairs of API clients and API keys: made, renewed, listed, revoked."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.credentials import tokens
from api.credentials.bearer import holds
from api.credentials.models import ApiKey, RefreshToken, RevokedFor, TokenFamily
from api.credentials.repository import KeyRepository, TokenRepository
from api.credentials.schemas import (
    ClientList,
    ClientOut,
    KeyList,
    KeyMade,
    KeyOut,
    KeyWanted,
    TokenPair,
)
from api.credentials.secrets import HINT_LENGTH, KEY_PREFIX, REFRESH_PREFIX, digest, new_secret
from api.database import Database, utc_now
from api.errors import ConflictError, NotFoundError, UnauthenticatedError
from api.identity.auth import Principal, UserManager
from api.identity.models import User
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

MOST_KEYS = 20
KEEP_EXPIRED = timedelta(days=1)


async def begin(session: AsyncSession, settings: Settings, user: User, client_name: str) -> TokenPair:
    """Sign an API client in that has proved whose it is: a new family with its first pair."""
    now = utc_now()
    family = TokenFamily(user_id=user.id, client_name=client_name, last_used_at=now, expires_at=now)
    family.created_at = now
    await TokenRepository(session).add(family)
    return await _next_pair(session, settings, family, now)


async def refresh(
    session: AsyncSession, database: Database, settings: Settings, manager: UserManager, refresh_token: str
) -> TokenPair:
    """Trade a refresh token for the next pair.

    A token that comes a second time was copied by somebody: the whole family is revoked, and that is kept
    although the request is refused.

    Raises:
        UnauthenticatedError: `refresh_invalid`, `refresh_expired` or `refresh_reused`.
    """
    now = utc_now()
    repository = TokenRepository(session)
    spent = await repository.spend(digest(refresh_token), now)
    if spent is None:
        await _meet_reuse(database, refresh_token)
        raise _refused("refresh_invalid")
    family = await repository.family(spent.family_id)
    user = await manager.get(family.user_id) if family else None
    if family is None or user is None or not user.is_active:
        raise _refused("refresh_invalid")
    if spent.expires_at <= now:
        raise _refused("refresh_expired")
    if not holds(family, user):
        raise _refused("refresh_invalid")
    return await _next_pair(session, settings, family, now)


async def _meet_reuse(database: Database, refresh_token: str) -> None:
    """Where the token is a used one of a living family, revoke the family, in a transaction of its own.

    Raises:
        UnauthenticatedError: It is one (`refresh_reused`).
    """
    async with database.transaction() as session:
        repository = TokenRepository(session)
        family = await repository.family_of(digest(refresh_token))
        if family is None or not await repository.revoke(family.id, RevokedFor.REUSED, utc_now()):
            return
    log.warning("refresh token reused", family_id=str(family.id), user_id=str(family.user_id))
    raise _refused("refresh_reused")


async def _next_pair(
    session: AsyncSession, settings: Settings, family: TokenFamily, now: datetime
) -> TokenPair:
    last = family.created_at + timedelta(days=settings.session_days)
    expires_at = min(now + timedelta(days=settings.refresh_token_expire_days), last)
    secret = new_secret(REFRESH_PREFIX)
    await TokenRepository(session).add(
        RefreshToken(family_id=family.id, token_hash=digest(secret), expires_at=expires_at)
    )
    family.last_used_at, family.expires_at = now, expires_at
    return TokenPair(
        access_token=tokens.issue(settings, tokens.Bearer(user_id=family.user_id, family_id=family.id)),
        expires_in=settings.access_token_expire_minutes * 60,
        refresh_token=secret,
        refresh_expires_in=int((expires_at - now).total_seconds()),
    )


def _refused(code: str) -> UnauthenticatedError:
    return UnauthenticatedError("The refresh token is not valid. Please sign in again.", code=code)


async def end(session: AsyncSession, refresh_token: str) -> None:
    """Sign an API client out; a token that is unknown is as good as signed out."""
    repository = TokenRepository(session)
    family = await repository.family_of(digest(refresh_token))
    if family is not None:
        await repository.revoke(family.id, RevokedFor.SIGNED_OUT, utc_now())


async def clients(session: AsyncSession, person: Principal) -> ClientList:
    """The person's signed-in API clients."""
    found = await TokenRepository(session).living(person.user.id, utc_now())
    return ClientList(items=[ClientOut.model_validate(family) for family in found])


async def revoke_client(session: AsyncSession, person: Principal, family_id: UUID) -> None:
    """End one of the person's API clients.

    Raises:
        NotFoundError: They have no such client.
    """
    repository = TokenRepository(session)
    family = await repository.family(family_id)
    if family is None or family.user_id != person.user.id:
        raise NotFoundError
    if not await repository.revoke(family_id, RevokedFor.BY_OWNER, utc_now()):
        raise NotFoundError


async def revoke_all_clients(session: AsyncSession, user_id: UUID) -> int:
    """End all of a person's API clients, as signing out everywhere does; how many there were."""
    return await TokenRepository(session).revoke_all(user_id, RevokedFor.BY_OWNER, utc_now())


async def remove_expired(session: AsyncSession) -> int:
    """Remove sign-ins of API clients that have run out; how many."""
    return await TokenRepository(session).remove_expired_before(utc_now() - KEEP_EXPIRED)


async def make_key(session: AsyncSession, person: Principal, wanted: KeyWanted) -> KeyMade:
    """Make an API key that acts as the person. Its secret is in the answer and nowhere else.

    Raises:
        ConflictError: The person has as many keys as anybody may (`too_many_keys`).
    """
    repository = KeyRepository(session)
    if len(await repository.of_person(person.organisation_id, person.user.id)) >= MOST_KEYS:
        raise ConflictError(f"You have {MOST_KEYS} API keys already. Revoke one first.", code="too_many_keys")
    secret = new_secret(KEY_PREFIX)
    now = utc_now()
    key = ApiKey(
        organisation_id=person.organisation_id,
        user_id=person.user.id,
        name=wanted.name,
        hint=secret[:HINT_LENGTH],
        key_hash=digest(secret),
        scopes=sorted(wanted.scopes),
        expires_at=now + timedelta(days=wanted.expires_in_days),
    )
    await repository.add(key)
    log.info("api key made", key_id=str(key.id), user_id=str(person.user.id), scopes=key.scopes)
    return KeyMade(**KeyOut.model_validate(key).model_dump(), key=secret)


async def keys(session: AsyncSession, person: Principal) -> KeyList:
    """The person's API keys, without their secrets; expired ones too, until they are revoked."""
    found = await KeyRepository(session).of_person(person.organisation_id, person.user.id)
    return KeyList(items=[KeyOut.model_validate(key) for key in found])


async def revoke_key(session: AsyncSession, person: Principal, key_id: UUID) -> None:
    """Revoke one of the person's API keys.

    Raises:
        NotFoundError: They have no such key.
    """
    known = await KeyRepository(session).revoke(key_id, person.organisation_id, person.user.id, utc_now())
    if not known:
        raise NotFoundError
    log.info("api key revoked", key_id=str(key_id), user_id=str(person.user.id))
