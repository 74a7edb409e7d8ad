"""The stack for tests and measurements: a whole one of its own in a temporary folder, on free ports.

It is the same `avaaz up` that people run, in a process of its own, so a caller that blocks does not stop its
supervision, and it is stopped with all it started however the caller ends.
"""

import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.stack.checks import is_free
from infra.stack.control import take_down
from infra.stack.errors import PartFailedError
from infra.stack.files import tail
from infra.stack.part import ANY_HOST, PortUse
from infra.stack.plan import Plan, database_urls, make_plan
from infra.stack.process import pss_bytes, send, spawn
from infra.stack.settings import PROJECT_ROOT, StackSettings, load_settings, read_env_file
from infra.stack.state import PartRecord, RunFolder, State

_MEDIA_PORTS = 60
"""UDP ports for media and as many for relay; one call needs a handful."""


@dataclass(frozen=True)
class RunningStack:
    """A stack that is up. All addresses are on 127.0.0.1 unless an override gave another."""

    home: Path
    settings: StackSettings
    plan: Plan
    pid: int
    """Of `avaaz up` itself."""

    @property
    def api_url(self) -> str:
        """Base address of the API and the web application."""
        return self.settings.address

    @property
    def livekit_url(self) -> str:
        """WebSocket address of the LiveKit server."""
        return self.plan.shared_env["LIVEKIT_URL"]

    @property
    def livekit_key(self) -> str:
        """Key that tokens for the LiveKit server are signed under."""
        return self.plan.credentials.livekit_api_key

    @property
    def livekit_secret(self) -> str:
        """The secret of `livekit_key`."""
        return self.plan.credentials.livekit_api_secret

    @property
    def models_url(self) -> str:
        """Base address of the model server."""
        return f"http://127.0.0.1:{self.settings.models_port}"

    @property
    def database_url(self) -> str:
        """Address of the database for the role that owns the schema."""
        api_address, owner_address = database_urls(self.settings, self.plan.credentials)
        return owner_address or api_address

    @property
    def env(self) -> dict[str, str]:
        """The environment of the stack's own API process: enough for any `python -m api...` against it."""
        api_address, owner_address = database_urls(self.settings, self.plan.credentials)
        return {
            **self.plan.shared_env,
            "DATABASE_URL": api_address,
            "MIGRATIONS_DATABASE_URL": owner_address or "",
            "SECRET_KEY": self.plan.credentials.secret_key,
            "AVAAZ_EMBEDDED": "1" if self.settings.own_database else "0",
        }

    def part(self, name: str) -> PartRecord:
        """How a part stands now: `state`, `pid`, `restarts`.

        Raises:
            KeyError: there is no such part.
        """
        for record in RunFolder(self.home).read_parts():
            if record.name == name:
                return record
        raise KeyError(name)

    def log(self, name: str, lines: int = 50) -> list[str]:
        """The last lines that a part wrote."""
        return tail(self.home / "logs" / f"{name}.log", lines)

    def kill(self, name: str, sent: signal.Signals = signal.SIGKILL) -> int:
        """Kills a part's main process. Returns the pid that was killed."""
        pid = self.part(name).pid
        if pid is None:
            raise ProcessLookupError(f"{name} is not running")
        send(pid, sent)
        return pid

    async def wait_ready(self, name: str, *, not_pid: int | None = None, seconds: float = 90.0) -> PartRecord:
        """Waits until a part is ready, with another process than `not_pid` when that is given.

        Raises:
            PartFailedError: it was not in time; the text holds its last lines.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            record = self.part(name)
            if record.state is State.READY and record.alive and record.pid != not_pid:
                return record
            await asyncio.sleep(0.05)
        shown = "\n".join(self.log(name, 30))
        raise PartFailedError(f"{name} was not ready within {seconds:.0f} s:\n{shown}")

    def pss(self) -> dict[str, int]:
        """Bytes of memory (proportional set size, children included) by part."""
        return {r.name: pss_bytes(r.pid) for r in RunFolder(self.home).read_parts() if r.pid and r.alive}


@asynccontextmanager
async def running_stack(
    home: Path | None = None,
    settings_overrides: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    env_file: Path | None = None,
    web: bool = False,
    agents: int = 1,
    without: Sequence[str] = (),
    ready_within_s: float = 900.0,
) -> AsyncIterator[RunningStack]:
    """Brings up a stack and takes it down at the end, whatever happens between.

    Args:
        home: its AVAAZ_HOME; a temporary folder, removed at the end, when not given.
        settings_overrides: settings by their names in small or capital letters, such as `{"API_PORT": 8001}`;
            ports that are not given are free ones.
        env: more environment for the parts, such as `{"LLM_URL": ...}`.
        env_file: a file such as `.env` to read too; none by default, so that a test does not depend on it.
        web: whether the web application is built and served.
        agents: how many workers of the agent; the product has two, of which the second one costs 10 s of
            processor time that most tests have no use for.
        without: parts to leave out.
        ready_within_s: how long the start may take; the first one on a machine builds the LiveKit server.

    Raises:
        PartFailedError: it did not come up; the text holds what it said.
    """
    temporary = home is None
    home = Path(tempfile.mkdtemp(prefix="avaaz-")) if home is None else home
    left_out = (*without, *(() if web else ("frontend",)))
    overrides = {name.upper(): str(value) for name, value in (settings_overrides or {}).items()}
    outer = {
        **read_env_file(env_file),
        **os.environ,
        "AVAAZ_BIN": str(_shared("bin", "AVAAZ_BIN")),
        "MODELS_CACHE": str(_shared("cache", "MODELS_CACHE")),
        "AGENT_WORKERS": str(agents),
        **_free_ports(overrides),
        **(env or {}),
        **overrides,
        "AVAAZ_HOME": str(home),
    }
    settings = load_settings(
        None, **{name.lower(): value for name, value in outer.items() if _is_setting(name)}
    )
    plan = make_plan(settings, outer, left_out)
    try:
        pid = await _bring_up(home, outer, left_out, ready_within_s)
        running = RunningStack(home=home, settings=settings, plan=plan, pid=pid)
        for part in plan.parts:
            if part.late:
                await running.wait_ready(part.name)
        yield running
    finally:
        await asyncio.to_thread(take_down, home)
        if temporary:
            shutil.rmtree(home, ignore_errors=True)


async def _bring_up(home: Path, env: Mapping[str, str], without: Sequence[str], seconds: float) -> int:
    log = home / "up.log"
    options = [word for name in without for word in ("--without", name)]
    command = [sys.executable, "-m", "infra.stack.cli", "up", "--env-file", "", *options]
    process = await spawn(command, env=env, cwd=PROJECT_ROOT, log=log)
    end = time.monotonic() + seconds
    folder = RunFolder(home)
    while process.returncode is None and time.monotonic() < end:
        record = folder.read_stack()
        if record is not None and record.ready and record.pid == process.pid:
            return process.pid
        await asyncio.sleep(0.1)
    raise PartFailedError("The stack did not come up:\n" + "\n".join(tail(log, 60)))


def _is_setting(name: str) -> bool:
    return name.lower() in StackSettings.model_fields


def _shared(folder: str, setting: str) -> Path:
    """A folder of the ordinary AVAAZ_HOME, so that nothing is built or spoken ahead again."""
    given = os.environ.get(setting)
    ordinary = Path(os.environ.get("AVAAZ_HOME", PROJECT_ROOT / ".avaaz"))
    return Path(given) if given else ordinary.resolve() / folder


def _free_ports(given: Mapping[str, str]) -> dict[str, str]:
    """Free ports for every setting that was not given, below those the system hands out by itself."""
    single = ("API_PORT", "POSTGRES_PORT", "MODELS_PORT", "LIVEKIT_PORT", "LIVEKIT_TCP_PORT", "AGENT_PORT")
    figures = ("AGENT_METRICS_PORT", "SHIPPER_METRICS_PORT", "WORKER_METRICS_PORT")
    second = ("AGENT_SECOND_PORT", "AGENT_SECOND_METRICS_PORT")
    wanted = [*single, *figures, *second, "LIVEKIT_TURN_PORT"]
    chosen: dict[str, str] = {}
    base = _free_block(len(wanted) + 2 * _MEDIA_PORTS)
    for offset, name in enumerate(wanted):
        chosen[name] = str(base + offset)
    media = base + len(wanted)
    chosen["LIVEKIT_UDP_PORTS"] = f"{media}-{media + _MEDIA_PORTS - 1}"
    chosen["LIVEKIT_RELAY_PORTS"] = f"{media + _MEDIA_PORTS}-{media + 2 * _MEDIA_PORTS - 1}"
    return {name: value for name, value in chosen.items() if name not in given}


def _free_block(size: int) -> int:
    for _ in range(200):
        base = random.randrange(12_000, 32_000 - size)
        uses = [
            PortUse(base + offset, "", udp=udp, host=ANY_HOST)
            for offset in range(size)
            for udp in (False, True)
        ]
        if all(is_free(use) for use in uses):
            return base
    raise PartFailedError("No block of free ports was found between 12000 and 32000.")
