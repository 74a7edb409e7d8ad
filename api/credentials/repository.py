"""All SQL about credentials of API clients."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.credentials.models import ApiKey, RefreshToken, TokenFamily


class TokenRepository:
    """Sign-ins of API clients and their refresh tokens."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, row: TokenFamily | RefreshToken) -> None:
        """Add a sign-in or a refresh token."""
        self.session.add(row)
        await self.session.flush()

    async def spend(self, token_hash: str, moment: datetime) -> RefreshToken | None:
        """Mark an unused refresh token as used and return it; of two at once, one gets it."""
        rows = await self.session.scalars(
            update(RefreshToken)
            .where(RefreshToken.token_hash == token_hash, RefreshToken.used_at.is_(None))
            .values(used_at=moment)
            .returning(RefreshToken)
        )
        return rows.one_or_none()

    async def family(self, family_id: UUID) -> TokenFamily | None:
        """A sign-in by its key."""
        return await self.session.get(TokenFamily, family_id)

    async def family_of(self, token_hash: str) -> TokenFamily | None:
        """The sign-in that a refresh token, used or not, belongs to."""
        rows = await self.session.scalars(
            select(TokenFamily)
            .join(RefreshToken, RefreshToken.family_id == TokenFamily.id)
            .where(RefreshToken.token_hash == token_hash)
        )
        return rows.one_or_none()

    async def living(self, user_id: UUID, moment: datetime) -> Sequence[TokenFamily]:
        """A person's sign-ins that still hold, last used first."""
        rows = await self.session.scalars(
            select(TokenFamily)
            .where(
                TokenFamily.user_id == user_id,
                TokenFamily.revoked_at.is_(None),
                TokenFamily.expires_at > moment,
            )
            .order_by(TokenFamily.last_used_at.desc())
        )
        return rows.all()

    async def revoke(self, family_id: UUID, reason: str, moment: datetime) -> bool:
        """End a sign-in; whether it still held."""
        result = await self.session.execute(
            update(TokenFamily)
            .where(TokenFamily.id == family_id, TokenFamily.revoked_at.is_(None))
            .values(revoked_at=moment, revoked_for=reason)
        )
        return _count(result) > 0

    async def revoke_all(self, user_id: UUID, reason: str, moment: datetime) -> int:
        """End all of a person's sign-ins; how many held."""
        result = await self.session.execute(
            update(TokenFamily)
            .where(TokenFamily.user_id == user_id, TokenFamily.revoked_at.is_(None))
            .values(revoked_at=moment, revoked_for=reason)
        )
        return _count(result)

    async def remove_expired_before(self, moment: datetime) -> int:
        """Remove sign-ins whose newest refresh token ran out before `moment`; how many."""
        return _count(await self.session.execute(delete(TokenFamily).where(TokenFamily.expires_at < moment)))


class KeyRepository:
    """API keys."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, key: ApiKey) -> None:
        """Add a key."""
        self.session.add(key)
        await self.session.flush()

    async def owner_of(self, key_hash: str) -> UUID | None:
        """Whose a key is, by the digest of its secret, before it is known whose rows are meant."""
        found: UUID | None = await self.session.scalar(select(func.owner_of_api_key(key_hash)))
        return found

    async def by_hash(self, key_hash: str) -> ApiKey | None:
        """A key by the digest of its secret."""
        rows = await self.session.scalars(select(ApiKey).where(ApiKey.key_hash == key_hash))
        return rows.one_or_none()

    async def of_person(self, organisation_id: UUID, user_id: UUID) -> Sequence[ApiKey]:
        """A person's keys that are not revoked, newest first."""
        rows = await self.session.scalars(
            select(ApiKey)
            .where(
                ApiKey.organisation_id == organisation_id,
                ApiKey.user_id == user_id,
                ApiKey.revoked_at.is_(None),
            )
            .order_by(ApiKey.created_at.desc())
        )
        return rows.all()

    async def revoke(self, key_id: UUID, organisation_id: UUID, user_id: UUID, moment: datetime) -> bool:
        """Revoke a key, if it is this person's; whether it was there."""
        result = await self.session.execute(
            update(ApiKey)
            .where(
                ApiKey.id == key_id,
                ApiKey.organisation_id == organisation_id,
                ApiKey.user_id == user_id,
                ApiKey.revoked_at.is_(None),
            )
            .values(revoked_at=moment)
        )
        return _count(result) > 0

    async def touch(self, key_id: UUID, moment: datetime) -> None:
        """Note that a key was used."""
        await self.session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=moment))


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
