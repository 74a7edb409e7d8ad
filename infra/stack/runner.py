"""Keeps one part running: starts it, finds it ready, starts it again when it dies, stops all of it."""

import asyncio
import contextlib
import signal
import time
from collections import deque
from pathlib import Path

from infra.stack.errors import PartFailedError
from infra.stack.files import rotate, tail
from infra.stack.part import Part
from infra.stack.process import PART_MARK, RUN_MARK, kill_group, kill_remains, send, spawn, started_at
from infra.stack.progress import Progress
from infra.stack.state import PartRecord, RunFolder, State

LOG_LIMIT_BYTES = 5_000_000
LOGS_KEPT = 3
MAX_DEATHS_PER_MINUTE = 6
MAX_START_ATTEMPTS = 3
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
_ASK_EVERY_S = 0.1


class Runner:
    """One part and its process."""

    def __init__(
        self, part: Part, *, run_id: str, home: Path, cwd: Path, folder: RunFolder, progress: Progress
    ) -> None:
        self.part = part
        self.log = home / "logs" / f"{part.name}.log"
        self.restarts = 0
        self.state = State.GIVEN if part.given else State.WAITING
        self._env = {**part.env, RUN_MARK: run_id, PART_MARK: part.name}
        self._run_id = run_id
        self._cwd = cwd
        self._folder = folder
        self._progress = progress
        self._process: asyncio.subprocess.Process | None = None
        self._began: float | None = None
        self._stopping = False
        self._guard: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._show(self.state, f"given by {part.given}" if part.given else "")

    async def start(self) -> None:
        """Brings the part to ready (or done); from then on it is kept alive.

        Raises:
            PartFailedError: it did not become ready; the text ends with the last lines of its log.
        """
        if self.part.prepare is not None:
            self._show(State.PREPARING)
            await self.part.prepare(lambda note: self._show(State.PREPARING, note))
        if not self.part.is_program:
            self._show(State.DONE)
            return
        if self.part.once:
            await self._run_once()
            return
        await self._start_service()
        self._guard = asyncio.create_task(self._keep_alive(), name=f"guard {self.part.name}")

    async def stop(self, grace_s: float) -> None:
        """Ends the part: its stop signal, a harder one where it has one, then a kill of all that is left."""
        self._stopping = True
        if self._guard is not None:
            self._guard.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._guard
        process = self._process
        if process is None or self.state in (State.DONE, State.FAILED):
            return
        if process.returncode is None:
            send(process.pid, self.part.stop_signal)
            if not await _ended(process, grace_s) and self.part.harder_signal is not None:
                send(process.pid, self.part.harder_signal)
                await _ended(process, 1.0)
        await self._clear_away(process)
        self._show(State.STOPPED)

    async def kill_now(self) -> None:
        """Kills the part and all its children at once."""
        self._stopping = True
        if self._guard is not None:
            self._guard.cancel()
        if self._process is not None:
            await self._clear_away(self._process)

    def bound_log(self) -> None:
        """Keeps the log within its size."""
        rotate(self.log, LOG_LIMIT_BYTES, LOGS_KEPT)

    async def _run_once(self) -> None:
        self._show(State.STARTING)
        process = await self._spawn()
        self._show(State.STARTING)
        if await process.wait() != 0:
            raise self._failure(f"{self.part.title} failed (exit status {process.returncode}).")
        self._show(State.DONE)

    async def _start_service(self) -> None:
        for attempt in range(1, MAX_START_ATTEMPTS + 1):
            self._show(State.STARTING, f"attempt {attempt}" if attempt > 1 else "")
            process = await self._spawn()
            self._show(State.STARTING, f"attempt {attempt}" if attempt > 1 else "")
            if await self._became_ready(process):
                self._show(State.READY)
                return
            if process.returncode is None:
                await self._clear_away(process)
                raise self._failure(
                    f"{self.part.title} was not ready within {self.part.ready_within_s:.0f} s."
                )
            await self._clear_away(process)
            await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
        raise self._failure(f"{self.part.title} ended while starting, {MAX_START_ATTEMPTS} times.")

    async def _spawn(self) -> asyncio.subprocess.Process:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.bound_log()
        command = self.part.argv()
        try:
            self._process = await spawn(
                command,
                env=self._env,
                cwd=self._cwd,
                log=self.log,
                account=self.part.account,
                orphan_signal=self.part.orphan_signal,
                speaks=self.part.speaks,
            )
        except OSError as error:
            raise self._failure(f"{self.part.title} cannot be started: {error}.") from error
        self._began = started_at(self._process.pid)
        if self._process.stdout is not None:
            self._listening = asyncio.create_task(self._pass_on(self._process.stdout))
        return self._process

    async def _pass_on(self, output: asyncio.StreamReader) -> None:
        """Shows the person what the part says, line by line, until it ends."""
        while True:
            try:
                line = await output.readline()
            except ValueError:  # longer than anything that is meant for people; dropped
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            self._progress.say("".join(sign if sign.isprintable() else " " for sign in text))

    async def _became_ready(self, process: asyncio.subprocess.Process) -> bool:
        """True when ready, False when it ended or the time is over."""
        end = time.monotonic() + self.part.ready_within_s
        if self.part.ready is None:
            return not await _ended(process, self.part.settle_s)
        while process.returncode is None and time.monotonic() < end:
            if await self.part.ready():
                return process.returncode is None
            await asyncio.sleep(_ASK_EVERY_S)
        return False

    async def _keep_alive(self) -> None:
        deaths: deque[float] = deque(maxlen=MAX_DEATHS_PER_MINUTE)
        pause = FIRST_PAUSE_S
        while self._process is not None:
            lived_from = time.monotonic()
            status = await self._process.wait()
            if self._stopping:
                return
            now = time.monotonic()
            deaths.append(now)
            await self._clear_away(self._process)
            if len(deaths) == MAX_DEATHS_PER_MINUTE and now - deaths[0] < 60:
                self._give_up(status)
                return
            pause = FIRST_PAUSE_S if now - lived_from > 60 else min(pause * 2, LONGEST_PAUSE_S)
            self.restarts += 1
            self._show(State.RESTARTING, _why(status))
            await asyncio.sleep(pause)
            await self._start_again()

    async def _start_again(self) -> None:
        try:
            process = await self._spawn()
        except PartFailedError as error:
            self._progress.say(str(error))
            return
        self._show(State.RESTARTING)
        if await self._became_ready(process):
            self._show(
                State.READY, f"restarted {self.restarts} times" if self.restarts > 1 else "restarted once"
            )
        elif process.returncode is None:
            kill_group(process.pid)

    def _give_up(self, status: int) -> None:
        times = f"{MAX_DEATHS_PER_MINUTE} times within a minute"
        reason = f"{self.part.title} died {times} and is given up ({_why(status)})."
        self._show(State.FAILED, "given up")
        self._progress.say(str(self._failure(reason)))
        self._progress.say("Put the cause right, then run `avaaz down` and `avaaz up`.")

    async def _clear_away(self, process: asyncio.subprocess.Process) -> None:
        """Nothing that the part started outlives it."""
        kill_group(process.pid)
        await process.wait()
        await asyncio.to_thread(kill_remains, self._run_id, self.part.name)

    def _failure(self, reason: str) -> PartFailedError:
        self._show(State.FAILED)
        lines = tail(self.log)
        shown = (
            "\n".join(["Its last lines:", *(f"  {line}" for line in lines)]) if lines else "It wrote nothing."
        )
        return PartFailedError(f"{reason} Its log is {self.log}.\n{shown}")

    def _show(self, state: State, note: str = "") -> None:
        self.state = state
        self._progress.update(self.part.name, self.part.title, state, note)
        alive = self._process is not None and self._process.returncode is None
        self._folder.write_part(
            PartRecord(
                name=self.part.name,
                state=state,
                pid=self._process.pid if self._process is not None and alive else None,
                began=self._began if alive else None,
                ports=[use.number for use in self.part.ports],
                restarts=self.restarts,
                note=note,
            )
        )


async def _ended(process: asyncio.subprocess.Process, seconds: float) -> bool:
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _why(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
