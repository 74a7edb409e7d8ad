"""The worker's idea of the API's time."""

import asyncio
from datetime import timedelta

from agent.exam_time import clock_of
from tests.agent.exam.plans import plan


async def test_time_goes_from_when_the_plan_came_and_not_from_when_it_is_used() -> None:
    """A learner may be waited for in between."""
    given = plan()
    loop = asyncio.get_running_loop()
    clock = clock_of(given, loop.time() - 30.0)
    assert clock() - given.now >= timedelta(seconds=30)
