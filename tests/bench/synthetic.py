"""A coach made of arithmetic: it hears the microphone's frames and answers a known time after them."""

import asyncio
import time

import numpy as np

from infra.bench.account import Account
from infra.bench.audio import FRAME, FRAME_S, RATE, Pcm
from infra.bench.ear import LOUD
from infra.bench.room_client import Caption, RoomClient

ANSWER_S = 0.6
FLOOR = 100
"""Peak of what the coach's line carries in silence: codec noise below the threshold of sound."""

TONE: Pcm = (8_000 * np.sin(2 * np.pi * 300 * np.arange(FRAME) / RATE)).astype(np.int16)


class SyntheticCall(RoomClient):
    """A call without a room. `answer_after_s` counts from the learner's last sound; None never answers.

    `cut_in_after_s` counts from the learner's first sound instead: an answer that comes too early.
    """

    def __init__(self, *, answer_after_s: float | None = None, cut_in_after_s: float | None = None) -> None:
        super().__init__(Account("http://127.0.0.1:9"))
        self._answer_after_s = answer_after_s
        self._cut_in_after_s = cut_in_after_s
        self.true_delays: list[float] = []
        self.speaking_until = 0.0
        self.stops_after_s: float | None = None
        """How long the learner must have spoken until the coach is silent; None ignores the learner."""
        self.true_stops: list[float] = []
        self._first = self._last = 0.0
        self._answered = True

    @property
    def identity(self) -> str:
        """The learner's name."""
        return "learner"

    async def join(self) -> None:
        """Opens the microphone and the coach's mouth."""
        self.pressed = time.monotonic()
        self._start(self.microphone.run())
        self._start(self._mouth())

    async def leave(self) -> None:
        """Ends both."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.account.__aexit__(None, None, None)

    def captioned(self, text: str, *, segment: str = "one", final: bool = False) -> None:
        """A caption of the coach."""
        self.received.captions.append(Caption(time.monotonic(), "coach", segment, text, final))

    async def _capture(self, pcm: Pcm) -> None:
        if np.abs(pcm).max() <= LOUD:
            return
        now = time.monotonic()
        if now - self._last > 0.5:
            self._first, self._answered = now, False
        self._last = now

    async def _mouth(self) -> None:
        noise = np.random.default_rng(3)
        while True:
            now = time.monotonic()
            self._decide(now)
            sounding = now < self.speaking_until
            frame = TONE if sounding else noise.integers(-FLOOR, FLOOR, FRAME).astype(np.int16)
            self.ear.hear(frame, now)
            await asyncio.sleep(FRAME_S)

    def _decide(self, now: float) -> None:
        talking = now - self._last < 0.05
        if self.stops_after_s is not None and now < self.speaking_until and talking:
            if now - self._first >= self.stops_after_s:
                self.speaking_until = now
                self.true_stops.append(now - self._first)
            return
        if self._answered:
            return
        cut_in, wait = self._cut_in_after_s, self._answer_after_s
        if cut_in is not None and now - self._first >= cut_in:
            self._answer(now)
        if wait is not None and now - self._last >= wait:
            self._answer(now)

    def _answer(self, now: float) -> None:
        self._answered = True
        self.true_delays.append(now - self._last)
        self.speaking_until = now + ANSWER_S
