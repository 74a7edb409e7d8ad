"""The LiveKit server: found on PATH or built once from `infra/livekit/go.mod`, and its configuration."""

import asyncio
import os
import re
import shutil
import time
from pathlib import Path
from string import Template

from infra.stack.builds import build, only_one
from infra.stack.checks import http_ok
from infra.stack.credentials import Credentials
from infra.stack.errors import StackError
from infra.stack.files import write_private
from infra.stack.part import ANY_HOST, Note, Part, PortUse
from infra.stack.settings import PROJECT_ROOT, StackSettings, port_range
from infra.stack.tools import find_go

MODULE = PROJECT_ROOT / "infra" / "livekit"
_PACKAGE = "github.com/livekit/livekit-server/cmd/server"
_PACKAGES_TO_COMPILE = 790
"""About how many packages a cold build compiles, counted by `go list -deps`; shown as progress only."""


def pinned_version() -> str:
    """The LiveKit version that `go.mod` names, as in `1.13.5`."""
    match = re.search(r"github\.com/livekit/livekit-server v(\S+)", (MODULE / "go.mod").read_text("utf-8"))
    if match is None:
        raise StackError(f"{MODULE / 'go.mod'} names no version of livekit-server.")
    return match[1]


def built_binary(settings: StackSettings) -> Path:
    """Where the server built for the pinned version is kept."""
    return settings.bin_dir / f"livekit-server-{pinned_version()}"


async def server_binary(settings: StackSettings, note: Note) -> Path:
    """A server of the right version: from PATH, from an earlier build, or built now.

    Raises:
        StackError: there is none and it cannot be built.
    """
    on_path = shutil.which("livekit-server")
    if on_path is not None and await _same_minor(on_path):
        return Path(on_path)
    binary = built_binary(settings)
    if binary.exists():
        return binary
    async with only_one(settings.bin_dir / ".build.lock"):
        if not binary.exists():
            await _build(binary, settings, note)
    return binary


async def _same_minor(program: str) -> bool:
    process = await asyncio.create_subprocess_exec(
        program, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    output, _ = await process.communicate()
    match = re.search(r"(\d+\.\d+)\.\d+", output.decode(errors="replace"))
    return match is not None and pinned_version().startswith(match[1] + ".")


async def _build(binary: Path, settings: StackSettings, note: Note) -> None:
    note("looking for Go")
    go = await find_go(settings.bin_dir.parent / "tools", note)
    began = time.monotonic()
    compiled = 0

    def on_line(line: str) -> None:
        nonlocal compiled
        if line.startswith("go: downloading"):
            note(f"downloading {line.split()[-2]}")
            return
        compiled += 1
        note(
            f"building, {compiled} packages of about {_PACKAGES_TO_COMPILE}, {time.monotonic() - began:.0f} s"
        )

    unfinished = binary.with_name(f".{binary.name}.{os.getpid()}")
    await build(
        "Building the LiveKit server",
        [str(go), "build", "-v", "-trimpath", "-ldflags=-s -w", "-o", str(unfinished), _PACKAGE],
        cwd=MODULE,
        on_line=on_line,
        env={"CGO_ENABLED": "0"},
    )
    unfinished.replace(binary)


def write_config(settings: StackSettings, credentials: Credentials) -> Path:
    """Fills the configuration template; it holds the keys, so only its owner may read it."""
    first, last = port_range(settings.livekit_udp_ports)
    relay_first, relay_last = port_range(settings.livekit_relay_ports)
    template = Template((MODULE / "livekit.yaml").read_text("utf-8"))
    text = template.substitute(
        port=settings.livekit_port,
        tcp_port=settings.livekit_tcp_port,
        udp_first=first,
        udp_last=last,
        turn_port=settings.livekit_turn_port,
        relay_first=relay_first,
        relay_last=relay_last,
        api_key=credentials.livekit_api_key,
        api_secret=credentials.livekit_api_secret,
        api_port=settings.api_port,
        log_level=settings.livekit_log_level,
    )
    path = settings.avaaz_home / "run" / "livekit.yaml"
    write_private(path, text)
    return path


def livekit_part(settings: StackSettings, credentials: Credentials) -> Part:
    """The LiveKit server of the embedded stack."""
    found: list[Path] = []

    async def prepare(note: Note) -> None:
        found.append(await server_binary(settings, note))
        write_config(settings, credentials)

    def command() -> list[str]:
        return [str(found[-1]), "--config", str(settings.avaaz_home / "run" / "livekit.yaml")]

    return Part(
        name="livekit",
        title="LiveKit server",
        prepare=prepare,
        command=command,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(settings.avaaz_home)},
        ready=http_ok(settings.livekit_port, "/"),
        ports=_ports(settings),
        stop_order=2,
        grace_s=1.0,
    )


def _ports(settings: StackSettings) -> list[PortUse]:
    return [
        PortUse(settings.livekit_port, "LIVEKIT_PORT"),
        PortUse(settings.livekit_tcp_port, "LIVEKIT_TCP_PORT", host=ANY_HOST),
        PortUse(settings.livekit_turn_port, "LIVEKIT_TURN_PORT", udp=True),
    ]
