"""Small helpers for files that must never be seen half written."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replaces a file in one step, readable and writable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)


def tail(path: Path, lines: int = 15) -> list[str]:
    """The last lines of a log, or none when there is no such file. Reads at most 64 KiB."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 65_536))
        return file.read().decode("utf-8", "replace").splitlines()[-lines:]


def rotate(path: Path, limit_bytes: int, kept: int) -> None:
    """Bounds a log that a running process appends to: copies it aside and empties it in place.

    The writer has the file open in append mode, so it goes on at the new end. `kept` older copies remain.
    """
    if not path.exists() or path.stat().st_size <= limit_bytes:
        return
    for number in range(kept - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    with path.open("rb") as source, path.with_name(f"{path.name}.1").open("wb") as copy:
        source.seek(max(0, path.stat().st_size - limit_bytes))
        copy.write(source.read(limit_bytes))
    os.truncate(path, 0)
