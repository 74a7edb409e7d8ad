"""Recorded sound for tests: segments to send, and what a player would hear."""

import io
from datetime import datetime
from typing import Any

import av
import numpy as np

from api.contract.sound import GRANULE_RATE, PACKETS_A_PEAK, SILENCE, Sound, pack

Samples = np.ndarray[Any, np.dtype[np.float32]]


def silence(started_at: datetime, seconds: float, *, loud: int = 0) -> bytes:
    """A segment in which nothing sounds, with peaks of this height."""
    count = round(seconds * 50)
    peaks = bytes([loud, loud]) * -(-count // PACKETS_A_PEAK)
    return pack(Sound(started_at, [SILENCE] * count, peaks, 312))


def heard(data: bytes) -> tuple[Samples, Samples]:
    """What a player plays of a file, left and right, at 48 kHz."""
    with av.open(io.BytesIO(data), mode="r") as container:
        pieces = [frame.to_ndarray() for frame in container.decode(audio=0)]
    both = np.concatenate(pieces, axis=1).astype(np.float32)
    if both.shape[0] == 1:
        both = both.reshape(-1, 2).T
    return both[0], both[1]


def first_tone(samples: Samples, pitch: float, *, after: float = 0.0) -> float | None:
    """When a tone of this pitch begins, in seconds, to 2 ms; None where there is none."""
    window, step = GRANULE_RATE // 100, GRANULE_RATE // 500
    times = np.arange(window) / GRANULE_RATE
    wave = np.exp(-2j * np.pi * pitch * times).astype(np.complex64)
    for start in range(round(after * GRANULE_RATE), len(samples) - window, step):
        piece = samples[start : start + window]
        power = float(np.mean(piece**2))
        tone = 2 * float(np.abs(np.mean(piece * wave))) ** 2
        if power > 1e-4 and tone > 0.6 * power:
            return start / GRANULE_RATE
    return None


def sine(seconds: float, pitch: float, rate: int, level: int = 8_000) -> np.ndarray[Any, np.dtype[np.int16]]:
    """A tone as 16-bit samples."""
    times = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * np.pi * pitch * times) * level).astype(np.int16)
