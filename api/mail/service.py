"""Putting mail on the queue, within the transaction of what causes it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.database import utc_now
from api.jobs import JobName, enqueue
from api.links import subject_digest
from api.mail.models import Mail
from api.mail.repository import MailRepository
from api.mail.schemas import Letter
from api.mail.transport import recipient_of, written
from api.settings import Settings

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


def recipient_digest(settings: Settings, address: str) -> str:
    """What stands for a recipient where their address must not be kept."""
    return subject_digest(settings, "recipient", address.lower())


def forget_written(settings: Settings, recipient: str, before: datetime | None) -> int:
    """Remove mail that was written to the folder for a recipient; return how many.

    Args:
        settings: Where the folder is.
        recipient: The digest of their address.
        before: Only what was written before then.
    """
    removed = 0
    for path in written(settings):
        old = before is None or path.stat().st_mtime < before.timestamp()
        if old and recipient_digest(settings, recipient_of(path)) == recipient:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


async def remove_old(session: AsyncSession) -> int:
    """Remove mail that was sent or given up a week ago; return how many."""
    return await MailRepository(session).delete_done_before(utc_now() - KEPT_AFTER_SENDING)
