"""Small programs that stand for parts, and a supervisor around them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from infra.stack.part import Part
from infra.stack.progress import PlainProgress
from infra.stack.state import PartRecord, RunFolder, State
from infra.stack.supervisor import Supervisor

SLEEP = "import time; time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"
BREEDING = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""
"""Starts a child that leaves the process group, as some servers' workers do."""


def program(name: str, source: str, after: Sequence[str] = (), **more: object) -> Part:
    """A part that runs a piece of Python."""
    return Part(name=name, title=name, after=after, command=[sys.executable, "-c", source], **more)  # type: ignore[arg-type]


def said(home: Path, name: str) -> str:
    """What a part wrote."""
    path = home / "logs" / f"{name}.log"
    return path.read_text() if path.exists() else ""


def record(home: Path, name: str) -> PartRecord:
    """How a part stands."""
    return next(found for found in RunFolder(home).read_parts() if found.name == name)


async def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Waits for a condition; fails the test when it does not come."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - other processes' doing sends no event
            await asyncio.sleep(0.02)


def supervisor(home: Path, parts: Sequence[Part], on_ready: Callable[[], None] = lambda: None) -> Supervisor:
    """A supervisor over these parts."""
    return Supervisor(
        parts, home=home, cwd=home, address="http://127.0.0.1:1", progress=PlainProgress(), on_ready=on_ready
    )


@asynccontextmanager
async def supervised(home: Path, *parts: Part) -> AsyncIterator[Supervisor]:
    """Parts that are up; all are stopped at the end."""
    ready = asyncio.Event()
    running = supervisor(home, parts, ready.set)
    task = asyncio.create_task(running.run())
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        yield running
    finally:
        waiting.cancel()
        running.stop()
        await task


def is_ready(home: Path, name: str, not_pid: int | None = None) -> bool:
    """Whether a part is ready with a living process other than `not_pid`."""
    found = record(home, name)
    return found.state is State.READY and found.alive and found.pid != not_pid
