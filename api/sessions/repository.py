"""All SQL about sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.sessions.models import PracticeSession


class SessionRepository:
    """Sessions, by their learner."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def ensure_default(self, organisation_id: UUID, user_id: UUID) -> None:
        """Add the default session where there is none yet."""
        await self.session.execute(
            insert(PracticeSession)
            .values(organisation_id=organisation_id, user_id=user_id, is_default=True)
            .on_conflict_do_nothing(
                index_elements=[PracticeSession.organisation_id, PracticeSession.user_id],
                index_where=text("is_default"),
            )
        )

    async def organisation_of(self, session_id: UUID) -> UUID | None:
        """Whose a session is, before it is known whose rows are meant."""
        found: UUID | None = await self.session.scalar(select(func.organisation_of_session(session_id)))
        return found

    async def get(self, session_id: UUID) -> PracticeSession | None:
        """A session by its key, for callers that proved their right to it otherwise."""
        return await self.session.get(PracticeSession, session_id)

    async def touch(self, session_id: UUID, moment: datetime) -> None:
        """Move the last activity forward to `moment`, never back."""
        await self.session.execute(
            update(PracticeSession)
            .where(PracticeSession.id == session_id)
            .values(last_activity_at=func.greatest(PracticeSession.last_activity_at, moment))
        )

    async def set_mode(self, session_id: UUID, mode: str) -> None:
        """Say what a session is for at the moment."""
        await self.session.execute(
            update(PracticeSession).where(PracticeSession.id == session_id).values(mode=mode)
        )

    async def delete_some(self, organisation_id: UUID, most: int) -> int:
        """Remove up to `most` sessions of an organisation, with calls and turns; return how many went."""
        some = (
            select(PracticeSession.id).where(PracticeSession.organisation_id == organisation_id).limit(most)
        )
        rows = await self.session.execute(
            delete(PracticeSession).where(PracticeSession.id.in_(some)).returning(PracticeSession.id)
        )
        return len(rows.all())
