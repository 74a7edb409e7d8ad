"""What the job worker's figures say."""

import httpx
import pytest
from pgqueuer.errors import RetryRequested

from api.worker_metrics import WorkerMetrics


def test_jobs_are_counted_by_how_they_end() -> None:
    metrics = WorkerMetrics()
    with metrics.job("calls.end_room"):
        pass
    for error in (RetryRequested(reason="livekit is away"), ValueError("broken")):
        with pytest.raises(type(error)), metrics.job("calls.end_room"):
            raise error

    def count(outcome: str) -> float | None:
        labels = {"job": "calls.end_room", "outcome": outcome}
        return metrics.registry.get_sample_value("avaaz_worker_jobs_total", labels)

    assert [count(outcome) for outcome in ("done", "retried", "failed")] == [1, 1, 1]
    seconds = metrics.registry.get_sample_value("avaaz_worker_job_seconds_count", {"job": "calls.end_room"})
    assert seconds == 3


def test_the_queue_is_told_as_it_stands() -> None:
    metrics = WorkerMetrics()
    metrics.queue({("mail.send", "queued"): 3, ("mail.send", "dead"): 1})
    metrics.queue({("mail.send", "dead"): 1})

    def count(state: str) -> float | None:
        labels = {"job": "mail.send", "state": state}
        return metrics.registry.get_sample_value("avaaz_worker_queue_jobs", labels)

    assert (count("queued"), count("dead")) == (None, 1)


async def test_figures_are_served_on_a_port_of_their_own() -> None:
    metrics = WorkerMetrics()
    metrics.swept(well=False)
    metrics.swept(well=True)
    with metrics.served("127.0.0.1", 0) as port:
        async with httpx.AsyncClient() as http:
            shown = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
    assert 'avaaz_worker_sweeps_total{outcome="failed"} 1.0' in shown
    assert 'avaaz_worker_sweeps_total{outcome="done"} 1.0' in shown
    last = metrics.registry.get_sample_value("avaaz_worker_last_sweep_timestamp_seconds")
    assert last is not None
    assert last > 1e9
