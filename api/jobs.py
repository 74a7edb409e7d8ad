"""Putting work on the queue in the request's own transaction: kept or lost together with what caused it."""

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from pgqueuer.core.tm import TaskManager
from pgqueuer.ports.driver import Driver, NotifyCallback
from pgqueuer.queries import Queries
from sqlalchemy.ext.asyncio import AsyncSession

from infra.telemetry import correlation_id


class JobName(StrEnum):
    """Every kind of work the worker does."""

    END_ROOM = "calls.end_room"
    ENSURE_AGENT = "calls.ensure_agent"
    REPLACE_AGENT = "calls.replace_agent"
    COVER_ROOMS = "calls.cover_rooms"
    END_ERASED_ROOM = "calls.end_erased_room"
    SEND_MAIL = "mail.send"
    RECOVER_ACCOUNT = "identity.recover"
    JOIN_RECORDING = "recordings.join"
    ERASE_RECORDINGS = "recordings.erase"
    ERASE_ORGANISATION = "organisations.erase"
    REMEMBER_CALL = "memory.remember"
    REPORT_CALL = "memory.report"
    PURGE = "privacy.purge"
    MAKE_EXPORT = "privacy.make_export"
    ERASE_REMAINS = "privacy.erase_remains"
    FORGET_MAIL = "privacy.forget_mail"
    READ_DOCUMENT = "knowledge.read_document"
    FORGET_DOCUMENTS = "knowledge.forget_documents"
    EMBED_ORGANISATION = "knowledge.embed_organisation"
    SUGGEST_LESSON = "authoring.suggest"
    CORRECT_CALL = "corrections.correct"
    PRACTISE_CALL = "practice.practise_call"
    JUDGE_PLACEMENT = "onboarding.judge"
    AWARD = "practice.award"
    RECKON_ORGANISATION = "analytics.reckon_organisation"
    SETTLE_EXAM = "exams.settle"
    NOTE_ABSENCE = "exams.note_absence"
    LISTEN_TO_EXAM = "assessment.listen"
    SCORE_EXAM = "assessment.score"
    ERASE_HELD_SOUND = "recordings.erase_held"


PERSONAL: Final = frozenset({JobName.RECOVER_ACCOUNT})
"""Jobs with more than keys of rows in their arguments: what is left of them holds none."""

MOST_ATTEMPTS: Final = 3
"""Of an ordinary job, the first one counted."""


@dataclass(frozen=True)
class FailedJob:
    """A job that used up its attempts.

    `error` is the kind of the error alone: its words may hold what somebody said.
    """

    name: str
    arguments: dict[str, Any]
    attempts: int
    error: str
    correlation_id: str | None


def pause_before_retry(failures: int, first: timedelta) -> timedelta:
    """How long a job waits after it has failed so many times: `first`, then four times as long each time."""
    return first * int(4 ** max(0, failures - 1))


class SessionDriver(Driver):
    """pgqueuer's driver over an SQLAlchemy session: its SQL runs in the session's own transaction.

    For enqueueing only; a worker listens on a connection of its own.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._shutdown = asyncio.Event()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """Run a query of pgqueuer's and return its rows."""
        connection = await self._session.connection()
        rows = await connection.exec_driver_sql(query, tuple(args))
        return [dict(row) for row in rows.mappings()]

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement of pgqueuer's."""
        connection = await self._session.connection()
        await connection.exec_driver_sql(query, tuple(args))
        return ""

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Refuse: nothing listens on a request's connection."""
        raise NotImplementedError

    async def notify(self, channel: str, payload: str) -> None:
        """Send a notification when the transaction commits."""
        await self.execute("SELECT pg_notify($1, $2)", channel, payload)

    @property
    def shutdown(self) -> asyncio.Event:
        """Never set; a request's session ends with the request."""
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        """No background tasks."""
        return TaskManager()

    async def __aenter__(self) -> "SessionDriver":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


async def enqueue(
    session: AsyncSession,
    name: JobName,
    arguments: dict[str, Any],
    *,
    delay: timedelta = timedelta(),
    occasion: str = "",
) -> None:
    """Put a job on the queue; the worker sees it once the session's transaction has committed.

    The correlation id goes along, and the same job for the same arguments is not queued twice, unless the
    occasion is another.
    """
    payload = json.dumps({**arguments, "correlation_id": correlation_id.get()}).encode()
    key = json.dumps([name, arguments, occasion], sort_keys=True)
    await Queries(SessionDriver(session)).enqueue(
        name, payload, execute_after=delay, dedupe_key=key, on_conflict="skip"
    )
