"""Putting mail on the queue, within the transaction of what causes it."""

from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.database import utc_now
from api.jobs import JobName, enqueue
from api.mail.models import Mail
from api.mail.repository import MailRepository
from api.mail.schemas import Letter

KEPT_AFTER_SENDING = timedelta(days=7)


async def post(session: AsyncSession, letter: Letter) -> None:
    """Have a mail sent once the session's transaction has committed."""
    values: dict[str, Any] = {"text": letter.values}
    if letter.link is not None:
        link = letter.link
        values["link"] = {"page": link.page, "purpose": link.purpose, "id": str(link.id)}
    mail = await MailRepository(session).add(
        Mail(
            user_id=letter.user_id,
            kind=letter.kind,
            recipient=letter.recipient,
            locale=letter.locale,
            values=values,
        )
    )
    await enqueue(session, JobName.SEND_MAIL, {"mail_id": str(mail.id)})


async def remove_old(session: AsyncSession) -> int:
    """Remove mail that was sent or given up a week ago; return how many."""
    return await MailRepository(session).delete_done_before(utc_now() - KEPT_AFTER_SENDING)
