"""Seeing and stopping a stack from another terminal."""

import signal
import time
from pathlib import Path

from pydantic import BaseModel

from infra.stack.process import kill_remains, pss_bytes, send
from infra.stack.state import PartRecord, RunFolder, StackRecord, State
from infra.stack.supervisor import clear_stale

STOP_WITHIN_S = 12.0


class PartStatus(BaseModel):
    """One line of `avaaz status`."""

    name: str
    state: State
    pid: int | None
    ports: list[int]
    uptime_s: float | None
    restarts: int
    pss_mb: float | None
    """Memory in MB of the process and its children, shared pages counted once."""
    note: str


class StackStatus(BaseModel):
    """What `avaaz status --json` prints."""

    running: bool
    ready: bool
    pid: int | None
    address: str | None
    pss_mb: float
    parts: list[PartStatus]


def status(home: Path) -> StackStatus:
    """How the stack of this AVAAZ_HOME stands."""
    folder = RunFolder(home)
    stack = folder.read_stack()
    running = stack is not None and stack.alive and folder.is_locked()
    parts = [_part_status(record) for record in folder.read_parts()] if running else []
    return StackStatus(
        running=running,
        ready=running and stack is not None and stack.ready,
        pid=stack.pid if running and stack is not None else None,
        address=stack.address if running and stack is not None else None,
        pss_mb=round(sum(part.pss_mb or 0.0 for part in parts), 1),
        parts=parts,
    )


def _part_status(record: PartRecord) -> PartStatus:
    alive = record.alive and record.pid is not None and record.began is not None
    return PartStatus(
        name=record.name,
        state=record.state,
        pid=record.pid if alive else None,
        ports=record.ports,
        uptime_s=round(time.time() - record.began, 1) if alive and record.began else None,
        restarts=record.restarts,
        pss_mb=round(pss_bytes(record.pid) / 1e6, 1) if alive and record.pid else None,
        note=record.note,
    )


def take_down(home: Path) -> bool:
    """Stops the stack of this AVAAZ_HOME, clears what a killed one left; returns whether there was any."""
    folder = RunFolder(home)
    stack = folder.read_stack()
    if stack is None and not folder.is_locked():
        return False
    if stack is not None and stack.alive:
        _end_supervisor(stack)
    if folder.is_locked():
        return False
    with folder.lock():
        return clear_stale(folder) > 0 or stack is not None


def _end_supervisor(stack: StackRecord) -> None:
    send(stack.pid, signal.SIGTERM)
    end = time.monotonic() + STOP_WITHIN_S
    while stack.alive and time.monotonic() < end:
        time.sleep(0.05)
    if stack.alive:
        send(stack.pid, signal.SIGKILL)
        kill_remains(stack.run_id)
