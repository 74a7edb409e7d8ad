"""Running build programs (Go, npm) with progress, one at a time on a machine."""

import asyncio
import contextlib
import fcntl
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from infra.stack.errors import StackError


@contextlib.asynccontextmanager
async def only_one(lock: Path) -> AsyncIterator[None]:
    """Waits until no other stack builds the same thing, then keeps others waiting."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _try_lock(descriptor):  # noqa: ASYNC110 - another process sends no event
            await asyncio.sleep(0.3)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def build(
    title: str,
    command: Sequence[str],
    *,
    cwd: Path,
    on_line: Callable[[str], None],
    env: Mapping[str, str] | None = None,
) -> None:
    """Runs a build program to its end, each line of its output given to `on_line`.

    Raises:
        StackError: it failed; the text ends with its last lines.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    last: deque[str] = deque(maxlen=20)
    try:
        async for line in process.stdout or asyncio.StreamReader():
            text = line.decode(errors="replace").rstrip()
            last.append(text)
            on_line(text)
        status = await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        raise
    if status != 0:
        raise StackError(
            f"{title} failed (exit status {status}):\n" + "\n".join(f"  {line}" for line in last)
        )
