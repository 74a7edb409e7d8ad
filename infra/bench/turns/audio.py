"""Speech at 16 kHz: trimming, levels, silences, and sounds that are made and not recorded."""

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import soxr

from infra.bench import audio

Samples = npt.NDArray[np.float32]

RATE = 16_000
FRAME = RATE // 100
"""Samples in 10 ms, the grain of every annotation."""
QUIET = audio.AUDIBLE
"""RMS of a 10 ms frame of speech at `audio.PEAK` under which nobody speaks."""
SHORTEST_SILENCE_S = 0.1
_EDGE = RATE // 200


def from_bench(samples: audio.Samples) -> Samples:
    """A recording of the benches, 48 kHz, at 16 kHz."""
    return np.asarray(soxr.resample(samples, audio.RATE, RATE), np.float32)


def to_pcm(samples: Samples) -> bytes:
    """16-bit little-endian samples, clipped."""
    return (np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()


def seconds(samples: Samples) -> float:
    """How long it sounds."""
    return len(samples) / RATE


def levels(samples: Samples) -> Samples:
    """RMS of each whole frame of 10 ms."""
    whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.sqrt(np.square(whole).mean(axis=1)), np.float32)


def speech_level(samples: Samples) -> float:
    """RMS over the frames in which somebody speaks; 0 when nobody does."""
    heard = levels(samples)
    heard = heard[heard > QUIET]
    return float(np.sqrt(np.square(heard).mean())) if len(heard) else 0.0


def silences(samples: Samples) -> list[tuple[float, float]]:
    """Every silence of at least 0.1 s between the first and the last sound, in seconds, and the end's.

    The last one begins with the last sound and reaches to the end of the samples.
    """
    loud = np.flatnonzero(levels(samples) > QUIET)
    if not len(loud):
        return []
    found = [
        (float(one + 1) / 100, float(other) / 100)
        for one, other in itertools.pairwise(loud)
        if (other - one - 1) / 100 >= SHORTEST_SILENCE_S
    ]
    return [*found, ((int(loud[-1]) + 1) / 100, seconds(samples))]


def faded(samples: Samples) -> Samples:
    """The same with soft edges of 5 ms, so that a join does not click."""
    if len(samples) < 2 * _EDGE:
        return samples
    ramp = np.linspace(0, 1, _EDGE, dtype=np.float32)
    soft = samples.copy()
    soft[:_EDGE] *= ramp
    soft[-_EDGE:] *= ramp[::-1]
    return soft


def joined(parts: Sequence[Samples]) -> Samples:
    """Parts one after the other, each with soft edges."""
    return np.concatenate([faded(part) for part in parts]) if parts else np.zeros(0, np.float32)


def at_level(samples: Samples, wanted: float) -> Samples:
    """The same sound with this speech level."""
    have = speech_level(samples) or float(np.sqrt(np.square(samples).mean())) or 1.0
    return samples * np.float32(wanted / have)


def room(length: int, random: np.random.Generator) -> Samples:
    """The murmur of a room: noise that falls towards high tones, and the hum of a fan."""
    low = _coloured(length, random, slope=1.0)
    times = np.arange(length) / RATE
    hum = np.sin(2 * np.pi * 120 * times) + 0.5 * np.sin(2 * np.pi * 240 * times)
    return _unit(low + 0.3 * hum.astype(np.float32))


def street(length: int, random: np.random.Generator) -> Samples:
    """A street: broad noise that swells when something drives by."""
    base = _coloured(length, random, slope=0.5)
    times = np.arange(length) / RATE
    swell = np.ones(length)
    for _ in range(max(1, int(length / RATE / 3))):
        middle, width = random.uniform(0, length / RATE), random.uniform(0.5, 1.5)
        swell += 2.0 * np.exp(-(((times - middle) / width) ** 2))
    return _unit(base * swell.astype(np.float32))


def mixed(samples: Samples, noise: Samples, snr_db: float) -> Samples:
    """Speech with noise under it, so many dB below the speech's own level."""
    return samples + noise * np.float32(speech_level(samples) / 10 ** (snr_db / 20))


def narrow(samples: Samples) -> Samples:
    """As a telephone carries it: 300 to 3,400 Hz at 8 kHz."""
    spectrum = np.fft.rfft(samples)
    tones = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum[(tones < 300) | (tones > 3_400)] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def far(samples: Samples) -> Samples:
    """A voice from the other side of the room: dull, with a short echo."""
    spectrum = np.fft.rfft(samples)
    tones = np.fft.rfftfreq(len(samples), 1 / RATE)
    dull = np.fft.irfft(spectrum / (1 + (tones / 1_500) ** 2), len(samples)).astype(np.float32)
    echo = np.zeros_like(dull)
    for delay, part in ((0.03, 0.5), (0.07, 0.35), (0.13, 0.2)):
        shift = int(delay * RATE)
        echo[shift:] += part * dull[:-shift]
    return dull + echo


def cough(random: np.random.Generator) -> Samples:
    """One to three bursts of noise, each loud at once and gone in a quarter of a second."""
    parts = []
    for _ in range(int(random.integers(1, 4))):
        length = int(random.uniform(0.12, 0.3) * RATE)
        decay = np.exp(-np.arange(length) / (random.uniform(0.03, 0.08) * RATE)).astype(np.float32)
        parts += [
            _coloured(length, random, slope=0.25) * decay,
            np.zeros(int(random.uniform(0.05, 0.2) * RATE), np.float32),
        ]
    burst = np.concatenate(parts)
    return burst * np.float32(audio.PEAK / np.abs(burst).max())


def _coloured(length: int, random: np.random.Generator, *, slope: float) -> Samples:
    spectrum = np.fft.rfft(random.normal(size=length))
    tones = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 50.0)
    return _unit(np.fft.irfft(spectrum / (tones / 50.0) ** slope, length).astype(np.float32))


def _unit(samples: Samples) -> Samples:
    return np.asarray(samples / np.sqrt(np.square(samples).mean()), np.float32)
