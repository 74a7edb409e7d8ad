"""The one question health asks of the database."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def ping(session: AsyncSession) -> None:
    """Raise where Postgres does not answer."""
    await session.execute(text("SELECT 1"))
