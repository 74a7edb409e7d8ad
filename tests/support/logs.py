"""Looking for what must not be in a log."""

from collections.abc import Iterable
from pathlib import Path


def log_files(home: Path) -> list[Path]:
    """Every log that a stack has written."""
    return [*sorted((home / "logs").iterdir()), home / "up.log"]


def leaks(home: Path, secrets: Iterable[str]) -> list[str]:
    """`FILE: LINE` for each line of a log that holds one of these strings, in whatever case."""
    wanted = [secret.lower() for secret in secrets]
    return [
        f"{path.name}: {line[:300]}"
        for path in log_files(home)
        for line in path.read_text("utf-8", errors="replace").splitlines()
        if any(secret in line.lower() for secret in wanted)
    ]
