"""Sending mail, by the job worker: again and again with growing pauses, for a day."""

from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

from pgqueuer.errors import RetryRequested

from api.database import Database, utc_now
from api.links import link_token
from api.mail.models import Mail
from api.mail.repository import MailRepository
from api.mail.schemas import MailKind
from api.mail.texts import compose, render
from api.mail.transport import MailRefusedError, MailUnavailableError, Transport, transport_of
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

LONGEST_PAUSE = timedelta(minutes=30)
GIVEN_UP_AFTER = timedelta(days=1)


@dataclass
class MailJobs:
    """The worker's hands for mail."""

    database: Database
    settings: Settings
    transport: Transport = field(init=False)

    def __post_init__(self) -> None:
        self.transport = transport_of(self.settings)

    async def send(self, mail_id: str) -> None:
        """Send one mail. No transaction is open while the mail server is spoken to.

        Raises:
            RetryRequested: It could not be handed over; the queue tries again.
        """
        async with self.database.reading() as session:
            mail = await MailRepository(session).waiting(UUID(mail_id))
        if mail is None:
            return
        message, link = self._compose(mail)
        problem, for_good = None, False
        try:
            await self.transport.deliver(message, link)
        except MailRefusedError as error:
            problem, for_good = str(error), True
        except MailUnavailableError as error:
            problem = str(error)
        await self._note(mail, problem, for_good=for_good)

    async def _note(self, tried: Mail, problem: str | None, *, for_good: bool) -> None:
        now = utc_now()
        for_good = for_good or now - tried.created_at > GIVEN_UP_AFTER
        async with self.database.transaction() as session:
            mail = await MailRepository(session).waiting(tried.id)
            if mail is None:  # the account was deleted in the meantime
                return
            mail.attempts += 1
            mail.problem = problem
            if problem is None:
                mail.sent_at = now
            elif for_good:
                mail.given_up_at = now
            if mail.kind == MailKind.ACCOUNT_DELETED and (problem is None or for_good):
                await MailRepository(session).remove(mail)  # the last thing that knew the address
        if problem is None:
            log.info("mail sent", mail_id=str(mail.id), kind=mail.kind, attempts=mail.attempts)
            return
        log.warning("mail not sent", mail_id=str(mail.id), kind=mail.kind, problem=problem, given_up=for_good)
        if not for_good:
            raise RetryRequested(self._pause(mail.attempts), problem)

    def _pause(self, attempts: int) -> timedelta:
        doubled = timedelta(seconds=self.settings.mail_retry_s * 2.0 ** min(attempts - 1, 20))
        return min(doubled, LONGEST_PAUSE)

    def _compose(self, mail: Mail) -> tuple[EmailMessage, str | None]:
        link = self._link(mail.values.get("link"))
        rendered = render(mail.kind, mail.locale, mail.values["text"], link)
        return compose(rendered, sender=self.settings.mail_from, recipient=mail.recipient), link

    def _link(self, wanted: dict[str, str] | None) -> str | None:
        """The link's address; its secret follows the `#`, so that no server's log ever sees it."""
        if wanted is None:
            return None
        token = link_token(self.settings, wanted["purpose"], UUID(wanted["id"]))
        return f"{self.settings.own_url}/{wanted['page']}#token={token}"
