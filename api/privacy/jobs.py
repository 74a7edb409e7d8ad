"""What the job worker does for privacy: purging, archives, and what an erasure leaves to be removed."""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from pgqueuer.errors import RetryRequested

from api.archive import service as archive
from api.audit import service as audit
from api.database import Database, utc_now
from api.identity.models import User
from api.invitations import service as invitations
from api.mail import service as mail
from api.privacy import deletion, erasure, exports, retention
from api.privacy.models import ExportState
from api.privacy.repository import ErasureRepository, ExportRepository
from api.settings import Settings
from api.storage import Storage, StorageUnavailableError
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

STORAGE_PAUSE: Final = timedelta(minutes=5)
"""An erasure waits for a store that is away as long as it takes."""


class ExportGoneError(Exception):
    """The archive that is made is wanted no more: its person was erased."""


@dataclass(frozen=True)
class PrivacyJobs:
    """The worker's hands for privacy."""

    database: Database
    storage: Storage
    settings: Settings

    async def purge(self, organisation_id: str) -> None:
        """Remove what an organisation keeps no longer."""
        key = UUID(organisation_id)
        await retention.purge(self.database, self.storage, self.settings, key)
        async with self.database.transaction() as session:
            await act_for(session, key)
            await invitations.remove_old(session, key)

    async def daily(self) -> None:
        """Queue the purge of every organisation, and remove archives and audit events whose time is over."""
        async with self.database.transaction() as session:
            organisations = await retention.queue_all(session)
            events = await audit.remove_old(session)
            await deletion.forget_keys(session)
        removed = await exports.remove_run_out(self.database, self.storage)
        log.info("purge queued", organisations=organisations, audit_events=events, exports=removed)

    async def erase_remains(self, objects: list[str], keys: list[str], again: bool) -> None:
        """Remove what an erased person has left in the store and among the jobs.

        Raises:
            RetryRequested: The store is away.
        """
        try:
            await erasure.erase_remains(self.database, self.storage, objects, keys)
        except StorageUnavailableError as error:
            log.warning("erasure waits for the store", code=error.code, again=again)
            raise RetryRequested(STORAGE_PAUSE, error.code) from None

    async def forget_mail(self, recipient: str, farewell: bool, at: str) -> None:
        """Remove mail in the folder that an erased person was written; the last one a while later.

        Args:
            recipient: A digest of the address.
            farewell: Whether the mail that says so goes too.
            at: When the account was erased.
        """
        before = None if farewell else datetime.fromisoformat(at)
        removed = await asyncio.to_thread(mail.forget_written, self.settings, recipient, before)
        log.info("written mail removed", count=removed)

    async def make_export(self, export_id: str, user_id: str) -> None:
        """Make an archive, store it, and say that it is ready."""
        making = _Making(self, UUID(export_id), UUID(user_id))
        try:
            await making.make()
        except ExportGoneError:
            await self.storage.delete(exports.object_key(making.export_id))

    async def give_up_export(self, export_id: str, user_id: str) -> None:
        """Say that an archive could not be made."""
        with suppress(ExportGoneError):
            await _Making(self, UUID(export_id), UUID(user_id)).note(state=ExportState.FAILED)


@dataclass(frozen=True)
class _Making:
    """One archive in the making."""

    jobs: PrivacyJobs
    export_id: UUID
    user_id: UUID

    async def make(self) -> None:
        """Do it, on the worker's own disk first."""
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="avaaz-export-"))
        try:
            await self._make_in(folder / "export.zip")
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _make_in(self, path: Path) -> None:
        user, organisations = await self._person()
        await self.note(state=ExportState.MAKING, progress=0)
        jobs = self.jobs
        await archive.build(
            jobs.database, jobs.storage, user, organisations, path=path, progress=self._progress
        )
        await jobs.storage.put_file(exports.object_key(self.export_id), path)
        size = (await asyncio.to_thread(path.stat)).st_size
        now = utc_now()
        await self.note(
            state=ExportState.READY,
            progress=100,
            size_bytes=size,
            ready_at=now,
            expires_at=now + timedelta(days=jobs.settings.export_days),
        )
        log.info("export ready", export_id=str(self.export_id), bytes=size)

    async def _person(self) -> tuple[User, list[UUID]]:
        async with self.jobs.database.reading() as session:
            await act_for(session, None, self.user_id)
            repository = ErasureRepository(session)
            user = await repository.person(self.user_id)
            if user is None:
                raise ExportGoneError
            return user, sorted(await repository.organisations_of(self.user_id))

    async def _progress(self, percent: int) -> None:
        await self.note(progress=min(99, percent))

    async def note(self, **changes: object) -> None:
        """Keep how far it is.

        Raises:
            ExportGoneError: The person was erased meanwhile.
        """
        async with self.jobs.database.transaction() as session:
            await act_for(session, None, self.user_id)
            export = await ExportRepository(session).get(self.export_id, self.user_id, lock=True)
            if export is None:
                raise ExportGoneError
            for name, value in changes.items():
                setattr(export, name, value)
