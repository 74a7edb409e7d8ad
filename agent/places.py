"""How many calls this worker takes, told to LiveKit in the way that it places jobs by.

LiveKit gives a job only to a worker whose load is below its `agents.target_load` (0.7 unless its operator
says otherwise, and LiveKit Cloud does not ask), so load stays below that while there is room. The framework's
own threshold is left open: on an idle worker it would refuse the second of two calls that start together.
A job is refused here, when there is no place for it.
"""

from livekit.agents import AgentServer, JobRequest

from api.contract.room import coach_identity

BELOW_TARGET = 0.6
ENDING = 2
"""Places beyond the limit, for calls that are over but whose job still completes the record. The API counts
calls and admits no more than its own limit."""


class Places:
    """The worker's places; a job holds one from its request to its end."""

    def __init__(self, limit: int) -> None:
        self._limit = limit + ENDING
        self._coming: set[str] = set()

    def load(self, worker: AgentServer) -> float:
        """Share of the places that are taken, scaled to stay below LiveKit's target while one is free."""
        taken = len(self._taken(worker))
        return 1.0 if taken >= self._limit else BELOW_TARGET * taken / self._limit

    async def admit(self, worker: AgentServer, request: JobRequest) -> None:
        """Accept a job under a name that the learner's screen shows, or refuse it for another worker."""
        if len(self._taken(worker)) >= self._limit:
            await request.reject(terminate=False)
            return
        self._coming.add(request.id)
        try:
            await request.accept(name="Avaaz", identity=coach_identity(request.id))
        finally:
            self._coming.discard(request.id)

    def _taken(self, worker: AgentServer) -> set[str]:
        return self._coming | {info.job.id for info in worker.active_jobs}
