"""Starting, recognizing and ending operating-system processes, with everything they started themselves."""

import asyncio
import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from infra.stack.errors import StackError

RUN_MARK = "AVAAZ_RUN_ID"
"""Environment variable that every process of one run of the stack carries, its children's children too."""

PART_MARK = "AVAAZ_PART"
"""Environment variable that says which part a process belongs to."""

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """The system account a process runs under when it must not be root."""

    name: str
    uid: int
    gid: int


def _die_with_parent(parent: int, sent: signal.Signals) -> Callable[[], None]:
    """For the child, between fork and exec: the kernel sends it `sent` when this process ends."""

    def setup() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(sent), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return setup


async def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    account: Account | None = None,
    orphan_signal: signal.Signals = signal.SIGTERM,
    speaks: bool = False,
) -> asyncio.subprocess.Process:
    """Starts a program in a session of its own, its output appended to `log`.

    With `speaks`, only what it writes to its standard error; the rest can be read from its `stdout`.

    Raises:
        OSError: the program cannot be started.
    """
    identity = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *command,
            env=dict(env),
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if speaks else output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_parent(os.getpid(), orphan_signal),
            **identity,  # type: ignore[arg-type]
        )


async def output_of(
    command: Sequence[str], env: Mapping[str, str], name: str, *, cwd: Path, said: str = ""
) -> str:
    """Run a program to its end, and return what it wrote to its standard output.

    Args:
        command: its command line.
        env: its whole environment.
        name: what it is called where it failed.
        cwd: the folder it runs in.
        said: its standard input.

    Raises:
        StackError: it failed; the text holds the last lines of its complaint.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(env),
        cwd=cwd,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, complaint = await process.communicate(said.encode())
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode != 0:
        last = "\n".join(complaint.decode(errors="replace").strip().splitlines()[-5:])
        raise StackError(f"{name} ended with status {process.returncode}:\n{last}")
    return output.decode(errors="replace")


def started_at(pid: int) -> float | None:
    """When a process began (seconds since the epoch), None when there is none; with the pid it names one."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def is_same(pid: int | None, began: float | None) -> bool:
    """Whether the process that was recorded with this pid and start is still alive."""
    if pid is None or began is None:
        return False
    now = started_at(pid)
    return now is not None and abs(now - began) < 0.05


def marked(run_id: str, part: str | None = None) -> Iterator[psutil.Process]:
    """Living processes of one run of the stack, found by the marks in their environment."""
    for process in psutil.process_iter():
        try:
            env = process.environ()
        except (psutil.Error, OSError):
            continue
        if process.pid == os.getpid() or env.get(RUN_MARK) != run_id:
            continue
        if part is None or env.get(PART_MARK) == part:
            yield process


def kill_remains(run_id: str, part: str | None = None, *, seconds: float = 2.0) -> int:
    """Kills what is left of a run or of one part, until nothing is. Returns how many were killed."""
    killed = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        remains = [process for process in marked(run_id, part) if process.status() != psutil.STATUS_ZOMBIE]
        if not remains:
            break
        for process in remains:
            with contextlib.suppress(psutil.Error):
                process.kill()
                killed += 1
        psutil.wait_procs(remains, timeout=0.2)
    return killed


def send(pid: int, sent: signal.Signals) -> None:
    """Sends a signal to one process; nothing happens when it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sent)


def kill_group(leader: int) -> None:
    """Kills a whole process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def pss_bytes(pid: int) -> int:
    """Proportional set size of a process and all its descendants: memory with shared pages counted once."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0
    total = 0
    for process in family:
        with contextlib.suppress(psutil.Error, OSError):
            total += process.memory_full_info().pss
    return total
