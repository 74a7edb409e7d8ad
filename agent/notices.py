"""What the agent tells the learner's screen: notices, attributes."""

import asyncio
import json
from collections import deque
from collections.abc import Coroutine
from typing import Any

from livekit import rtc

from api.contract.room import NOTICE_CODES, TOPIC_NOTICE
from infra import telemetry
from prompts import load

log = telemetry.get_logger(__name__)


class Screen:
    """Sends notices and attributes into the room without making the conversation wait; a failure is
    logged."""

    def __init__(self, room: rtc.Room) -> None:
        self._room = room
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: deque[tuple[str, str]] = deque()

    def notice(self, code: str) -> None:
        """Show a notice; its plain sentence comes from `prompts/apologies.yaml`."""
        if code not in NOTICE_CODES:
            raise ValueError(f"unknown notice {code!r}")
        log.info("notice", code=code)
        body = json.dumps({"code": code, "text": load("apologies").text("notices", code)})
        self.show(TOPIC_NOTICE, body)

    def show(self, topic: str, body: str) -> None:
        """Send JSON to the learner's screen, in the order of the calls."""
        self._waiting.append((topic, body))
        if len(self._waiting) == 1:
            self._spawn(self._send_waiting())

    def attributes(self, values: dict[str, str]) -> None:
        """Set attributes of the agent's participant."""
        self._spawn(self._set(values))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("the room did not take a message", error=type(error).__name__)

    async def _send_waiting(self) -> None:
        while self._waiting:
            topic, body = self._waiting[0]
            try:
                await self._room.local_participant.send_text(body, topic=topic)
            finally:
                self._waiting.popleft()

    async def _set(self, values: dict[str, str]) -> None:
        await self._room.local_participant.set_attributes(values)
