"""What tests with and without a browser share: one whole stack, and voices to speak into it."""

from collections.abc import AsyncIterator

import pytest

from infra.bench.recordings import Utterance, clear_voices
from infra.bench.voice import NO_MODEL
from infra.stack.embedded import RunningStack, running_stack

EXAM_TIME_SCALE = 0.1
"""Of the schedule of mock exams: a whole one takes a minute and a half."""


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[RunningStack]:
    """One stack with the web application, the packaged models only."""
    async with running_stack(env={**NO_MODEL, "EXAM_TIME_SCALE": str(EXAM_TIME_SCALE)}, web=True) as running:
        yield running


@pytest.fixture(scope="session")
def voices() -> list[Utterance]:
    """Clear voices."""
    return clear_voices()
