"""What a learner's ear notices of the received audio: when sound was heard and when it was quiet.

Times are seconds on the caller's own monotonic clock. A slice of 10 ms is heard when its last sample has
arrived; slices of one bigger frame are heard one after the other, as a device plays them, the last one at the
frame's arrival. The client's jitter buffer lies before the ear: its delay is part of every figure.
"""

from bisect import bisect_left, bisect_right

import numpy as np

from infra.bench.audio import FRAME, FRAME_S, Pcm

LOUD = 328
"""Peak of a 10 ms slice from which it is sound: 1 % of full scale."""

CONFIRM_S = 0.08
CONFIRM_SLICES = 3
"""A sound is real when so many slices within `CONFIRM_S` of its first are loud; less is a click."""

BRIDGE_S = 0.45
"""Quiet up to this long belongs to the same sound: speech has pauses."""


class Ear:
    """Keeps when slices were loud, and, where asked to, the audio itself."""

    def __init__(self, *, keep_audio: bool = False) -> None:
        self._loud: list[float] = []
        self._kept: list[Pcm] | None = [] if keep_audio else None
        self.slices = 0
        self.last_arrival = 0.0

    def hear(self, samples: Pcm, arrived: float) -> None:
        """Takes a frame of any whole number of slices that arrived at `arrived`."""
        count = len(samples) // FRAME
        for index in range(count):
            part = samples[index * FRAME : (index + 1) * FRAME]
            if int(np.abs(part.astype(np.int32)).max()) > LOUD:
                self._loud.append(arrived - (count - 1 - index) * FRAME_S)
        self.slices += count
        self.last_arrival = arrived
        if self._kept is not None:
            self._kept.append(samples.copy())

    def first_sound_after(self, moment: float) -> float | None:
        """When the first real sound after `moment` was heard; None while none is certain."""
        for index in range(bisect_right(self._loud, moment), len(self._loud)):
            if self._is_real(index):
                return self._loud[index]
        return None

    def last_sound(self) -> float | None:
        """When the last loud slice was heard."""
        return self._loud[-1] if self._loud else None

    def stopped_after(self, moment: float, now: float, *, bridge: float = BRIDGE_S) -> float | None:
        """When sound that was going on at `moment` stopped: its last slice before `bridge` seconds of quiet.

        None while it goes on, as far as `now` can tell. `moment` itself where nothing sounded from there on.
        """
        last = moment
        for heard in self._loud[bisect_right(self._loud, moment) :]:
            if heard - last > bridge:
                return last
            last = heard
        return last if now - last > bridge else None

    def quiet_for(self, now: float) -> float:
        """Seconds since the last sound; infinite when there was none."""
        return now - self._loud[-1] if self._loud else float("inf")

    def sounding_share(self, start: float, end: float) -> float:
        """Share of the time between `start` and `end` that was loud, 0 to 1."""
        loud = bisect_left(self._loud, end) - bisect_left(self._loud, start)
        return min(1.0, loud * FRAME_S / max(end - start, FRAME_S))

    def audio(self) -> Pcm:
        """Everything received, where it was kept; else empty."""
        return np.concatenate(self._kept) if self._kept else np.zeros(0, np.int16)

    def _is_real(self, index: int) -> bool:
        until = bisect_right(self._loud, self._loud[index] + CONFIRM_S)
        return until - index >= CONFIRM_SLICES
