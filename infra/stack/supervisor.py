"""Runs all parts together: in order where one needs another, else side by side; stops them in seconds."""

import asyncio
import contextlib
import signal
import time
import uuid
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

from infra.stack.checks import require_free
from infra.stack.errors import PartFailedError
from infra.stack.part import Part
from infra.stack.process import kill_group, kill_remains, send
from infra.stack.progress import Progress
from infra.stack.runner import Runner
from infra.stack.state import PartRecord, RunFolder, State

STOP_WITHIN_S = 7.0
"""All parts together get this long to end by themselves; the product promises 10 s with the clearing up."""

_BOUND_LOGS_EVERY_S = 5.0


class Supervisor:
    """One run of the stack."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        home: Path,
        cwd: Path,
        address: str,
        progress: Progress,
        on_ready: Callable[[], None],
    ) -> None:
        self.run_id = uuid.uuid4().hex
        self._folder = RunFolder(home)
        self._address = address
        self._progress = progress
        self._parts = list(parts)
        self._home = home
        self._cwd = cwd
        self._on_ready = on_ready
        self._runners: dict[str, Runner] = {}
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()

    async def run(self) -> None:
        """Starts everything, stays until told to stop, stops everything.

        Raises:
            AlreadyRunningError: another run holds this AVAAZ_HOME.
            StackError: a port is taken, or a part did not become ready.
        """
        with self._folder.lock():
            clear_stale(self._folder)
            started = [part for part in self._parts if not part.given]
            require_free([use for part in started for use in part.ports])
            self._folder.write_stack(self.run_id, self._address, ready=False)
            try:
                await self._start_or_stop()
            finally:
                self._progress.close()
                await self._stop_all()
                self._folder.clear()

    def stop(self) -> None:
        """Asks the run to end; asked a second time, it kills what is left without waiting."""
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()

    async def _start_or_stop(self) -> None:
        start = asyncio.create_task(self._start_all())
        stop = asyncio.create_task(self._stop.wait())
        await asyncio.wait((start, stop), return_when=asyncio.FIRST_COMPLETED)
        if not start.done():
            start.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await start
            return
        stop.cancel()
        start.result()
        self._folder.write_stack(self.run_id, self._address, ready=True)
        self._progress.close()
        self._on_ready()
        late = asyncio.create_task(self._start_late())
        try:
            await self._watch()
        finally:
            late.cancel()
            await asyncio.gather(late, return_exceptions=True)

    async def _start_all(self) -> None:
        for part in self._parts:
            self._runners[part.name] = Runner(
                part,
                run_id=self.run_id,
                home=self._home,
                cwd=self._cwd,
                folder=self._folder,
                progress=self._progress,
            )
        parts = [part for part in self._parts if not part.late]
        ready = {part.name: asyncio.Event() for part in parts}

        async def bring_up(part: Part) -> None:
            for name in part.after:
                await ready[name].wait()
            if not part.given:
                await self._runners[part.name].start()
            ready[part.name].set()

        tasks = [asyncio.create_task(bring_up(part), name=part.name) for part in parts]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _start_late(self) -> None:
        for part in self._parts:
            if part.late and not part.given:
                try:
                    await self._runners[part.name].start()
                except PartFailedError as error:
                    self._progress.say(str(error))

    async def _watch(self) -> None:
        while not self._stop.is_set():
            for runner in self._runners.values():
                runner.bound_log()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), _BOUND_LOGS_EVERY_S)

    async def _stop_all(self) -> None:
        alive = [
            runner
            for runner in self._runners.values()
            if runner.state not in (State.GIVEN, State.DONE, State.WAITING)
        ]
        end = time.monotonic() + STOP_WITHIN_S
        hurry = asyncio.create_task(self._hurry.wait())
        calm = asyncio.create_task(_stop_in_order(alive, end))
        await asyncio.wait((hurry, calm), return_when=asyncio.FIRST_COMPLETED)
        if not calm.done():
            calm.cancel()
            await asyncio.gather(calm, *(runner.kill_now() for runner in alive), return_exceptions=True)
        hurry.cancel()
        await asyncio.to_thread(kill_remains, self.run_id)

    def listen_for_signals(self) -> None:
        """Lets Ctrl-C, SIGTERM and a closed terminal stop this run; called inside the event loop."""
        loop = asyncio.get_running_loop()
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(sent, self.stop)


async def _stop_in_order(runners: Sequence[Runner], end: float) -> None:
    """Lowest `stop_order` first; a part's grace is cut so that all are asked before `end` (monotonic)."""
    ordered = sorted(runners, key=lambda runner: runner.part.stop_order)
    for _, group in groupby(ordered, key=lambda runner: runner.part.stop_order):
        left = max(0.2, end - time.monotonic())
        await asyncio.gather(*(runner.stop(min(runner.part.grace_s, left)) for runner in group))


def clear_stale(folder: RunFolder) -> int:
    """Ends what a killed run left behind; the caller holds the lock. Returns how many processes were ended.

    A recorded pid is believed only if its process began at the recorded time; the other processes of that run
    are found by the mark in their environment, which nothing else carries.
    """
    record = folder.read_stack()
    alive = [part for part in folder.read_parts() if part.alive and part.pid is not None]
    _end_stale(alive)
    killed = len(alive) + (kill_remains(record.run_id) if record is not None else 0)
    folder.clear()
    return killed


def _end_stale(parts: Sequence[PartRecord]) -> None:
    """Asks, then kills. SIGINT lets Postgres end at once and cleanly whoever is connected."""
    for part in parts:
        send(part.pid or 0, signal.SIGINT)
    end = time.monotonic() + 3.0
    while any(part.alive for part in parts) and time.monotonic() < end:
        time.sleep(0.05)
    for part in parts:
        if part.alive and part.pid is not None:
            kill_group(part.pid)
