"""A part that notes its process id when it is ready."""

import os
import subprocess
import sys
from pathlib import Path

from infra.stack.checks import both, pid_noted


async def test_nothing_noted_is_not_ready(tmp_path: Path) -> None:
    assert not await pid_noted(tmp_path / "absent")()


async def test_noted_by_a_living_process(tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text(str(os.getpid()))
    assert await pid_noted(note)()


def pid_of_a_dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        return process.pid


async def test_noted_by_a_dead_process_is_not_ready(tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text(str(pid_of_a_dead_process()))
    assert not await pid_noted(note)()


async def test_garbage_is_not_ready(tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text("soon")
    assert not await pid_noted(note)()


async def test_both_means_both(tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text(str(os.getpid()))
    assert await both(pid_noted(note), pid_noted(note))()
    assert not await both(pid_noted(note), pid_noted(tmp_path / "absent"))()
