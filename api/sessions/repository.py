"""All SQL about sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, cast, delete, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.calls import Mode
from api.sessions.models import PracticeSession
from api.tenancy import acting, is_local

_OWNER = func.organisation_of_session(bindparam("session_id", type_=Uuid()))
_ACT_FOR_OWNER = select(*acting(func.coalesce(cast(_OWNER, Text), ""), literal(""), literal("")))


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

    async def act_for_owner(self, session_id: UUID) -> None:
        """Show the rows of the organisation that a session belongs to; where it is gone, nobody's."""
        await self.session.execute(
            _ACT_FOR_OWNER, {"session_id": session_id, "local": is_local(self.session)}
        )

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
        """Say what a session is for at the moment; one that is for an exam stays so until `end_mode`."""
        await self.session.execute(
            update(PracticeSession)
            .where(PracticeSession.id == session_id, PracticeSession.mode != Mode.EXAM)
            .values(mode=mode)
        )

    async def end_mode(self, session_id: UUID, mode: Mode) -> None:
        """Let a session that is for `mode` be for free talk."""
        await self.session.execute(
            update(PracticeSession)
            .where(PracticeSession.id == session_id, PracticeSession.mode == mode)
            .values(mode=Mode.CONVERSATION)
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
