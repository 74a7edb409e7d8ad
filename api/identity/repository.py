"""All SQL about people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi_users_db_sqlalchemy import SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyAccessTokenDatabase
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.models import AccessToken, Membership, Organisation, User


class UserRepository(SQLAlchemyUserDatabase[User, UUID]):
    """fastapi-users' view of accounts.

    It flushes where the library commits, so that the request commits once.
    """

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, User)

    async def create(self, create_dict: dict[str, Any]) -> User:
        """Add an account."""
        user = User(**create_dict)
        self.session.add(user)
        await self.session.flush()
        return user

    async def update(self, user: User, update_dict: dict[str, Any]) -> User:
        """Change fields of an account."""
        for field, value in update_dict.items():
            setattr(user, field, value)
        await self.session.flush()
        return user

    async def delete(self, user: User) -> None:
        """Remove an account and what hangs on it."""
        await self.session.delete(user)
        await self.session.flush()


class AccessTokenRepository(SQLAlchemyAccessTokenDatabase[AccessToken]):
    """fastapi-users' view of browser sessions, flushing where the library commits."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, AccessToken)

    async def create(self, create_dict: dict[str, Any]) -> AccessToken:
        """Add a browser session."""
        row = AccessToken(**create_dict)
        self.session.add(row)
        await self.session.flush()
        return row

    async def update(self, access_token: AccessToken, update_dict: dict[str, Any]) -> AccessToken:
        """Change a browser session."""
        for field, value in update_dict.items():
            setattr(access_token, field, value)
        await self.session.flush()
        return access_token

    async def delete(self, access_token: AccessToken) -> None:
        """End a browser session."""
        await self.session.delete(access_token)
        await self.session.flush()

    async def delete_created_before(self, moment: datetime) -> int:
        """Remove browser sessions older than `moment`; return how many."""
        tokens = AccessToken.__table__.c
        rows = await self.session.execute(
            delete(AccessToken).where(tokens.created_at < moment).returning(tokens.token)
        )
        return len(rows.all())


class MembershipRepository:
    """Organisations and who belongs to them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def create_organisation(self, name: str, kind: str) -> Organisation:
        """Add an organisation."""
        organisation = Organisation(name=name, kind=kind)
        self.session.add(organisation)
        await self.session.flush()
        return organisation

    async def add(self, organisation_id: UUID, user_id: UUID, role: str) -> Membership:
        """Give a person a role in an organisation."""
        membership = Membership(organisation_id=organisation_id, user_id=user_id, role=role)
        self.session.add(membership)
        await self.session.flush()
        return membership

    async def of_user(self, user_id: UUID) -> Membership | None:
        """The membership a person acts under: their first."""
        rows = await self.session.scalars(
            select(Membership).where(Membership.user_id == user_id).order_by(Membership.created_at).limit(1)
        )
        return rows.one_or_none()
