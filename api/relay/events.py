"""What a text connection has told its learner, kept so that a stream can be taken up where it broke off."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

MOST_EVENTS: Final = 600
"""More than an hour of talk; a learner who was away for longer reads the record."""
HEARTBEAT_S: Final = 15.0
"""Proxies close a connection on which nothing comes for half a minute or more."""
STREAM_S: Final = 600.0
"""A stream ends after so long, and the browser asks again: who asks is looked at anew."""
RETRY_MS: Final = 1_000


@dataclass(frozen=True)
class Event:
    """One thing that was told."""

    number: int
    kind: str
    data: dict[str, Any]


class EventLog:
    """Events in order, each with a number; one that replaces an earlier one takes it out.

    A caption grows by a word at a time: only its last version is kept, so that whoever comes back reads each
    line once. A position names the log and the number (`3f2a9c01-17`), so that one of another connection is
    known as such.
    """

    def __init__(self, most: int = MOST_EVENTS) -> None:
        self._name = secrets.token_hex(4)
        self._most = most
        self._events: dict[int, Event] = {}
        self._places: dict[str, int] = {}
        self._last = 0
        self._changed = asyncio.Event()
        self.closed = False

    @property
    def position(self) -> str:
        """After everything that was told so far."""
        return self.position_of(self._last)

    def position_of(self, number: int) -> str:
        """The position after an event."""
        return f"{self._name}-{number}"

    def number_at(self, position: str | None) -> int:
        """The number that a position names; 0, the beginning, where it is of another log or no position."""
        name, _, number = (position or "").partition("-")
        known = name == self._name and number.isascii() and number.isdecimal()
        return min(int(number[:9]), self._last) if known else 0

    def add(self, kind: str, data: dict[str, Any], *, replaces: str | None = None) -> None:
        """Tell something to whoever reads now or comes later.

        Args:
            kind: Name of the event.
            data: What goes with it, as JSON.
            replaces: Name of the thing it is the newest version of.
        """
        self._last += 1
        if replaces is not None:
            self._events.pop(self._places.get(replaces, 0), None)
            self._places[replaces] = self._last
        self._events[self._last] = Event(self._last, kind, data)
        if len(self._events) > self._most:
            self._events.pop(next(iter(self._events)))
        self._wake()

    def close(self) -> None:
        """Nothing more comes: streams end."""
        self.closed = True
        self._wake()

    def after(self, number: int) -> list[Event]:
        """What was told after an event, in order."""
        return [event for event in self._events.values() if event.number > number]

    def standing(self, kinds: frozenset[str], until: int) -> list[Event]:
        """The newest of each of these kinds up to an event: how things stand there."""
        newest = {
            event.kind: event
            for event in self._events.values()
            if event.kind in kinds and event.number <= until
        }
        return list(newest.values())

    async def grown(self, seen: int, within_s: float) -> bool:
        """Wait until there is something after `seen`, or the end; False where nothing came in time."""
        if self._last > seen or self.closed:
            return True
        try:
            await asyncio.wait_for(self._changed.wait(), within_s)
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


async def served(
    log: EventLog,
    *,
    position: str | None,
    standing: frozenset[str],
    heartbeat_s: float = HEARTBEAT_S,
    stream_s: float = STREAM_S,
) -> AsyncIterator[str]:
    """The log as `text/event-stream`, from a position on, until it is closed or the stream has run its time.

    Args:
        log: What to serve.
        position: Where to begin; the beginning where None, or of another log.
        standing: Kinds of which the newest version before the position is told too, without a position.
        heartbeat_s: Comments keep a quiet connection alive.
        stream_s: How long the stream lasts.
    """
    seen = log.number_at(position)
    yield f"retry: {RETRY_MS}\n\n"
    for event in log.standing(standing, seen):
        yield _lines(event)
    loop = asyncio.get_running_loop()
    until = loop.time() + stream_s
    while True:
        for event in log.after(seen):
            yield f"id: {log.position_of(event.number)}\n{_lines(event)}"
            seen = event.number
        left = until - loop.time()
        if log.closed or left <= 0:
            return
        if not await log.grown(seen, min(heartbeat_s, left)):
            yield ": still here\n\n"


def _lines(event: Event) -> str:
    return f"event: {event.kind}\ndata: {json.dumps(event.data, ensure_ascii=False)}\n\n"
