"""Asking a part whether it is ready, and a port whether it is free."""

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from pathlib import Path

import psutil

from infra.stack.errors import StackError
from infra.stack.part import Check, PortUse

_ANSWER_WITHIN_S = 3.0


def http_ok(port: int, path: str) -> Check:
    """Ready when GET answers 200 on this port of 127.0.0.1."""

    async def ask() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
            )
            status = (await reader.readline()).split()
            return int(status[1]) if len(status) > 1 else 0
        finally:
            writer.close()

    async def check() -> bool:
        try:
            return await asyncio.wait_for(ask(), _ANSWER_WITHIN_S) == 200
        except (OSError, TimeoutError, ValueError):
            return False

    return check


def pid_noted(path: Path) -> Check:
    """Ready when the process whose pid stands in this file lives."""

    async def check() -> bool:
        try:
            return psutil.pid_exists(int(await asyncio.to_thread(path.read_text)))
        except (OSError, ValueError):
            return False

    return check


def both(first: Check, second: Check) -> Check:
    """Ready when both are."""

    async def check() -> bool:
        return await first() and await second()

    return check


def command_ok(*command: str) -> Check:
    """Ready when a program says so by its exit status."""

    async def check() -> bool:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        return await process.wait() == 0

    return check


def is_free(use: PortUse) -> bool:
    """Whether a program could listen on this port now."""
    kind = socket.SOCK_DGRAM if use.udp else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as probe:
        if not use.udp:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((use.host, use.number))
        except OSError:
            return False
    return True


def require_free(uses: Sequence[PortUse]) -> None:
    """Makes sure that all ports can be used and differ from each other.

    Raises:
        StackError: names the port, the setting, and the program that holds it where that can be known.
    """
    seen: dict[tuple[int, bool], str] = {}
    for use in uses:
        other = seen.setdefault((use.number, use.udp), use.setting)
        if other != use.setting:
            raise StackError(f"{other} and {use.setting} are both {use.number}. Give them different ports.")
        if not is_free(use):
            taken = f"Port {use.number} is in use{_holder(use)} ({use.setting})."
            raise StackError(f"{taken} Set {use.setting} to another port.")


def _holder(use: PortUse) -> str:
    kind = "udp" if use.udp else "tcp"
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections(kind):
            listens = use.udp or connection.status == psutil.CONN_LISTEN
            if listens and connection.laddr and connection.laddr.port == use.number and connection.pid:
                return f" by {psutil.Process(connection.pid).name()}, pid {connection.pid}"
    return ""
