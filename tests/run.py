"""`make test`: every check and every test, as two lanes beside one another.

One lane computes and may be slow; the other holds calls, which keep real time and leave the machine idle for
much of it. The first lane's words are kept back until the second has ended. Exit status 1 if anything failed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPUTING = (
    "tests/unit",
    "tests/api",
    "tests/models",
    "tests/backup",
    "tests/bench",
    *(f"tests/agent/{folder}" for folder in ("guided", "injection", "lesson")),
    "tests/e2e/test_screens.py",
)
"""What only computes. Whatever is not named here holds calls."""


def pytest(scratch: Path, name: str, *arguments: str) -> list[str]:
    """The command for one lane's tests; lanes share no folder."""
    return [
        "pytest", "--durations=20", f"--basetemp={scratch / name}", "-o", f"cache_dir={scratch / name}-cache",
        *arguments,
    ]  # fmt: skip


def compute(scratch: Path) -> subprocess.Popen[bytes]:
    """Begin lint, the frontend's tests and the tests that compute; each runs, whatever failed before it."""
    tests = " ".join(pytest(scratch, "computing", *COMPUTING))
    steps = " || failed=1; ".join(("make lint", "make test-frontend", tests, "exit $failed"))
    command = ["sh", "-c", f"failed=0; {steps}"]
    with (scratch / "computing.log").open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)


def hold_calls(scratch: Path) -> int:
    """Run all other tests to their end."""
    others = [f"--ignore={folder}" for folder in COMPUTING]
    return subprocess.run(pytest(scratch, "calls", *others), cwd=ROOT, check=False).returncode


def main() -> int:
    """Run both lanes."""
    with tempfile.TemporaryDirectory(prefix="avaaz-test-") as folder:
        scratch = Path(folder)
        say(f"Lint, the frontend's tests and {', '.join(COMPUTING)} run meanwhile; their words come last.")
        computing = compute(scratch)
        calls = hold_calls(scratch)
        computed = computing.wait()
        sys.stdout.write((scratch / "computing.log").read_text(errors="replace"))
        if calls:
            say("make test: tests that hold calls failed; their words stand first.")
        if computed:
            say("make test: lint, the frontend's tests or the tests that compute failed; see above.")
        return 1 if calls or computed else 0


def say(line: str) -> None:
    """One line for who waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
