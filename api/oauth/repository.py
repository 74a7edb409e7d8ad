"""All SQL about accounts with providers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.oauth.models import OAuthAccount


class OAuthRepository:
    """Accounts with providers."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, account: OAuthAccount) -> None:
        """Add an account."""
        self.session.add(account)
        await self.session.flush()

    async def by_subject(self, provider: str, subject: str) -> OAuthAccount | None:
        """An account by its own name with the provider."""
        rows = await self.session.scalars(
            select(OAuthAccount).where(OAuthAccount.provider == provider, OAuthAccount.subject == subject)
        )
        return rows.one_or_none()

    async def of_person(self, user_id: UUID) -> Sequence[OAuthAccount]:
        """A person's accounts, oldest first."""
        rows = await self.session.scalars(
            select(OAuthAccount).where(OAuthAccount.user_id == user_id).order_by(OAuthAccount.created_at)
        )
        return rows.all()

    async def remove(self, account_id: UUID, user_id: UUID) -> bool:
        """Remove an account, if it is this person's; whether it was there."""
        rows = await self.session.scalars(
            delete(OAuthAccount)
            .where(OAuthAccount.id == account_id, OAuthAccount.user_id == user_id)
            .returning(OAuthAccount.id)
        )
        return rows.one_or_none() is not None

    async def all(self) -> Sequence[OAuthAccount]:
        """Every account, locked until the transaction ends."""
        rows = await self.session.scalars(select(OAuthAccount).with_for_update())
        return rows.all()
