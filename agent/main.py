"""The worker: `python -m livekit.agents start agent/main.py`.

Takes as many calls at once as `AGENT_MAX_CALLS` says; load is the number of calls and not the
processor's, which on a small busy machine would refuse every call (`agent/places.py`).
"""

import math
import os

from livekit.agents import AgentServer, JobContext, JobProcess, JobRequest

from agent.call import Call, correlation_of
from agent.kit import Kit, build_kit
from agent.places import Places
from agent.registration import Registration
from agent.settings import settings
from api.contract.room import AGENT_NAME
from infra import telemetry
from infra.configuration import export_secret_files, require

_KIT = "kit"
_CALL = "call"

telemetry.configure_logging("agent", settings().log_level)
# The framework reads these from the environment itself.
export_secret_files(["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"])
require(["LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"])
log = telemetry.get_logger(__name__)


def prewarm(proc: JobProcess) -> None:
    """Make a job process ready: models built, apologies on disk."""
    telemetry.configure_logging("agent", settings().log_level)
    kit = build_kit(settings())
    kit.apologies.fetch(settings().tts_url, key="local", model=settings().tts_model)
    proc.userdata[_KIT] = kit


async def on_request(request: JobRequest) -> None:
    """A job is offered."""
    await places.admit(server, request)


async def on_session_end(ctx: JobContext) -> None:
    """The session is over: complete the record."""
    call = ctx.proc.userdata.pop(_CALL, None)
    if isinstance(call, Call):
        await call.finalise()


places = Places(settings().agent_max_calls)
server = AgentServer(
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
    preload_modules=["agent.call", "agent.kit", "agent.preload"],
)
# The framework's launcher adds handlers of its own after this module is read.
server.on("worker_started", lambda: telemetry.configure_logging("agent", settings().log_level))
server.on("worker_registered", Registration(settings()).note)


@server.rtc_session(agent_name=AGENT_NAME, on_request=on_request, on_session_end=on_session_end)
async def entrypoint(ctx: JobContext) -> None:
    """One job: one call."""
    telemetry.correlation_id.set(correlation_of(ctx))
    kit: Kit = ctx.proc.userdata[_KIT]
    call = Call(ctx, kit)
    ctx.proc.userdata[_CALL] = call
    await call.run()
