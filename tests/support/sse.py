"""Server-sent events of an application under test, read while they come."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

WITHIN_S = 20.0


@dataclass(frozen=True)
class Told:
    """One event."""

    id: str | None
    kind: str
    data: Any


class EventStream:
    """The events of one request, in order."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.comments = 0
        self._text = ""
        self._told: asyncio.Queue[Told | None] = asyncio.Queue()
        self._begun = asyncio.Event()

    async def take(self, message: Any) -> None:
        """One ASGI message of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self._begun.set()
            return
        self._text += message.get("body", b"").decode()
        while "\n\n" in self._text:
            block, _, self._text = self._text.partition("\n\n")
            self._read(block)
        if not message.get("more_body", False):
            self._told.put_nowait(None)

    async def begun(self) -> None:
        """Wait for the head of the answer."""
        await asyncio.wait_for(self._begun.wait(), WITHIN_S)

    async def next(self, kind: str | None = None, holds: Callable[[Any], bool] = bool) -> Told:
        """The next event, of a kind, with data for which something holds; others are passed over.

        Raises:
            EOFError: The stream ended first.
        """
        while True:
            told = await asyncio.wait_for(self._told.get(), WITHIN_S)
            if told is None:
                raise EOFError("the stream ended")
            if kind is None or (kind == told.kind and holds(told.data)):
                return told

    async def rest(self) -> list[Told]:
        """All events up to the end."""
        found: list[Told] = []
        with suppress(EOFError):
            while True:
                found.append(await self.next())
        return found

    def _read(self, block: str) -> None:
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "" in fields or block.startswith(":"):
            self.comments += 1
        elif "event" in fields:
            self._told.put_nowait(Told(fields.get("id"), fields["event"], json.loads(fields["data"])))


@asynccontextmanager
async def streaming(
    app: FastAPI, client: httpx.AsyncClient, path: str, *, last_event_id: str | None = None
) -> AsyncIterator[EventStream]:
    """The stream that a signed-in client gets at a path; leaving the block hangs up."""
    request = client.build_request("GET", path)
    headers = [(b"host", b"avaaz.test"), (b"cookie", request.headers.get("cookie", "").encode())]
    if last_event_id is not None:
        headers.append((b"last-event-id", last_event_id.encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": request.url.path,
        "raw_path": request.url.raw_path,
        "query_string": request.url.query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("avaaz.test", 80),
    }
    stream, gone = EventStream(), asyncio.Event()
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await gone.wait()
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    task = asyncio.create_task(app(scope, receive, stream.take))
    try:
        await stream.begun()
        yield stream
    finally:
        gone.set()
        await asyncio.wait_for(task, WITHIN_S)
