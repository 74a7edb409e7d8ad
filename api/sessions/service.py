"""Sessions: the default one, and access to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.calls import Mode
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.sessions.models import PracticeSession
from api.sessions.repository import SessionRepository


async def create_default(session: AsyncSession, person: Principal) -> None:
    """Give a new account its default session."""
    await SessionRepository(session).ensure_default(person.organisation_id, person.user.id)


async def session_by_id(session: AsyncSession, session_id: UUID) -> PracticeSession:
    """A session named by a room's authenticated name; its organisation is acted for from then on.

    Raises:
        NotFoundError: It does not exist any more.
    """
    await act_for_owner(session, session_id)
    found = await SessionRepository(session).get(session_id)
    if found is None:
        raise NotFoundError
    return found


async def act_for_owner(session: AsyncSession, session_id: UUID) -> None:
    """Show the rows of the organisation that a session belongs to; where it is gone, nobody's."""
    await SessionRepository(session).act_for_owner(session_id)


async def touch(session: AsyncSession, session_id: UUID, moment: datetime) -> None:
    """Note that the learner was active at `moment`."""
    await SessionRepository(session).touch(session_id, moment)


async def set_mode(session: AsyncSession, session_id: UUID, mode: Mode) -> None:
    """Say what a session is for from now on: free talk, a lesson, an exam. An open exam comes before all."""
    await SessionRepository(session).set_mode(session_id, mode)


async def end_mode(session: AsyncSession, session_id: UUID, mode: Mode) -> None:
    """A session that is for this at the moment is for free talk again."""
    await SessionRepository(session).end_mode(session_id, mode)


async def erase_some(session: AsyncSession, organisation_id: UUID, most: int) -> int:
    """Erase up to `most` sessions of the organisation that is acted for, with everything said in them.

    Returns:
        How many there were; 0 once none is left.
    """
    return await SessionRepository(session).delete_some(organisation_id, most)
