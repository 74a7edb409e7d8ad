"""What an administrator sees of jobs."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    """It waits for its first attempt."""
    RETRYING = "retrying"
    """It failed, and waits for another attempt."""
    RUNNING = "running"
    DONE = "done"
    """In the last 24 hours."""
    DEAD = "dead"
    """It used up its attempts."""


class QueueState(BaseModel):
    """How many jobs of one kind are in one state."""

    model_config = ConfigDict(from_attributes=True)

    job: str
    state: JobState
    count: int
    oldest_at: datetime | None
    """Since when the oldest waits, runs or is dead; the first one done in the last 24 hours."""


class WaitingJob(BaseModel):
    """One job of the queue, without its arguments."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    job: str
    state: JobState
    attempts: int
    """Attempts that failed."""
    queued_at: datetime
    due_at: datetime


class DeadLetterOut(BaseModel):
    """A job that failed for good; what it was about is not shown."""

    model_config = ConfigDict(title="DeadLetter", from_attributes=True)

    id: UUID
    job: str
    attempts: int
    error: str
    """The kind of the error, such as `TimeoutError`."""
    correlation_id: str | None
    created_at: datetime
    retriable: bool
    """False where its arguments were personal and were not kept."""


class DeadLetterPage(BaseModel):
    """Dead letters, newest first."""

    items: list[DeadLetterOut]
    next_cursor: str | None
