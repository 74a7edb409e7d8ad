"""bandit finds what it is there for; the audit of dependencies fails on a hole, and on nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

CLEAN = "exit 0"
HOLE = "echo 'aiohttp 3.0: GHSA-0000-0000-0000'; exit 1"
AWAY = {
    "uv": "echo 'error: Request failed after 3 retries' >&2; exit 2",
    "npm": "echo 'npm error audit endpoint returned an error' >&2; exit 1",
}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import hashlib\nhashlib.md5(b'a')\n", "B324"),
        ("import tarfile\ntarfile.open('a').extractall('b')\n", "B202"),
        ("import hashlib\nhashlib.sha256(b'a')\n", ""),
    ],
)
def test_bandit_finds_a_weakness_and_nothing_else(tmp_path: Path, source: str, found: str) -> None:
    (tmp_path / "module.py").write_text(source)
    command = [str(Path(sys.executable).with_name("bandit")), "--quiet", "--recursive", str(tmp_path)]
    answer = subprocess.run(
        [*command, "--configfile", str(ROOT / "pyproject.toml")], capture_output=True, text=True, check=False
    )
    assert answer.returncode == (1 if found else 0), answer.stderr
    assert found in answer.stdout


def audit(tools: Path, programs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the audit with programs that say and return what a test wants."""
    for name, script in programs.items():
        program = tools / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    return subprocess.run(
        [str(ROOT / ".ci" / "audit")], env={"PATH": path}, capture_output=True, text=True, check=False
    )


def test_audit_passes_where_nothing_is_known(tmp_path: Path) -> None:
    answer = audit(tmp_path, {"uv": CLEAN, "npm": CLEAN})
    assert answer.returncode == 0
    assert answer.stdout.count("no known advisory") == 2


@pytest.mark.parametrize("name", ["uv", "npm"])
def test_audit_fails_on_a_hole_and_shows_it(tmp_path: Path, name: str) -> None:
    answer = audit(tmp_path, {"uv": CLEAN, "npm": CLEAN, name: HOLE})
    assert answer.returncode == 1
    assert "GHSA-0000-0000-0000" in answer.stdout


@pytest.mark.parametrize("name", AWAY)
def test_audit_says_so_where_it_cannot_ask(tmp_path: Path, name: str) -> None:
    answer = audit(tmp_path, {"uv": CLEAN, "npm": CLEAN, name: AWAY[name]})
    assert answer.returncode == 0
    assert "NOT CHECKED" in answer.stdout
    assert answer.stdout.count("no known advisory") == 1
