"""The worker: `python -m agent`, or `python -m livekit.agents start agent/main.py`, which is slower to start.

Takes as many calls at once as `AGENT_MAX_CALLS` says; load is the number of calls and not the
processor's, which on a small busy machine would refuse every call (`agent/places.py`).
"""

import asyncio
import importlib
import math
import os
from types import ModuleType

from livekit.agents import AgentServer, JobContext, JobProcess, JobRequest

from agent import logs, metrics
from agent.places import Places
from agent.registration import Registration
from agent.settings import settings
from api.contract.room import AGENT_NAME
from infra.configuration import export_secret_files, require
from infra.error_tracking import configure_error_tracking

logs.configure(settings().log_level)
# The framework reads these from the environment itself.
export_secret_files(["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"])
configure_error_tracking("agent")
require(["LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "AGENT_SERVICE_KEY"])


def job_side() -> ModuleType:
    """What runs in job processes; this process needs none of it, and starts sooner without."""
    return importlib.import_module("agent.job")


def prewarm(proc: JobProcess) -> None:
    """Make a job process ready."""
    job_side().prewarm(proc)


async def on_request(request: JobRequest) -> None:
    """A job is offered."""
    await places.admit(server, request)
    await asyncio.to_thread(metrics.fold)


async def on_session_end(ctx: JobContext) -> None:
    """The session is over."""
    await job_side().end(ctx)


class Server(AgentServer):
    """The framework's server with our logs."""

    async def run(self, *, devmode: bool = False, unregistered: bool = False) -> None:
        """Serve. The framework's launcher has added log handlers of its own just before."""
        logs.configure(settings().log_level)
        await super().run(devmode=devmode, unregistered=unregistered)


places = Places(settings().agent_max_calls)
server = Server(
    setup_fnc=prewarm,
    host=settings().agent_host,
    port=settings().agent_port,
    prometheus_port=settings().agent_metrics_port,
    prometheus_multiproc_dir=os.environ.get("PROMETHEUS_MULTIPROC_DIR"),
    num_idle_processes=settings().agent_idle_processes,
    initialize_process_timeout=60.0,
    load_fnc=places.load,
    load_threshold=math.inf,
    drain_timeout=settings().agent_drain_timeout,
    preload_modules=["agent.preload"],
)
server.on("worker_registered", Registration(settings()).note)


@server.rtc_session(agent_name=AGENT_NAME, on_request=on_request, on_session_end=on_session_end)
async def entrypoint(ctx: JobContext) -> None:
    """One job: one call."""
    await job_side().run(ctx)
