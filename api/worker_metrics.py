"""Prometheus figures of the job worker, on a port of their own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import time

from pgqueuer.errors import RetryRequested
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class WorkerMetrics:
    """All figures of one worker, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._jobs = Counter(
            "avaaz_worker_jobs_total",
            "Jobs by how they ended: done, retried, failed",
            ["job", "outcome"],
            registry=self.registry,
        )
        self._durations = Histogram(
            "avaaz_worker_job_seconds", "Time of a job", ["job"], buckets=_SECONDS, registry=self.registry
        )
        self._queue = Gauge(
            "avaaz_worker_queue_jobs",
            "Jobs by where they stand: queued, retrying, running, dead",
            ["job", "state"],
            registry=self.registry,
        )
        self._sweeps = Counter(
            "avaaz_worker_sweeps_total",
            "Looks at calls and rooms: done, failed",
            ["outcome"],
            registry=self.registry,
        )
        self._last_sweep = Gauge(
            "avaaz_worker_last_sweep_timestamp_seconds",
            "When the last sweep that succeeded ended",
            registry=self.registry,
        )

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """Count the job that the block does, and its time."""
        outcome = "failed"
        try:
            with self._durations.labels(job=name).time():
                yield
            outcome = "done"
        except RetryRequested:
            outcome = "retried"
            raise
        finally:
            self._jobs.labels(job=name, outcome=outcome).inc()

    def queue(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Tell how many jobs there are, by kind and state; what is not named has none."""
        self._queue.clear()
        for (name, state), count in counts.items():
            self._queue.labels(job=name, state=state).set(count)

    def swept(self, *, well: bool) -> None:
        """Count a sweep."""
        self._sweeps.labels(outcome="done" if well else "failed").inc()
        if well:
            self._last_sweep.set(time())

    @contextmanager
    def served(self, host: str, port: int) -> Iterator[int]:
        """Answer `/metrics` within the block, in a thread; yields the port, chosen freely for 0."""
        server, thread = start_http_server(port, addr=host, registry=self.registry)
        try:
            yield int(server.server_port)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
