"""Two voices on one timeline, encoded as they come: the learner left, the coach right, in segments.

Sound is placed by the wall clock that also times the turns: the learner's where it arrived, the coach's where
it was played. Silence is whatever nothing was placed over. One encoder goes through the whole call, so that
the segments, laid side by side, play on without a seam.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, Final

import av
import numpy as np
from livekit import rtc

from api.contract.sound import CHANNELS, PACKET_S, PEAKS_A_SECOND, Sound

RATE: Final = 24_000
PACKET: Final = 480
"""Samples of a packet of 20 ms."""
SEGMENT_S: Final = 10.0
"""Well below the most that a segment may last: what a killed worker takes along is the segment it was at."""
BIT_RATE: Final = 32_000
"""For both voices; below it the encoder begins to mix the two."""
LEARNER: Final = 0
COACH: Final = 1
LOOK_AHEAD_S: Final = 0.8
"""Sound that was held up comes in a burst: only what follows tells it from sound after a silence."""
DRIFT_S: Final = 0.03
"""Sound stays in its run while the clock agrees to this; beyond, its place is taken from the clock anew."""

Samples = np.ndarray[Any, np.dtype[np.int16]]


@dataclass
class _Track:
    """One voice: runs of samples, placed at their number since the timeline's beginning."""

    _placed: list[tuple[int, Samples]] = field(default_factory=list)
    _next: int = 0
    _resampler: av.AudioResampler | None = None
    _source_rate: int = RATE

    def place(self, at: float, frame: rtc.AudioFrame) -> None:
        """Place a frame that began `at` seconds after the beginning; in its run where it fits one."""
        if self._resampler is None and self._next != round(at * RATE):
            self._next = round(at * RATE)
        for piece in self._resampled(frame):
            self._put(piece)

    def end_run(self) -> None:
        """The run is over: what the resampler holds back of it is placed too."""
        if self._resampler is not None:
            for piece in self._resampler.resample(None):
                self._put(piece.to_ndarray()[0])
        self._resampler = None

    def take(self, start: int, end: int) -> Samples:
        """The samples from `start` up to `end`; what was placed before them has come too late and is gone."""
        block = np.zeros(end - start, np.int16)
        kept: list[tuple[int, Samples]] = []
        for position, samples in self._placed:
            low, high = max(position, start), min(position + samples.size, end)
            if low < high:
                block[low - start : high - start] = samples[low - position : high - position]
            if position + samples.size > end:
                kept.append((max(position, end), samples[max(0, end - position) :]))
        self._placed = kept
        return block

    def _put(self, samples: Samples) -> None:
        self._placed.append((self._next, samples))
        self._next += samples.size

    def _resampled(self, frame: rtc.AudioFrame) -> list[Samples]:
        mono = _mono(frame)
        if frame.sample_rate == RATE:
            return [mono]
        if self._resampler is None or self._source_rate != frame.sample_rate:
            self._source_rate = frame.sample_rate
            self._resampler = av.AudioResampler("s16", "mono", RATE)
        given = av.AudioFrame.from_ndarray(mono.reshape(1, -1), format="s16", layout="mono")
        given.sample_rate = frame.sample_rate
        return [piece.to_ndarray()[0] for piece in self._resampler.resample(given)]


class _Stream:
    """A voice that comes frame by frame, later or earlier than it was spoken by what held it up on the way.

    The least delay among a frame and those that follow it is the one that nothing held up; a frame after a
    silence has none that came sooner.
    """

    def __init__(self, track: _Track) -> None:
        self._track = track
        self._waiting: deque[tuple[float, float, rtc.AudioFrame]] = deque()
        self._spoken = 0.0
        self._end: float | None = None

    def add(self, at: float, frame: rtc.AudioFrame) -> None:
        """Take a frame that seems to have begun `at` seconds after the beginning."""
        self._waiting.append((at, at - self._spoken, frame))
        self._spoken += frame.duration

    def settle(self, until: float) -> None:
        """Place the frames that came up to a time after which enough is known."""
        spoken = self._spoken - sum(frame.duration for _, _, frame in self._waiting)
        while self._waiting and self._waiting[0][0] <= until:
            at, _, frame = self._waiting[0]
            self._place(spoken + self._least_lag(at + LOOK_AHEAD_S), frame)
            spoken += frame.duration
            self._waiting.popleft()

    def _least_lag(self, until: float) -> float:
        """Of the frames that came up to a time."""
        return min(lag for _, lag, _ in takewhile(lambda one: one[0] <= until, self._waiting))

    def _place(self, at: float, frame: rtc.AudioFrame) -> None:
        if self._end is None or abs(at - self._end) > DRIFT_S:
            self._track.end_run()
        else:
            at = self._end
        self._track.place(at, frame)
        self._end = at + frame.duration


