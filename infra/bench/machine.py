"""Which machine and which versions a measurement was made with, and how busy the stack keeps its cores."""

import datetime
import importlib.metadata
import os
import platform
import re
import time
from collections.abc import Iterable
from pathlib import Path

import psutil
from pydantic import BaseModel, Field

PACKAGES = (
    "livekit",
    "livekit-agents",
    "livekit-plugins-deepgram",
    "livekit-plugins-openai",
    "livekit-plugins-silero",
    "moonshine-voice",
    "piper-tts",
)
SERVER_PIN = Path(__file__).resolve().parents[1] / "livekit" / "go.mod"


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


class Report(BaseModel):
    """What the reports of all benches begin with: when, on which machine, with which versions."""

    date: str = Field(default_factory=_now)
    machine: dict[str, str | int | float]
    versions: dict[str, str]


def describe_machine() -> dict[str, str | int | float]:
    """Processor, cores this process may use, memory in GB, system."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.platform(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def own_versions() -> dict[str, str]:
    """Versions of Avaaz and of what runs it."""
    return {"python": platform.python_version(), "avaaz": importlib.metadata.version("avaaz")}


def describe_versions() -> dict[str, str]:
    """Versions of what takes part in a spoken turn."""
    found = {**own_versions(), "livekit-server": _server_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


class CpuMeter:
    """Processor seconds of process trees between two moments."""

    def __init__(self, roots: dict[str, int]) -> None:
        self._roots = roots
        self._before = {name: _cpu_seconds(pid) for name, pid in roots.items()}
        self._since = time.monotonic()

    def cores(self) -> dict[str, float]:
        """Cores used on average since the start, a part each."""
        wall = max(time.monotonic() - self._since, 1e-3)
        return {
            name: round((_cpu_seconds(pid) - self._before[name]) / wall, 3)
            for name, pid in self._roots.items()
        }


def _cpu_seconds(pid: int) -> float:
    """Of a process and its descendants, ended ones included once their parent has collected them."""
    try:
        root = psutil.Process(pid)
        return sum(_own_and_collected(process) for process in _tree(root))
    except psutil.Error:
        return 0.0


def _tree(root: psutil.Process) -> Iterable[psutil.Process]:
    return [root, *root.children(recursive=True)]


def _own_and_collected(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else platform.processor() or platform.machine()


def _server_version() -> str:
    try:
        found = re.search(r"livekit/livekit-server v(\S+)", SERVER_PIN.read_text("utf-8"))
    except OSError:
        found = None
    return found.group(1) if found else "unknown"
