"""The machine: room on the disk, memory, the clock, the address that browsers open."""

import asyncio
import shutil
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import psutil

from infra.findings import Finding, failed, ok, skipped, warning

AREA: Final = "Machine"
_GB: Final = 1e9
_DISK_NEEDED: Final = 1.0
_DISK_GOOD: Final = 5.0
_MEMORY_GOOD: Final = 2.0
"""GB free: the stack at rest takes 1.5 GB (docs/benchmarks.md)."""
_SKEW_S: Final = 30.0
"""Room tokens carry a start time; LiveKit forgives a minute of difference."""
_EXPIRY_DAYS: Final = 14


def disk(home: Path) -> Finding:
    """Room where everything is kept."""
    free = shutil.disk_usage(home if home.exists() else home.parent).free / _GB
    said = f"{free:.1f} GB are free where {home} is."
    if free < _DISK_NEEDED:
        return failed(AREA, "disk", said, "Make room: recordings and the outbox need it.")
    if free < _DISK_GOOD:
        return warning(AREA, "disk", said, "Make room soon.")
    return ok(AREA, "disk", said, free_gb=round(free, 1))


def memory(running: bool) -> Finding:
    """Room for the models, unless they are loaded already."""
    free = psutil.virtual_memory().available / _GB
    said = f"{free:.1f} GB of memory are free."
    if not running and free < _MEMORY_GOOD:
        return warning(AREA, "memory", said, "The stack takes 1.5 GB, and 0.1 GB for each call.")
    return ok(AREA, "memory", said, free_gb=round(free, 1))


async def clock(addresses: dict[str, str]) -> Finding:
    """This machine's clock against those of the servers that it signs tokens for.

    Args:
        addresses: setting's name to http(s) or ws(s) address of parts that run elsewhere.
    """
    if not addresses:
        return skipped(AREA, "clock", "Every part runs on this machine.")
    for name, address in addresses.items():
        skew = await _skew(address)
        if skew is not None and abs(skew) > _SKEW_S:
            said = f"This machine's clock differs by {skew:.0f} s from that of {name}."
            return failed(
                AREA, "clock", said, "Set it by a time server (for instance chrony), else tokens fail."
            )
    return ok(AREA, "clock", "The clock agrees with that of the other machines.")


async def _skew(address: str) -> float | None:
    parts = urlsplit(address)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    try:
        async with httpx.AsyncClient(timeout=5.0) as client:
            answer = await client.get(f"{scheme}://{parts.netloc}/")
    except httpx.HTTPError:
        return None
    said = answer.headers.get("date")
    return (datetime.now(UTC) - parsedate_to_datetime(said)).total_seconds() if said else None


def microphone(address: str) -> Finding:
    """Whether browsers will allow the microphone there."""
    parts = urlsplit(address)
    if parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost", "::1"}:
        said = (
            "Browsers allow the microphone at this address. If one does not: the lock beside the address, "
            "then Microphone, Allow; and the system's own privacy settings."
        )
        return ok("Browser", "microphone", said)
    mend = "Put it behind HTTPS (docs/deployment.md): browsers give the microphone to secure pages only."
    return failed("Browser", "microphone", f"{address} is not secure.", mend)


async def certificate(address: str) -> Finding:
    """Whether the certificate of an HTTPS address is trusted and lasts."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        return skipped("Browser", "certificate", "The address is not HTTPS.")
    try:
        left = await asyncio.to_thread(_days_left, parts.hostname, parts.port or 443)
    except ssl.SSLCertVerificationError as error:
        mend = "Check DNS and the web server's certificate; `caddy` gets one by itself for a public name."
        return failed("Browser", "certificate", f"Not trusted: {error.verify_message}.", mend)
    except OSError as error:
        mend = "Check that the web server runs and that the name leads here."
        return failed("Browser", "certificate", f"No answer at {address}: {type(error).__name__}.", mend)
    if left < _EXPIRY_DAYS:
        return warning("Browser", "certificate", f"It ends in {left:.0f} days.", "Renew it.")
    return ok("Browser", "certificate", f"Trusted for {left:.0f} more days.", days=round(left))


def _days_left(host: str, port: int) -> float:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=host) as secure,
    ):
        found = secure.getpeercert() or {}
    end = ssl.cert_time_to_seconds(str(found["notAfter"]))
    return (end - datetime.now(UTC).timestamp()) / 86_400
