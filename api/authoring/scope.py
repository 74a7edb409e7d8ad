"""Which documents a call looks into, where its lesson is made from some: `api.knowledge` asks here."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.authoring.repository import SourceRepository


async def documents_of_call(session: AsyncSession, call_id: UUID) -> list[UUID]:
    """The documents of the lesson that a call is at; none where it is free talk or the lesson has none."""
    return await SourceRepository(session).of_call(call_id)
