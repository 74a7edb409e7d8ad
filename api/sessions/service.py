"""Sessions: the default one, and access to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import NotFoundError
from api.identity.auth import Principal
from api.sessions.models import PracticeSession
from api.sessions.repository import SessionRepository


async def create_default(session: AsyncSession, person: Principal) -> None:
    """Give a new account its default session."""
    await SessionRepository(session).ensure_default(person.organisation_id, person.user.id)


async def session_by_id(session: AsyncSession, session_id: UUID) -> PracticeSession:
    """A session named by a room's authenticated name or a grant.

    Raises:
        NotFoundError: It does not exist any more.
    """
    found = await SessionRepository(session).get(session_id)
    if found is None:
        raise NotFoundError
    return found


async def touch(session: AsyncSession, session_id: UUID, moment: datetime) -> None:
    """Note that the learner was active at `moment`."""
    await SessionRepository(session).touch(session_id, moment)
