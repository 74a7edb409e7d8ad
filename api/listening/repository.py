"""All SQL about consent to listening in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import Call
from api.listening.models import ListeningConsent
from api.sessions.models import PracticeSession


class ListeningRepository:
    """Consents of one organisation."""

    def __init__(self, session: AsyncSession, organisation_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id

    async def since(self, user_id: UUID) -> datetime | None:
        """Since when a learner allows it; None where they do not."""
        query = select(ListeningConsent.granted_at).where(
            ListeningConsent.organisation_id == self.organisation_id,
            ListeningConsent.user_id == user_id,
            ListeningConsent.withdrawn_at.is_(None),
        )
        return (await self.session.execute(query)).scalar_one_or_none()

    async def allow(self, user_id: UUID, now: datetime) -> bool:
        """Keep a yes; False where one stands already."""
        made = await self.session.execute(
            insert(ListeningConsent)
            .values(organisation_id=self.organisation_id, user_id=user_id, granted_at=now)
            .on_conflict_do_nothing()
            .returning(ListeningConsent.id)
        )
        return made.one_or_none() is not None

    async def withdraw(self, user_id: UUID, now: datetime) -> bool:
        """Take a yes back; False where none stands."""
        changed = await self.session.execute(
            update(ListeningConsent)
            .where(
                ListeningConsent.organisation_id == self.organisation_id,
                ListeningConsent.user_id == user_id,
                ListeningConsent.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=now)
            .returning(ListeningConsent.id)
        )
        return changed.one_or_none() is not None

    async def call(self, call_id: UUID) -> tuple[Call, UUID] | None:
        """A call of the organisation and its learner."""
        query = (
            select(Call, PracticeSession.user_id)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .where(Call.id == call_id, Call.organisation_id == self.organisation_id)
        )
        row = (await self.session.execute(query)).one_or_none()
        return (row[0], row[1]) if row else None

    async def open_room(self, user_id: UUID) -> str | None:
        """The room of a learner's call that goes on."""
        query = (
            select(Call.room)
            .join(PracticeSession, PracticeSession.id == Call.session_id)
            .where(
                Call.organisation_id == self.organisation_id,
                PracticeSession.user_id == user_id,
                Call.ended_at.is_(None),
            )
            .limit(1)
        )
        return (await self.session.execute(query)).scalar_one_or_none()
