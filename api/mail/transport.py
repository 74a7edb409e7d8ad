"""Where mail goes: to an SMTP server, or into a folder where none is configured."""

import asyncio
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

import aiosmtplib

from api.database import utc_now
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

SMTP_TIMEOUT_S = 15.0


class MailRefusedError(Exception):
    """The recipient was refused for good; sending again is no use."""


class MailUnavailableError(Exception):
    """The mail could not be handed over now; sending again later may help."""


class Transport(Protocol):
    """Takes a mail, whole, or raises."""

    async def deliver(self, message: EmailMessage, link: str | None) -> None:
        """Hand a mail over.

        Raises:
            MailRefusedError: For good.
            MailUnavailableError: For now.
        """


@dataclass(frozen=True)
class SmtpTransport:
    """Hands mail to the SMTP server of the settings, one connection a mail."""

    settings: Settings

    async def deliver(self, message: EmailMessage, link: str | None) -> None:  # noqa: ARG002
        """Hand a mail over."""
        settings = self.settings
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_username,
                password=password,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                timeout=SMTP_TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(refused.code >= 500 for refused in error.recipients):
                raise MailRefusedError(_told(error.recipients[0])) from error
            raise MailUnavailableError(_told(error.recipients[0])) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailUnavailableError(_told(error)) from error


@dataclass(frozen=True)
class FolderTransport:
    """Writes mail to a folder and, in the embedded stack, shows its link on the console.

    The console is the process's standard output; the log gets the file's name only, since a link opens an
    account.
    """

    folder: Path
    shows_links: bool

    async def deliver(self, message: EmailMessage, link: str | None) -> None:
        """Write a mail."""
        try:
            path = await asyncio.to_thread(self._write, message)
        except OSError as error:
            raise MailUnavailableError(type(error).__name__) from error
        log.info("mail written", file=str(path))
        if self.shows_links:
            print(f"Mail: {message['Subject']}: {link or path}", file=sys.stdout, flush=True)  # noqa: T201

    def _write(self, message: EmailMessage) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stem = f"{utc_now():%Y%m%dT%H%M%S%f}"
        path = self.folder / f"{stem}.eml"
        path.touch(mode=0o600)
        path.write_bytes(message.as_bytes())
        return path


def written(settings: Settings) -> list[Path]:
    """The mails that were written to the folder."""
    return sorted((settings.avaaz_home / "mail").glob("*.eml"))


def recipient_of(path: Path) -> str:
    """Whom a written mail is for."""
    with path.open("rb") as file:
        return str(BytesHeaderParser(policy=SMTP).parse(file)["To"] or "")


def transport_of(settings: Settings) -> Transport:
    """The transport that the settings ask for."""
    if settings.smtp_host:
        return SmtpTransport(settings)
    return FolderTransport(settings.avaaz_home / "mail", shows_links=settings.avaaz_embedded)


def _told(error: BaseException) -> str:
    """What went wrong, without addresses or passwords, for the record and the log."""
    code = getattr(error, "code", None)
    return type(error).__name__ + (f" {code}" if code else "")
