"""The server's side of the speech process: starts it, feeds it by priority, replaces it when it dies."""

import asyncio
import contextlib
import itertools
import json
import sys
from enum import IntEnum

from infra.models.errors import ModelsError, unavailable
from infra.models.frames import HEADER, Kind, pack, unpack_header
from infra.models.metrics import RESTARTS
from infra.telemetry import get_logger

_CHECK_S = 5.0
_PING_TIMEOUT_S = 5.0
_START_TIMEOUT_S = 90.0
_MAX_PAUSE_S = 5.0
_log = get_logger(__name__)


class Urgency(IntEnum):
    """Order of clauses: what someone waits to hear begin, what continues, what nobody waits for."""

    FIRST = 0
    LATER = 1
    BACKGROUND = 2


class _Down(Exception):  # noqa: N818 - tells the supervisor to start over, never leaves this module
    pass


class Speaker:
    """One speech process and the queue before it. Everything here runs on the event loop."""

    def __init__(self, *, wait_s: float, timeout_s: float) -> None:
        self.state = "loading"
        self._wait_s = wait_s
        self._timeout_s = timeout_s
        self._process: asyncio.subprocess.Process | None = None
        self._queue: asyncio.PriorityQueue[tuple[int, int, str, float, asyncio.Future[bytes]]] = (
            asyncio.PriorityQueue()
        )
        self._count = itertools.count(1)
        self._ready = asyncio.Event()
        self._busy = False
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the speech process, None while there is none."""
        return self._process.pid if self._process and self._process.returncode is None else None

    @property
    def idle(self) -> bool:
        """Whether nothing is being synthesized and nothing waits."""
        return self._queue.empty() and not self._busy

    def start(self) -> None:
        """Start the process and keep it alive until `close`."""
        self._task = asyncio.create_task(self._supervise(), name="tts")

    async def close(self) -> None:
        """End the process; whatever waits is refused."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._end_process()
        self._refuse_waiting()

    async def say(self, clause: str, speed: float, urgency: Urgency) -> bytes:
        """PCM of one clause; raises 503 when the process is down, or dies meanwhile."""
        if not self._ready.is_set():
            await self._await_restart()
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((urgency, next(self._count), clause, speed, answer))
        return await answer

    async def _await_restart(self) -> None:
        try:
            async with asyncio.timeout(self._wait_s):
                await self._ready.wait()
        except TimeoutError:
            raise unavailable("speech synthesis") from None

    async def _supervise(self) -> None:
        """Run process after process; the pause before a new one grows while they die young."""
        loop, pause = asyncio.get_running_loop(), 0.0
        while True:
            began = loop.time()
            try:
                await self._start_process()
                await self._dispatch()
            except (_Down, OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
                _log.warning("speech process lost", reason=type(error).__name__)
            self._ready.clear()
            self.state = "restarting"
            RESTARTS.inc()
            await self._end_process()
            self._refuse_waiting()
            lived = loop.time() - began
            pause = 0.0 if lived > 5 else min(_MAX_PAUSE_S, pause * 2 or 0.25)
            await asyncio.sleep(pause)

    async def _start_process(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "infra.models.tts_process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(_START_TIMEOUT_S):
            kind, _, _ = await self._receive()
        if kind is not Kind.READY:
            raise _Down("no greeting")
        self.state = "ready"
        self._ready.set()

    async def _end_process(self) -> None:
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        self._process = None

    def _refuse_waiting(self) -> None:
        while not self._queue.empty():
            answer = self._queue.get_nowait()[-1]
            if not answer.done():
                answer.set_exception(unavailable("speech synthesis"))

    async def _dispatch(self) -> None:
        """Send clauses one at a time, most urgent first, and look after the process in between."""
        while True:
            item = await self._next()
            if item is None:
                await self._ping()
                continue
            _, number, clause, speed, answer = item
            if answer.cancelled():
                continue
            self._busy = True
            try:
                await self._one(number, clause, speed, answer)
            finally:
                self._busy = False
                if not answer.done():
                    answer.set_exception(unavailable("speech synthesis"))

    async def _next(self) -> tuple[int, int, str, float, asyncio.Future[bytes]] | None:
        """The next clause, or None when it is time for a health check; raises when the process has ended."""
        if self._process is None or self._process.stdout is None:
            raise _Down("no process")
        waiting = asyncio.create_task(self._queue.get())
        ended = asyncio.create_task(self._process.wait())
        try:
            await asyncio.wait({waiting, ended}, timeout=_CHECK_S, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return waiting.result()
            if ended.done():
                raise _Down("the process ended")
            return None
        finally:
            waiting.cancel()
            ended.cancel()

    async def _one(self, number: int, clause: str, speed: float, answer: asyncio.Future[bytes]) -> None:
        async with asyncio.timeout(self._timeout_s):
            await self._send(pack(Kind.SAY, number, json.dumps({"text": clause, "speed": speed}).encode()))
            kind, _, payload = await self._receive()
        if answer.done():
            return
        if kind is Kind.AUDIO:
            answer.set_result(payload)
        else:
            _log.warning("clause not synthesized", characters=len(clause), kind=kind.name)
            answer.set_exception(ModelsError(500, "synthesis_failed", "this text could not be synthesized"))

    async def _ping(self) -> None:
        async with asyncio.timeout(_PING_TIMEOUT_S):
            await self._send(pack(Kind.PING, next(self._count)))
            kind, _, _ = await self._receive()
        if kind is not Kind.PING:
            raise _Down("no echo")

    async def _send(self, frame: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            raise _Down("no process")
        self._process.stdin.write(frame)
        await self._process.stdin.drain()

    async def _receive(self) -> tuple[Kind, int, bytes]:
        if self._process is None or self._process.stdout is None:
            raise _Down("no process")
        kind, number, length = unpack_header(await self._process.stdout.readexactly(HEADER.size))
        return kind, number, await self._process.stdout.readexactly(length)
