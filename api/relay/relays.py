"""The text connections of the process, one a learner."""

import asyncio
import time
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from api.relay.connection import Connection, Pass, Patience
from api.relay.link import OpenLink, RtcLink
from api.settings import Settings

ALONE_S = 75.0
"""A reload or a short outage keeps the place; it is less than the agent's own grace."""


KEPT_S = 60.0
"""So long the words of a connection that has ended can be read, by a stream that broke off just before."""


class Relays:
    """Opens text connections and finds them again."""

    def __init__(self, settings: Settings, open_link: OpenLink = RtcLink) -> None:
        self._patience = Patience(settings.text_idle_minutes * 60, ALONE_S)
        self._open_link = open_link
        self._connections: dict[UUID, Connection] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def of(self, user_id: UUID, organisation_id: UUID) -> Connection | None:
        """A learner's connection in the organisation that they act under."""
        found = self._connections.get(user_id)
        if found is None or found.over or found.admitted.organisation_id != organisation_id:
            return None
        return found

    def lately(self, user_id: UUID, organisation_id: UUID) -> Connection | None:
        """A learner's connection, also one that has just ended."""
        self._forget_old()
        found = self._connections.get(user_id)
        return found if found and found.admitted.organisation_id == organisation_id else None

    def join(self, admitted: Pass) -> Connection:
        """The learner's connection to that room: the one there is, else a new one in place of any other."""
        found = self.of(admitted.user_id, admitted.organisation_id)
        if found is not None and found.admitted.room == admitted.room:
            return found
        before = self._connections.get(admitted.user_id)
        if before is not None:
            before.ended("tab")
        made = self._connections[admitted.user_id] = Connection(admitted, self._open_link, self._patience)
        self._forget_old()
        task = asyncio.create_task(made.run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return made

    async def close(self) -> None:
        """Leave all rooms; learners find their calls again after a restart."""
        for connection in self._connections.values():
            connection.ended("lost")
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    def _forget_old(self) -> None:
        since = time.monotonic() - KEPT_S
        old = [key for key, one in self._connections.items() if one.over_at and one.over_at < since]
        for key in old:
            del self._connections[key]


async def relays(request: Request) -> Relays:
    """The text connections of the application that answers."""
    held: Relays = request.app.state.relays
    return held


CurrentRelays = Annotated[Relays, Depends(relays)]
