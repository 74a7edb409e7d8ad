"""What was committed and what was kept: the outbox's own bytes beside the rows of the database."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from agent import outbox
from infra.stack.embedded import RunningStack
from infra.stack.postgres import DATABASE

LOOK_EVERY_S = 0.05


@dataclass(frozen=True)
class Kept:
    """A turn, as far as two records of it can be compared."""

    item_id: str
    role: str
    text: str


class OutboxKeeper:
    """Keeps a second name for every segment, so that what was committed can be read after it was delivered.

    A segment is only appended to, and delivery removes its name; the file itself stays under the second one.
    """

    def __init__(self, home: Path) -> None:
        self._outbox = home / "outbox"
        self._kept = home / "outbox-kept"

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator["OutboxKeeper"]:
        """Keeps segments for as long as the block runs."""
        self._kept.mkdir(exist_ok=True)
        task = asyncio.create_task(self._watch())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def segments(self, room: str) -> list[outbox.Segment]:
        """The segments of a room's jobs, in the order in which they began."""
        found = [outbox.read(path) for path in sorted(self._kept.iterdir())]
        return [segment for segment in found if segment.call and segment.call.open.room == room]

    def grants(self) -> list[tuple[str, str]]:
        """Room and grant of every job that opened a call."""
        found = [outbox.read(path) for path in sorted(self._kept.iterdir())]
        return [(one.call.open.room, one.opened.grant) for one in found if one.call and one.opened]

    def committed(self, room: str) -> list[Kept]:
        """Every turn that was committed in a room, in order."""
        return [
            Kept(turn.item_id, turn.role.value, turn.text)
            for segment in self.segments(room)
            for turn in segment.turns
        ]

    def undelivered(self) -> list[str]:
        """Segments still in the outbox, and those given up."""
        return [path.name for path in self._outbox.rglob("*") if path.suffix in {".log", ".json"}]

    async def _watch(self) -> None:
        known: set[int] = set()
        while True:
            for path in outbox.segments(self._outbox):
                with contextlib.suppress(FileNotFoundError):
                    inode = path.stat().st_ino
                    if inode not in known:
                        os.link(path, self._kept / f"{len(known):04}-{path.name}")
                        known.add(inode)
            await asyncio.sleep(LOOK_EVERY_S)


async def rows_of_room(stack: RunningStack, room: str) -> list[Kept]:
    """The turns of a room's call as Postgres holds them, in the order in which they are shown."""
    password = stack.plan.credentials.postgres_password
    connection = await asyncpg.connect(
        host="127.0.0.1",
        port=stack.settings.postgres_port,
        user="postgres",
        password=password,
        database=DATABASE,
    )
    try:
        rows = await connection.fetch(
            "SELECT t.item_id, t.role, t.text FROM turns t JOIN calls c ON c.id = t.call_id WHERE c.room = $1"
            " ORDER BY t.position, t.started_at, t.id",
            room,
        )
    finally:
        await connection.close()
    return [Kept(row["item_id"], row["role"], row["text"]) for row in rows]


async def delivered(stack: RunningStack, keeper: OutboxKeeper, room: str, *, limit: float) -> list[Kept]:
    """The rows of a room, waited for until there are as many as were committed, `limit` seconds at most."""
    loop = asyncio.get_running_loop()
    end = loop.time() + limit
    rows: list[Kept] = []
    while loop.time() < end:
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            rows = await rows_of_room(stack, room)
            if len(rows) >= len(keeper.committed(room)) > 0:
                break
        await asyncio.sleep(0.2)
    return rows
