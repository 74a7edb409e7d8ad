"""The model server as a process of its own, spoken to over its protocols: marker `models`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import httpx
import pytest
import pytest_asyncio

from tests.models.server import Server
from tests.support.ports import free_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set this folder's marker."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.models)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with two streams' worth of places and three frequent phrases."""
    home = tmp_path_factory.mktemp("home")
    phrases = home / "phrases.yaml"
    phrases.write_text("phrases:\n  - Sorry, I lost my voice for a moment.\n  - Good. Let us go on.\n")
    port = free_port()
    environment = {
        **os.environ,
        "AVAAZ_HOME": str(home),
        "MODELS_PORT": str(port),
        "MODELS_PHRASES_FILE": str(phrases),
        "MODELS_MAX_STREAMS": "2",
        "MODELS_IDLE_TIMEOUT_S": "6",
        "MODELS_TTS_WAIT_S": "60",
        "MODELS_MAX_FRAME_BYTES": "65536",
        "MODELS_MAX_UPLOAD_BYTES": "4000000",
        "MODELS_MAX_UPLOAD_SECONDS": "60",
        "MODELS_MAX_PRONUNCIATION_SECONDS": "60",
    }
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.models"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    running = Server(f"http://127.0.0.1:{port}", home, process.pid)
    try:
        _await_ready(running, process)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _await_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{server.url}/health", timeout=2).json()["status"] == "ok":
                return
        except (httpx.HTTPError, ValueError):
            pass
        time.sleep(0.2)
    raise AssertionError((server.home / "log").read_text()[-3000:])


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client session, as the stock plugins take outside of a job."""
    async with aiohttp.ClientSession() as session:
        yield session
