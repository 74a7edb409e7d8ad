"""The learner's sound as the second end-of-turn model hears it: the present turn, at 16 kHz."""

from collections import deque

import numpy as np
from livekit import rtc

from agent.smart_turn import BEFORE_SPEECH_S, HEARS_S, RATE, Samples


class Tape:
    """The last seconds of the learner's sound at 16 kHz, and where in them the present turn begins."""

    def __init__(self) -> None:
        self._pieces: deque[Samples] = deque()
        self._held = 0
        self._ended = 0
        self._began: int | None = None
        self._last_ended = 0
        self._rate = 0
        self._resampler: rtc.AudioResampler | None = None

    def push(self, frame: rtc.AudioFrame) -> None:
        """The next sound."""
        if frame.sample_rate != self._rate:
            self._rate = frame.sample_rate
            self._resampler = (
                None
                if self._rate == RATE
                else rtc.AudioResampler(self._rate, RATE, quality=rtc.AudioResamplerQuality.QUICK)
            )
        for one in [frame] if self._resampler is None else self._resampler.push(frame):
            piece = np.frombuffer(one.data, np.int16).astype(np.float32) / np.float32(32_768)
            self._pieces.append(piece)
            self._held += len(piece)
            self._ended += len(piece)
        while self._held - len(self._pieces[0]) >= HEARS_S * RATE:
            self._held -= len(self._pieces.popleft())

    def voice_began(self) -> None:
        """Voice was noticed: where no turn goes on, one begins."""
        if self._began is None:
            self._began = self._ended - round(BEFORE_SPEECH_S * RATE)

    def turn_ended(self) -> None:
        """What comes belongs to another turn."""
        self._began = None
        self._last_ended = self._ended

    def turn(self) -> Samples:
        """The present turn's sound so far, as far as it is kept."""
        held = np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.float32)
        began = self._last_ended if self._began is None else self._began
        return held[max(0, began - (self._ended - self._held)) :]
