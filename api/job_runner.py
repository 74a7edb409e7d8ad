"""What surrounds a job's handler: its arguments, its attempts with growing pauses, and where it ends."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from opentelemetry.trace import SpanKind
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job

from api.calls.livekit import LiveKitUnavailableError
from api.database import Database
from api.dead_letters import service as dead_letters
from api.jobs import MOST_ATTEMPTS, FailedJob, JobName, pause_before_retry
from api.worker_metrics import WorkerMetrics
from infra.telemetry import correlated, get_logger
from infra.tracing import traced

log = get_logger(__name__)

LIVEKIT_ATTEMPTS: Final = 6
LIVEKIT_PAUSE: Final = timedelta(seconds=3)
"""LiveKit comes back within seconds or not for long; the sweep does the same work meanwhile."""

Handler = Callable[..., Awaitable[None]]


class DeadJobError(Exception):
    """A job used up its attempts; a dead letter holds what is known of it."""


@dataclass(frozen=True)
class JobRunner:
    """Does jobs. What fails is tried again, at most three times in all; then it becomes a dead letter.

    Only the kind of an error is handed on: its words may hold what somebody said, and the queue keeps them.
    Handlers that ask for another attempt themselves (`RetryRequested`) have a rule of their own: such a wait
    is no failure, though the queue counts it as an attempt.
    """

    database: Database
    metrics: WorkerMetrics
    first_pause: timedelta
    when_dead: Mapping[JobName, Handler] = field(default_factory=dict)
    """What else is done, with the job's arguments, once a job has been given up."""
    waits: dict[int, int] = field(default_factory=dict)
    """How often each job has asked for another attempt itself, as far as this process knows."""

    def job(self, handler: Handler) -> Callable[[Job], Awaitable[None]]:
        """A handler as the queue calls it: under the correlation id that its job was queued with."""

        async def run(job: Job) -> None:
            arguments = json.loads(job.payload or b"{}")
            correlation = arguments.pop("correlation_id", None)
            with correlated(correlation), self.metrics.job(job.entrypoint):
                await self._attempt(job, handler, arguments, correlation)

        return run

    async def _attempt(
        self, job: Job, handler: Handler, arguments: dict[str, Any], correlation: str | None
    ) -> None:
        log.info("job started", job=job.entrypoint, attempt=job.attempts)
        try:
            with traced(f"job {job.entrypoint}", {"job.attempt": job.attempts}, kind=SpanKind.CONSUMER):
                await handler(**arguments)
        except RetryRequested:
            self.waits[job.id] = self.waits.get(job.id, 0) + 1
            raise
        except Exception as error:
            kind, failures = type(error).__name__, max(1, job.attempts + 1 - self.waits.get(job.id, 0))
            at_livekit = isinstance(error, LiveKitUnavailableError)
            dead = failures >= (LIVEKIT_ATTEMPTS if at_livekit else MOST_ATTEMPTS)
            log.warning(
                "job failed", job=job.entrypoint, attempt=failures, error=kind, dead=dead, exc_info=error
            )
        else:
            self.waits.pop(job.id, None)
            return
        # Outside the handler of the error: nothing of it may hang on to what is raised here.
        if not dead:
            pause = LIVEKIT_PAUSE if at_livekit else pause_before_retry(failures, self.first_pause)
            raise RetryRequested(pause, kind)
        self.waits.pop(job.id, None)
        await self._bury(FailedJob(job.entrypoint, arguments, failures, kind, correlation))
        raise DeadJobError(f"{job.entrypoint}: {kind}")

    async def _bury(self, job: FailedJob) -> None:
        async with self.database.transaction() as session:
            await dead_letters.bury(session, job)
        if after := self.when_dead.get(JobName(job.name)):
            await after(**job.arguments)
