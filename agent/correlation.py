"""What the dispatch metadata tell of a call: its channel, and the correlation id that its logs, its requests
and its trace have in common."""

import json
from functools import cache
from typing import Any

from livekit.agents import JobContext

from api.contract.calls import Channel
from infra import telemetry


def correlation_of(ctx: JobContext) -> str:
    """The correlation id from the dispatch metadata, or a new one; always the same for a job."""
    return _correlation(ctx.job.id, ctx.job.metadata)


def channel_of(ctx: JobContext) -> Channel:
    """How the learner comes; by the web where nothing else is said."""
    return Channel.PHONE if _metadata(ctx.job.metadata).get("channel") == Channel.PHONE else Channel.WEB


@cache
def _correlation(_job: str, metadata: str) -> str:
    offered = _metadata(metadata).get("correlation_id")
    return telemetry.accept_request_id(offered if isinstance(offered, str) else None)


def _metadata(raw: str) -> dict[str, Any]:
    try:
        found = json.loads(raw or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
