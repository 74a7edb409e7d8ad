"""The worker's part about mail, done by hand: what is queued is sent into a folder and read there."""

import json
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import asyncpg

from api.database import Database
from api.identity.jobs import IdentityJobs
from api.mail.jobs import MailJobs
from api.settings import Settings


@dataclass(frozen=True)
class PostOffice:
    """Does the queued jobs about mail, and keeps what was sent."""

    settings: Settings
    database: Database
    owner: asyncpg.Connection

    @property
    def folder(self) -> Path:
        """Where mail is written."""
        return self.settings.avaaz_home / "mail"

    async def deliver(self) -> list[EmailMessage]:
        """Do all that is queued, and return the mail that came of it, oldest first."""
        before = set(self.folder.glob("*.eml"))
        for entrypoint, work in (
            ("identity.recover", IdentityJobs(self.database).recover),
            ("mail.send", MailJobs(self.database, self.settings).send),
        ):
            for row in await self._taken(entrypoint):
                arguments = json.loads(row["payload"])
                arguments.pop("correlation_id")
                await work(**arguments)
        written = sorted(set(self.folder.glob("*.eml")) - before)
        return [read_mail(path) for path in written]

    async def only_mail(self) -> EmailMessage:
        """Do all that is queued; the one mail that came of it."""
        [message] = await self.deliver()
        return message

    async def _taken(self, entrypoint: str) -> list[asyncpg.Record]:
        query = "DELETE FROM pgqueuer WHERE entrypoint = $1 RETURNING id, payload"
        rows: list[asyncpg.Record] = await self.owner.fetch(query, entrypoint)
        return sorted(rows, key=lambda row: row["id"])


def read_mail(path: Path) -> EmailMessage:
    """A mail from its file."""
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def plain_text(message: EmailMessage) -> str:
    """The plain text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def link_of(message: EmailMessage) -> tuple[str, str]:
    """The page and the secret of the one link in a mail."""
    [(page, token)] = re.findall(r"https?://\S+/([a-z-]+)#token=([\w-]+)", plain_text(message))
    return page, token
