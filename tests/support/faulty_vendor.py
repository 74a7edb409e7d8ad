"""A vendor that fails on demand: a proxy before a real speech or language server.

The stack is started once with `STT_URL`, `LLM_URL` or `TTS_URL` at a proxy; what it does is set later.
"""

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncIterator
from enum import StrEnum

from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType, web

FIRST_PIECE = {"audio/pcm": 9_600, "text/event-stream": 700}
"""Bytes of an answer that pass before it hangs in its middle: 200 ms of speech, a few words."""

GARBAGE_BYTES = 48_000
_KEPT_HEADERS = ("Content-Type", "Authorization")


class Fault(StrEnum):
    """What the vendor does."""

    PASS = "pass"
    STATUS_500 = "status 500"
    HANG_SILENT = "hang without answering"
    HANG_AFTER_FIRST_BYTE = "hang after the first byte"
    HANG_IN_THE_MIDDLE = "hang in the middle of an answer"
    GARBAGE = "garbage"
    CLOSE = "close the connection"


HANGS = frozenset({Fault.HANG_SILENT, Fault.HANG_AFTER_FIRST_BYTE, Fault.HANG_IN_THE_MIDDLE})


class FaultyVendor:
    """The proxy of one vendor. What hung once stays hung; only new connections are good after `PASS`."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream.rstrip("/")
        self.url = ""
        self.requests = 0
        self.failed = 0
        """Requests, or messages of a live connection, that a fault has met."""
        self._fault = Fault.PASS
        self._live: set[LiveConnection] = set()
        self._client: ClientSession | None = None
        self._noise = random.Random(7)

    @property
    def fault(self) -> Fault:
        """What the vendor does now."""
        return self._fault

    async def set(self, fault: Fault) -> None:
        """From now on this; connections that are open feel it too."""
        self._fault = fault
        for live in list(self._live):
            await live.feel(fault)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["FaultyVendor"]:
        """Serves on a free port of 127.0.0.1; `url` is the base address."""
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.5)
        await runner.setup()
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            async with ClientSession(
                timeout=ClientTimeout(total=None), auto_decompress=False
            ) as self._client:
                await web.SockSite(runner, listening).start()
                try:
                    yield self
                finally:
                    await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        if self._fault is not Fault.PASS:
            self.failed += 1
        if self._fault is Fault.STATUS_500:
            return web.json_response({"error": {"message": "upstream failed"}}, status=500)
        if self._fault is Fault.CLOSE:
            return _cut(request)
        if self._fault is Fault.HANG_SILENT:
            await asyncio.Event().wait()
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._live_connection(request)
        if self._fault is Fault.GARBAGE:
            return await self._garbage(request)
        return await self._pass_on(request)

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
        body = await request.read()
        fault = self._fault
        async with self._opened.request(
            request.method, self._address(request), data=body, headers=headers
        ) as answer:
            response = web.StreamResponse(
                status=answer.status, headers={"Content-Type": answer.headers.get("Content-Type", "")}
            )
            for name in ("x-request-id", "Retry-After"):
                if name in answer.headers:
                    response.headers[name] = answer.headers[name]
            await response.prepare(request)
            left = _allowed(fault, answer.headers.get("Content-Type", ""))
            async for piece in answer.content.iter_any():
                await response.write(piece[:left])
                left = None if left is None else left - len(piece)
                if left is not None and left <= 0:
                    await asyncio.Event().wait()
            await response.write_eof()
        return response

    async def _garbage(self, request: web.Request) -> web.StreamResponse:
        kind = "text/event-stream" if "chat" in request.path else "audio/pcm"
        response = web.StreamResponse(headers={"Content-Type": kind, "x-request-id": "garbage"})
        await response.prepare(request)
        if kind == "text/event-stream":
            await response.write(b'data: {"id": \n\ndata: \xff\xfe\x00{]\n\n')
        await response.write(self._noise.randbytes(GARBAGE_BYTES))
        await response.write_eof()
        return response

    async def _live_connection(self, request: web.Request) -> web.WebSocketResponse:
        near = web.WebSocketResponse(max_msg_size=0, compress=False)
        headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
        async with self._opened.ws_connect(
            self._address(request), headers=headers, max_msg_size=0, compress=0
        ) as far:
            await near.prepare(request)
            live = LiveConnection(self, request, near, far)
            self._live.add(live)
            try:
                await live.run()
            finally:
                self._live.discard(live)
        return near

    def noise(self) -> bytes:
        """Some bytes that mean nothing."""
        return self._noise.randbytes(64)

    @property
    def _opened(self) -> ClientSession:
        if self._client is None:
            raise RuntimeError("the proxy does not run")
        return self._client

    def _address(self, request: web.Request) -> str:
        return f"{self.upstream}{request.rel_url}"


class LiveConnection:
    """One live transcription that is passed through."""

    def __init__(
        self,
        vendor: FaultyVendor,
        request: web.Request,
        near: web.WebSocketResponse,
        far: ClientWebSocketResponse,
    ) -> None:
        self._vendor = vendor
        self._request = request
        self._near = near
        self._far = far
        self._hung = vendor.fault in HANGS

    async def run(self) -> None:
        """Passes messages both ways until one side ends."""
        ways = [asyncio.create_task(self._towards_vendor()), asyncio.create_task(self._towards_client())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        if not self._near.closed:
            await self._near.close()

    async def feel(self, fault: Fault) -> None:
        """A fault begins, or ends."""
        self._hung = self._hung or fault in HANGS
        if fault is Fault.STATUS_500:
            await self._near.close(code=1011, message=b"upstream failed")
        if fault is Fault.CLOSE:
            _cut(self._request)

    async def _towards_vendor(self) -> None:
        async for message in self._near:
            if message.type is WSMsgType.BINARY:
                await self._far.send_bytes(message.data)
            elif message.type is WSMsgType.TEXT:
                await self._far.send_str(message.data)

    async def _towards_client(self) -> None:
        async for message in self._far:
            if self._hung:
                self._vendor.failed += 1
            elif self._vendor.fault is Fault.GARBAGE:
                self._vendor.failed += 1
                await self._send_garbage()
            elif message.type is WSMsgType.TEXT:
                await self._near.send_str(message.data)
        if self._hung:
            await asyncio.Event().wait()

    async def _send_garbage(self) -> None:
        noise = self._vendor.noise()
        await self._near.send_bytes(noise)
        await self._near.send_str(noise.decode("latin-1"))
        await self._near.send_str('{"type": "Results", "channel": {"alternatives": 7}}')


def _allowed(fault: Fault, content_type: str) -> int | None:
    """How many bytes of an answer pass before it hangs; None for all."""
    if fault is Fault.HANG_AFTER_FIRST_BYTE:
        return 1
    if fault is Fault.HANG_IN_THE_MIDDLE:
        return next((size for kind, size in FIRST_PIECE.items() if content_type.startswith(kind)), 1)
    return None


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
