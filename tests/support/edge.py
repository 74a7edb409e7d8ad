"""The real Caddy with the project's Caddyfile on free ports, and clients that believe its certificates."""

import asyncio
import base64
import hashlib
import os
import shutil
import ssl
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.stack.checks import http_ok
from infra.stack.process import spawn

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = "avaaz.localhost"
"""Browsers resolve names under localhost to this machine by themselves."""
READY_WITHIN_S = 60.0


@dataclass(frozen=True)
class Edge:
    """A Caddy that runs."""

    folder: Path
    http_port: int
    https_port: int
    metrics_port: int

    @property
    def url(self) -> str:
        """Origin of the web application and the API."""
        return f"https://{DOMAIN}:{self.https_port}"

    @property
    def plain_url(self) -> str:
        """The same without encryption."""
        return f"http://{DOMAIN}:{self.http_port}"

    @property
    def rtc(self) -> str:
        """Host and port of LiveKit's signalling."""
        return f"rtc.{DOMAIN}:{self.https_port}"

    @property
    def log(self) -> str:
        """What Caddy has written."""
        return (self.folder / "caddy.log").read_text("utf-8")

    def client(self, origin: str | None = None, *, believing: bool = True) -> httpx.AsyncClient:
        """A client that finds this Caddy's names on loopback.

        Args:
            origin: where relative addresses lead; the application where left out.
            believing: whether it believes this Caddy's own authority, or those of the machine.
        """
        context = ssl.create_default_context(cafile=self._authority / "root.crt" if believing else None)
        return httpx.AsyncClient(
            base_url=origin or self.url, transport=_Loopback(verify=context), timeout=60, trust_env=False
        )

    @property
    def key_hash(self) -> str:
        """What Chromium is told to believe: the hash of the intermediate authority's public key."""
        certificate = x509.load_pem_x509_certificate((self._authority / "intermediate.crt").read_bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(key).digest()).decode()

    @property
    def _authority(self) -> Path:
        return self.folder / "data" / "caddy" / "pki" / "authorities" / "local"


class _Loopback(httpx.AsyncHTTPTransport):
    """Connects to this machine whatever the address says; name and certificate stay those of the address."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        here = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return await super().handle_async_request(here)


@asynccontextmanager
async def running_edge(
    *, api: str, livekit: str, web: Path, ports: tuple[int, int, int]
) -> AsyncIterator[Edge]:
    """Run Caddy until the end of the block.

    Args:
        api: host:port of the API.
        livekit: host:port of LiveKit's signalling.
        web: folder of the built web application.
        ports: for HTTP, HTTPS and Caddy's own metrics.
    """
    folder = Path(tempfile.mkdtemp(prefix="avaaz-edge-"))
    edge = Edge(folder, *ports)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "AVAAZ_DOMAIN": DOMAIN,
        "AVAAZ_TLS": "internal",
        "AVAAZ_RTC": edge.rtc,
        "AVAAZ_API": api,
        "AVAAZ_LIVEKIT": livekit,
        "AVAAZ_WEB": str(web),
        "AVAAZ_BIND": "127.0.0.1",
        "AVAAZ_HTTP_PORT": str(edge.http_port),
        "AVAAZ_HTTPS_PORT": str(edge.https_port),
        "AVAAZ_CADDY_METRICS_PORT": str(edge.metrics_port),
        "AVAAZ_CADDY_ADMIN": "off",
    }
    command = [str(caddy()), "run", "--adapter", "caddyfile", "--config", str(ROOT / "Caddyfile")]
    try:
        async with running(command, environment, folder / "caddy.log") as process:
            await _ready(edge, process)
            yield edge
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _ready(edge: Edge, process: asyncio.subprocess.Process) -> None:
    answers = http_ok(edge.metrics_port, "/health")
    async with asyncio.timeout(READY_WITHIN_S):
        while not (await answers() and await _has_certificate(edge)):
            assert process.returncode is None, edge.log
            await asyncio.sleep(0.1)


async def _has_certificate(edge: Edge) -> bool:
    try:
        async with edge.client() as client, edge.client(f"https://{edge.rtc}") as rtc:
            await client.get("/favicon.svg")
            await rtc.get("/nothing")
    except (OSError, httpx.TransportError):
        return False
    return True


@asynccontextmanager
async def running(
    command: list[str], environment: Mapping[str, str], log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program until the end of the block."""
    process = await spawn(command, env=environment, cwd=ROOT, log=log)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()


def caddy() -> Path:
    """The program, from the environment that runs the tests."""
    return Path(sys.executable).with_name("caddy")
