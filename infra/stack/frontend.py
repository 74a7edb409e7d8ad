"""The web application: built when its output is missing or older than its sources."""

import os
from collections.abc import Iterator
from pathlib import Path

from infra.stack.builds import build, only_one
from infra.stack.errors import StackError
from infra.stack.part import Note, Part
from infra.stack.settings import PROJECT_ROOT, StackSettings
from infra.stack.tools import find_node

FOLDER = PROJECT_ROOT / "frontend"
_NOT_SOURCES = {"node_modules", "dist", "dev-dist", "coverage"}


def dist_folder(settings: StackSettings) -> Path:
    """Where the built application is."""
    return settings.frontend_dist or FOLDER / "dist"


def is_stale(folder: Path) -> bool:
    """Whether the output is missing or older than any source."""
    built = folder / "dist" / "index.html"
    if not built.exists():
        return True
    made = built.stat().st_mtime
    return any(path.stat().st_mtime > made for path in _sources(folder))


def _sources(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in _NOT_SOURCES or entry.name.startswith("."):
            continue
        yield from (path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else (entry,)


def needs_packages(folder: Path) -> bool:
    """Whether packages have to be installed: nothing is installed, or the lock is newer than what is."""
    installed = folder / "node_modules" / ".package-lock.json"
    return (
        not installed.exists() or installed.stat().st_mtime < (folder / "package-lock.json").stat().st_mtime
    )


def frontend_part(settings: StackSettings) -> Part:
    """The step that builds the web application."""

    async def prepare(note: Note) -> None:
        await build_frontend(settings, note)

    given = "FRONTEND_DIST" if settings.frontend_dist else ""
    return Part(name="frontend", title="Web application", prepare=prepare, given=given)


async def build_frontend(settings: StackSettings, note: Note) -> None:
    """Builds the web application, unless its output is newer than its sources.

    Raises:
        StackError: there are no sources, no Node, or the build fails.
    """
    if not (FOLDER / "package.json").exists():
        raise StackError(f"{FOLDER} holds no web application. Set FRONTEND_DIST to a built one.")
    if not is_stale(FOLDER):
        return
    async with only_one(settings.bin_dir / ".frontend.lock"):
        if is_stale(FOLDER):
            await _build(settings, note)


async def _build(settings: StackSettings, note: Note) -> None:
    node = await find_node(settings.bin_dir.parent / "tools", note)
    env = {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}
    npm = str(node / "npm")
    if needs_packages(FOLDER):
        note("installing packages")
        # Not `npm ci`: it refuses a lock without the binaries of other systems, which some registries lack.
        # The versions are the lock's all the same, and the lock is not written.
        command = [npm, "install", "--no-save", "--no-audit", "--no-fund"]
        await build("Installing the web application's packages", command, cwd=FOLDER, on_line=_quiet, env=env)
    note("building")
    await build("Building the web application", [npm, "run", "build"], cwd=FOLDER, on_line=_quiet, env=env)


def _quiet(_line: str) -> None:
    """The output is shown only when the build fails."""
