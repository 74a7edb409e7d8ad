"""The learner's microphone: frames of 10 ms on an absolute clock, room noise wherever nobody speaks."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np

from infra.bench.audio import FRAME, FRAME_S, Pcm, Samples, to_pcm

ROOM_NOISE = 10 ** (-70 / 20)
"""RMS of the noise of a quiet room, -70 dB below full scale."""

MOST_BEHIND_S = 0.2
"""A clock further behind than this (a stopped machine) starts anew instead of sending a burst."""

Send = Callable[[Pcm], Awaitable[None]]


@dataclass(frozen=True)
class Spoken:
    """One utterance as it left the microphone: the moments its first and last sound were handed over."""

    started: float
    ended: float


class _Utterance:
    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self.position = 0
        self.started = 0.0
        self.begun = asyncio.Event()
        self.done: asyncio.Future[Spoken] = asyncio.get_running_loop().create_future()


class Microphone:
    """Always open. `send` takes each frame; `say` puts an utterance into the stream."""

    def __init__(self, send: Send, *, clock: Callable[[], float] = time.monotonic, seed: int = 1) -> None:
        self._send = send
        self._clock = clock
        self._noise = np.random.default_rng(seed)
        self._speaking: _Utterance | None = None
        self._turn = asyncio.Lock()
        self.muted = False

    async def run(self) -> None:
        """Sends frames until cancelled."""
        due = self._clock()
        while True:
            await self._send(self.next_frame())
            due += FRAME_S
            wait = due - self._clock()
            if wait > 0:
                await asyncio.sleep(wait)
            elif wait < -MOST_BEHIND_S:
                due = self._clock()

    async def say(self, samples: Samples, *, begun: asyncio.Event | None = None) -> Spoken:
        """Speaks, after whoever speaks already, and returns when the last sound was handed over.

        Args:
            samples: 48 kHz mono, trimmed so that it ends with its last sound.
            begun: set when the first frame is handed over.
        """
        async with self._turn:
            utterance = _Utterance(samples)
            if begun is not None:
                utterance.begun = begun
            self._speaking = utterance
            return await utterance.done

    def next_frame(self) -> Pcm:
        """The next 10 ms: speech where there is some, over the room's noise."""
        frame = self._noise.normal(0.0, ROOM_NOISE, FRAME).astype(np.float32)
        utterance = self._speaking
        if utterance is None:
            return to_pcm(frame)
        part = utterance.samples[utterance.position : utterance.position + FRAME]
        if not utterance.begun.is_set():
            utterance.started = self._clock()
            utterance.begun.set()
        if not self.muted:
            frame[: len(part)] += part
        utterance.position += FRAME
        if utterance.position >= len(utterance.samples):
            self._speaking = None
            if not utterance.done.done():
                utterance.done.set_result(Spoken(utterance.started, self._clock()))
        return to_pcm(frame)
