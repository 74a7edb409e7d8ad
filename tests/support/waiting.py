"""Waiting for what other processes do, which sends no event."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(holds: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait until something holds; fail after a minute, which a busy machine may need to start Python."""
    async with asyncio.timeout(60):
        while True:
            answer = holds()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.05)
