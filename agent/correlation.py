"""The correlation id of a call, which its logs, its requests and its trace have in common."""

import json
from functools import cache

from livekit.agents import JobContext

from infra import telemetry


def correlation_of(ctx: JobContext) -> str:
    """The correlation id from the dispatch metadata, or a new one; always the same for a job."""
    return _correlation(ctx.job.id, ctx.job.metadata)


@cache
def _correlation(_job: str, metadata: str) -> str:
    try:
        offered = json.loads(metadata or "{}").get("correlation_id")
    except (ValueError, AttributeError):
        offered = None
    return telemetry.accept_request_id(offered if isinstance(offered, str) else None)
