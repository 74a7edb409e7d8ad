"""Mail through the real queue and a real SMTP conversation: a server that is down, refuses, or accepts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import asyncpg
import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server  # noqa: N811
from aiosmtpd.smtp import Envelope, Session

from api.settings import Settings
from api.worker import Worker
from tests.api.conftest import PASSWORD
from tests.support.mail import link_of
from tests.support.ports import free_port
from tests.support.waiting import until


@dataclass
class Inbox:
    """A mail server's mind: how it answers, and what it took."""

    answers: list[str] = field(default_factory=list)
    """Refusals to give first; after them everything is accepted."""
    messages: list[EmailMessage] = field(default_factory=list)
    tried: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Server, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse the recipient, or take it."""
        self.tried += 1
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Server, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
def smtp_port() -> int:
    """A port on which nothing listens yet."""
    return free_port()


@pytest.fixture
def inbox(smtp_port: int) -> Iterator[Inbox]:
    """A mail server."""
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=smtp_port)
    server.start()
    yield inbox
    server.stop()


@asynccontextmanager
async def working(settings: Settings, port: int) -> AsyncIterator[None]:
    """A job worker that sends mail to a server on this port."""
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "mail_retry_s": 0.05}
    worker = Worker(settings.model_copy(update=smtp))
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await running


async def registered(client: httpx.AsyncClient, locale: str = "en") -> None:
    """Sign up, which is done at once whatever the mail server does."""
    body = {"email": "mia@example.com", "password": PASSWORD, "locale": locale}
    assert (await client.post("/api/v1/auth/register", json=body)).status_code == 201


async def test_mail_waits_for_a_server_that_is_down_and_one_that_refuses_for_now(
    anonymous: httpx.AsyncClient, settings: Settings, owner: asyncpg.Connection, smtp_port: int
) -> None:
    await registered(anonymous, "es-MX")
    inbox = Inbox(["451 Try later"])

    async def tried() -> bool:
        attempts: int = await owner.fetchval("SELECT attempts FROM mails")
        return attempts >= 1

    async with working(settings, smtp_port):
        await until(tried)  # nobody listens
        assert await owner.fetchval("SELECT sent_at FROM mails") is None
        server = Controller(inbox, hostname="127.0.0.1", port=smtp_port)
        server.start()
        try:
            await until(lambda: len(inbox.messages) == 1)
        finally:
            server.stop()
    assert inbox.tried == 2
    [message] = inbox.messages
    assert message["To"] == "mia@example.com"
    assert message["Subject"] == "Confirma tu correo electrónico"
    page, token = link_of(message)
    assert (await anonymous.post("/api/v1/auth/verify", json={"token": token})).status_code == 204
    html = message.get_body(("html",))
    assert html is not None
    assert f"/{page}#token={token}" in html.get_content()


async def test_recipient_refused_for_good_is_given_up(
    anonymous: httpx.AsyncClient, settings: Settings, owner: asyncpg.Connection, inbox: Inbox, smtp_port: int
) -> None:
    inbox.answers = ["550 No such person"]
    await registered(anonymous)

    async def given_up() -> bool:
        return await owner.fetchval("SELECT given_up_at FROM mails") is not None

    async with working(settings, smtp_port):
        await until(given_up)
    assert (inbox.tried, inbox.messages) == (1, [])
    problem = await owner.fetchval("SELECT problem FROM mails")
    assert "550" in problem
    assert "mia" not in problem


async def test_mail_of_a_deleted_account_is_not_sent(
    anonymous: httpx.AsyncClient,
    settings: Settings,
    owner: asyncpg.Connection,
    inbox: Inbox,
    smtp_port: int,
) -> None:
    await registered(anonymous)
    await anonymous.post("/api/v1/auth/login", json={"email": "mia@example.com", "password": PASSWORD})
    deleted = await anonymous.post("/api/v1/users/me/delete", json={"password": PASSWORD})
    assert deleted.status_code == 204

    async def nothing_queued() -> bool:
        count: int = await owner.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'mail.send'")
        return count == 0

    async with working(settings, smtp_port):
        await until(nothing_queued)
        await until(lambda: len(inbox.messages) == 1)
    assert inbox.messages[0]["Subject"] == "Your account is deleted"