class _Encoder:
    """Opus packets of 20 ms out of stereo samples."""

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "w")
        if not isinstance(codec, av.AudioCodecContext):
            raise TypeError("Opus is no audio codec here")
        codec.sample_rate, codec.layout, codec.format = RATE, "stereo", "s16"
        codec.bit_rate = BIT_RATE
        codec.options = {"application": "audio", "frame_duration": "20", "compression_level": "3"}
        codec.open()
        self._codec = codec
        head = bytes(codec.extradata or b"")
        self.pre_skip = int.from_bytes(head[10:12], "little")

    def encode(self, stereo: Samples) -> list[bytes]:
        """The packets of samples in turn left and right, a whole number of packets."""
        frame = av.AudioFrame.from_ndarray(stereo.reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = RATE
        return [bytes(packet) for packet in self._codec.encode(frame)]


class Tape:
    """Takes sound in whatever order it becomes known and gives whole segments; for one thread at a time.

    Args:
        started_at: Wall-clock time, in seconds, at which the timeline begins.
    """

    def __init__(self, started_at: float) -> None:
        self._begin(started_at)

    def add(self, side: int, started_at: float, frame: rtc.AudioFrame) -> None:
        """Take a frame of one side that began at a wall-clock time: as it was played, or as it came."""
        at = started_at - self._origin
        if side == LEARNER:
            self._learner.add(at, frame)
        else:
            self._tracks[COACH].place(at, frame)

    def end_run(self, side: int) -> None:
        """One side has ended what it said; what it says next is placed by the clock."""
        if side == LEARNER:
            self._learner.settle(math.inf)
        self._tracks[side].end_run()

    def advance(self, until: float) -> list[Sound]:
        """Encode all up to a wall-clock time, which nothing more comes before; the segments that are full."""
        self._learner.settle(until - self._origin)
        end = int((until - self._origin) * RATE) // PACKET * PACKET
        if end > self._cursor:
            self._encode(end)
        size = round(SEGMENT_S / PACKET_S)
        full = []
        while len(self._packets) >= size:
            full.append(self._cut(size))
        return full

    def restart(self, started_at: float) -> list[Sound]:
        """The clock was set: what is left up to here, and a new timeline from there on."""
        rest = self.finish()
        self._begin(started_at)
        return rest

    def finish(self) -> list[Sound]:
        """What is left, shorter than a segment."""
        size = round(SEGMENT_S / PACKET_S)
        rest = []
        while self._packets:
            rest.append(self._cut(min(size, len(self._packets))))
        return rest

    def _begin(self, started_at: float) -> None:
        self._origin = started_at
        self._tracks = (_Track(), _Track())
        self._learner = _Stream(self._tracks[LEARNER])
        self._encoder = _Encoder()
        self._cursor = 0
        self._cut_packets = 0
        self._packets: list[bytes] = []
        self._loudness = np.zeros((0, CHANNELS), np.uint8)

    def _encode(self, end: int) -> None:
        sides = np.stack([track.take(self._cursor, end) for track in self._tracks], axis=1)
        self._cursor = end
        self._packets += self._encoder.encode(np.ascontiguousarray(sides))
        packets = np.abs(sides.astype(np.int32)).reshape(-1, PACKET, CHANNELS).max(axis=1)
        self._loudness = np.concatenate([self._loudness, np.minimum(packets >> 7, 255).astype(np.uint8)])

    def _cut(self, count: int) -> Sound:
        """The next packets as a segment."""
        packets, self._packets = self._packets[:count], self._packets[count:]
        loudness, self._loudness = self._loudness[:count], self._loudness[count:]
        started_at = self._origin + self._cut_packets * PACKET_S
        self._cut_packets += count
        return Sound(
            datetime.fromtimestamp(started_at, UTC), packets, _peaks(loudness), self._encoder.pre_skip
        )


def _peaks(loudness: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    """The loudest of each 100 ms, learner and coach in turn."""
    step = round(1 / PACKET_S / PEAKS_A_SECOND)
    missing = -len(loudness) % step
    padded = np.pad(loudness, ((0, missing), (0, 0)))
    return bytes(padded.reshape(-1, step, CHANNELS).max(axis=1))


def _mono(frame: rtc.AudioFrame) -> Samples:
    samples = np.frombuffer(frame.data, np.int16)
    if frame.num_channels == 1:
        return samples
    mixed: Samples = samples.reshape(-1, frame.num_channels).mean(axis=1).astype(np.int16)
    return mixed
