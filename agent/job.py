"""What a job process does: made ready once, then one call from its start to its end."""

from livekit.agents import JobContext, JobProcess

from agent import logs, tracing
from agent.call import Call
from agent.correlation import correlation_of
from agent.kit import Kit, build_kit
from agent.settings import settings
from infra import telemetry
from infra.garbage import keep_what_is_loaded

_KIT = "kit"
_CALL = "call"


def prewarm(proc: JobProcess) -> None:
    """Make a job process ready: models built, apologies on disk."""
    logs.configure(settings().log_level)
    tracing.configure()
    kit = build_kit(settings())
    kit.apologies.fetch(settings().tts_url, key="local", model=settings().tts_model)
    proc.userdata[_KIT] = kit
    keep_what_is_loaded()


async def run(ctx: JobContext) -> None:
    """Carry the call of the job's room."""
    telemetry.correlation_id.set(correlation_of(ctx))
    kit: Kit = ctx.proc.userdata[_KIT]
    call = Call(ctx, kit)
    ctx.proc.userdata[_CALL] = call
    await call.run()


async def end(ctx: JobContext) -> None:
    """The session is over: complete the record."""
    call = ctx.proc.userdata.pop(_CALL, None)
    if isinstance(call, Call):
        with telemetry.correlated(correlation_of(ctx)):
            await call.finalise()
