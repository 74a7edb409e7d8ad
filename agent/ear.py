"""How the recognizer is asked again after it failed: at once, then with longer and longer pauses."""

import asyncio
import time

from infra import telemetry

log = telemetry.get_logger(__name__)
PAUSES_S = (0.0, 0.0, 0.5, 1.0, 2.0)
"""Before the next try, by failures in a row, beside the framework's own half second. The third failure is
told to the learner; a recognizer that works again is found after two and a half seconds at most."""
WORKED_AFTER_S = 5.0
"""A connection that lived so long was a good one."""


class Reconnection:
    """The recognizer's connections of one call; logs when they begin to fail and when they work again."""

    def __init__(self) -> None:
        self.failures = 0
        self._began = 0.0

    async def wait(self) -> None:
        """Before a connection is opened."""
        await asyncio.sleep(PAUSES_S[min(self.failures, len(PAUSES_S) - 1)])
        self._began = time.monotonic()

    def failed(self, error: Exception) -> None:
        """The connection has ended with an error."""
        if time.monotonic() - self._began > WORKED_AFTER_S:
            self.works()
        self.failures += 1
        if self.failures == 1:
            log.warning("recognizer fails", error=type(error).__name__)

    def works(self) -> None:
        """The connection has given something."""
        if self.failures:
            log.info("recognizer works again", failures=self.failures)
        self.failures = 0
