"""Building the archive: a zip file on disk, written piece by piece."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from api.archive import texts
from api.archive.repository import ArchiveRepository, Row, account_tables, organisation_tables
from api.audit import service as audit
from api.database import Database, utc_now
from api.identity.models import User
from api.knowledge import service as knowledge
from api.pages import decode_cursor
from api.storage import ObjectMissingError, Storage
from api.tenancy import act_for

Progress = Callable[[int], Awaitable[None]]
"""Is told how far the work is, in percent."""

EVENTS_A_PAGE = 200


async def build(
    database: Database,
    storage: Storage,
    user: User,
    organisations: list[UUID],
    *,
    path: Path,
    progress: Progress,
) -> None:
    """Write everything about a person into a zip file.

    Args:
        database: Where the rows are.
        storage: Where recordings are.
        user: The person.
        organisations: Those that have something of theirs.
        path: The file, which is made.
        progress: Is told how far it is.

    Raises:
        StorageUnavailableError: A recording cannot be read now.
    """
    with ZipFile(path, "w", compression=ZIP_DEFLATED) as file:
        work = _Work(database, storage, user, file, progress)
        await work.account()
        for number, organisation_id in enumerate(organisations, 1):
            await work.organisation(number, len(organisations), organisation_id)
        file.writestr("README.txt", texts.readme(user.locale, f"{utc_now():%Y-%m-%d %H:%M}"))


@dataclass
class _Work:
    """One archive in the making."""

    database: Database
    storage: Storage
    user: User
    file: ZipFile
    progress: Progress
    names: set[str] = field(default_factory=set)

    async def account(self) -> None:
        """What belongs to the person wherever they practise."""
        async with self.database.reading() as session:
            await act_for(session, None, self.user.id)
            rows = ArchiveRepository(session, self.user.id)
            for table in account_tables():
                self._json(f"account/{table.name}.json", await rows.rows(table))
        self._json("who-saw-what.json", await self._events())

    async def organisation(self, number: int, of: int, organisation_id: UUID) -> None:
        """What belongs to the person in one organisation."""
        async with self.database.reading() as session:
            await act_for(session, organisation_id, self.user.id)
            rows = ArchiveRepository(session, self.user.id)
            about = await rows.organisation(organisation_id)
            folder = f"{number:02d}-{about.get('kind', 'left')}"
            self._json(f"{folder}/organisation.json", about)
            calls: list[Row] = []
            for table in organisation_tables():
                found = await rows.rows(table)
                self._json(f"{folder}/{table.name}.json", found)
                calls = found if table.name == "calls" else calls
                if table.name == "documents":
                    await self._documents(folder, found)
            for index, call in enumerate(calls):
                await self._call(rows, folder, call)
                await self.progress(int(100 * (number - 1 + (index + 1) / len(calls)) / of))

    async def _call(self, rows: ArchiveRepository, folder: str, call: Row) -> None:
        turns = await rows.turns(call["id"])
        stem = self._free_name(f"{folder}/calls/{call['started_at']:%Y-%m-%d-%H%M}")
        self._json(f"{stem}/turns.json", turns)
        self.file.writestr(f"{stem}/transcript.txt", texts.transcript(self.user.locale, call, turns))
        recording = await rows.recording_of(call["id"])
        if recording is not None:
            await self._stored(f"{stem}/recording.ogg", *recording)

    async def _documents(self, folder: str, documents: list[Row]) -> None:
        """The files that the person brought for themselves, as they were."""
        for row in documents:
            path = PurePath(row["file_name"])
            stem = self._free_name(f"{folder}/documents/{path.stem}")
            await self._stored(f"{stem}{path.suffix}", knowledge.object_key(row["id"]), row["size_bytes"])

    async def _stored(self, name: str, key: str, size: int) -> None:
        info = ZipInfo(name, utc_now().timetuple()[:6])
        info.compress_type = ZIP_STORED
        try:
            with self.file.open(info, "w", force_zip64=True) as entry:
                async for piece in self.storage.read(key, 0, size):
                    entry.write(piece)
        except ObjectMissingError:  # erased while the archive is made
            return

    async def _events(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        cursor: str | None = None
        async with self.database.reading() as session:
            await act_for(session, None, self.user.id)
            while True:
                page = await audit.list_of_learner(
                    session, self.user.id, after=decode_cursor(cursor), limit=EVENTS_A_PAGE
                )
                events += [event.model_dump(mode="json") for event in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    return events

    def _json(self, name: str, content: Any) -> None:
        if content:
            self.file.writestr(name, json.dumps(content, ensure_ascii=False, indent=1, default=_plain))

    def _free_name(self, wanted: str) -> str:
        """The name, or with a number behind it where another call began in the same minute."""
        name, number = wanted, 1
        while name in self.names:
            number += 1
            name = f"{wanted}-{number}"
        self.names.add(name)
        return name


def _plain(value: Any) -> Any:
    """JSON for what JSON does not know."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
