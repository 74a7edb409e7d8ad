"""Which documents a call looks into, where its lesson is made from some: `api.knowledge` asks here."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.authoring.repository import SourceRepository


async def documents_of_session(session: AsyncSession, session_id: UUID) -> list[UUID]:
    """The documents of the lesson that a session is at; none where it talks freely or the lesson has none."""
    return await SourceRepository(session).of_session(session_id)
