"""What counts as a failure of a job."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from unittest.mock import AsyncMock, MagicMock

import pytest
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job

from api.job_runner import DeadJobError, JobRunner


def job(attempts: int) -> Job:
    """A job that was begun so often."""
    now = datetime.now(UTC)
    return Job.model_validate(
        {
            "id": 7,
            "priority": 0,
            "created": now,
            "heartbeat": now,
            "execute_after": now,
            "updated": now,
            "status": "picked",
            "entrypoint": "assessment.score",
            "payload": b"{}",
            "attempts": attempts,
            "queue_manager_id": None,
            "headers": None,
        }
    )


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> JobRunner:
    """A runner whose dead letters go nowhere."""
    monkeypatch.setattr(JobRunner, "_bury", AsyncMock())
    return JobRunner(cast("Any", MagicMock()), cast("Any", MagicMock()), timedelta(seconds=1))


async def test_a_job_that_waited_often_may_still_fail_thrice(runner: JobRunner) -> None:
    outcomes: list[Exception] = [RetryRequested(), RetryRequested(), ValueError(), ValueError(), ValueError()]
    told: list[type[Exception]] = []

    async def handler() -> None:
        raise outcomes.pop(0)

    for attempts in range(5):
        try:
            await runner.job(handler)(job(attempts))
        except (RetryRequested, DeadJobError) as error:
            told.append(type(error))
    assert told == [RetryRequested] * 4 + [DeadJobError]
    assert runner.waits == {}
