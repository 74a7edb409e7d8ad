"""The job worker's part, done by hand: what is queued is done, over a store and a mail folder of the test."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI

from api.calls.livekit import LiveKit
from api.calls.supervision import Supervisor
from api.database import Database
from api.jobs import JobName
from api.mail.jobs import MailJobs
from api.privacy.jobs import PrivacyJobs
from api.settings import Settings
from api.storage import FolderStorage


@dataclass(frozen=True)
class Workshop:
    """Does what is queued, whenever it is due."""

    settings: Settings
    database: Database
    livekit: LiveKit
    storage: FolderStorage
    owner: asyncpg.Connection

    @property
    def jobs(self) -> PrivacyJobs:
        """The handlers of privacy."""
        return PrivacyJobs(self.database, self.storage, self.settings)

    async def work(self) -> list[str]:
        """Do all jobs that are waiting, those for later too; return which they were."""
        done: list[str] = []
        handlers = self._handlers()
        while rows := await self.owner.fetch("DELETE FROM pgqueuer RETURNING id, entrypoint, payload"):
            for row in sorted(rows, key=lambda one: one["id"]):
                arguments = json.loads(row["payload"])
                arguments.pop("correlation_id")
                done.append(row["entrypoint"])
                if row["entrypoint"] in handlers:
                    await handlers[row["entrypoint"]](**arguments)
        return done

    def _handlers(self) -> dict[str, Callable[..., Awaitable[None]]]:
        supervisor = Supervisor(self.database, self.livekit, self.settings)
        return {
            JobName.PURGE: self.jobs.purge,
            JobName.MAKE_EXPORT: self.jobs.make_export,
            JobName.ERASE_REMAINS: self.jobs.erase_remains,
            JobName.FORGET_MAIL: self.jobs.forget_mail,
            JobName.SEND_MAIL: MailJobs(self.database, self.settings).send,
            JobName.END_ERASED_ROOM: supervisor.end_erased_room,
        }


@pytest.fixture
def workshop(app: FastAPI, settings: Settings, owner: asyncpg.Connection, tmp_path: Path) -> Workshop:
    """A worker over this test's own store and mail folder, which the application uses too."""
    own = settings.model_copy(update={"avaaz_home": tmp_path, "avaaz_embedded": False})
    storage = FolderStorage(tmp_path / "objects")
    app.state.storage = storage
    return Workshop(own, app.state.database, app.state.livekit, storage, owner)
