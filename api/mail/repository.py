"""All SQL about outgoing mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.mail.models import Mail


class MailRepository:
    """Outgoing mail."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, mail: Mail) -> Mail:
        """Add a mail."""
        self.session.add(mail)
        await self.session.flush()
        return mail

    async def remove(self, mail: Mail) -> None:
        """Remove a mail."""
        await self.session.delete(mail)

    async def waiting(self, mail_id: UUID) -> Mail | None:
        """A mail that is still to be sent."""
        rows = await self.session.scalars(
            select(Mail).where(Mail.id == mail_id, Mail.sent_at.is_(None), Mail.given_up_at.is_(None))
        )
        return rows.one_or_none()

    async def delete_done_before(self, moment: datetime) -> int:
        """Remove mail that was sent or given up before `moment`; return how many."""
        rows = await self.session.execute(
            delete(Mail).where(or_(Mail.sent_at < moment, Mail.given_up_at < moment)).returning(Mail.id)
        )
        return len(rows.all())
