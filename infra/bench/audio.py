"""Audio as the measuring programs use it: 48 kHz mono float32 in -1..1, in frames of 10 ms."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

Samples = npt.NDArray[np.float32]
Pcm = npt.NDArray[np.int16]

RATE = 48_000
FRAME = RATE // 100
"""Samples in one frame of 10 ms."""

FRAME_S = FRAME / RATE
PEAK = 0.7
"""Every recording is brought to this peak, 3 dB below full scale."""

AUDIBLE = 0.02
"""RMS of a 10 ms frame, after bringing to `PEAK`, from which it counts as audible."""


class AudioFileError(Exception):
    """A recording cannot be read or holds no sound; the message says which."""


def read(path: Path) -> Samples:
    """A recording as 48 kHz mono, as it is.

    Raises:
        AudioFileError: the file is missing or is no audio.
    """
    try:
        data, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise AudioFileError(f"{path}: {error}") from error
    mono: Samples = np.asarray(data.mean(axis=1), dtype=np.float32)
    return mono if rate == RATE else np.asarray(soxr.resample(mono, rate, RATE), dtype=np.float32)


def trimmed(samples: Samples) -> Samples:
    """The audible part, brought to the common peak, in whole frames: its last frame is its last sound.

    Raises:
        AudioFileError: nothing in it is audible.
    """
    level = float(np.abs(samples).max(initial=0.0))
    if level < 1e-4:
        raise AudioFileError("the recording is silent")
    whole = np.append(samples, np.zeros(-len(samples) % FRAME, np.float32)) * np.float32(PEAK / level)
    frames = whole.reshape(-1, FRAME)
    audible = np.flatnonzero(np.sqrt(np.square(frames).mean(axis=1)) > AUDIBLE)
    if not len(audible):
        raise AudioFileError("the recording holds clicks only")
    part: Samples = frames[audible[0] : audible[-1] + 1].reshape(-1)
    return part


def load(path: Path) -> Samples:
    """A recording, trimmed.

    Raises:
        AudioFileError: it cannot be read or holds no sound.
    """
    try:
        return trimmed(read(path))
    except AudioFileError as error:
        raise AudioFileError(f"{path.name}: {error}") from error


def to_pcm(samples: Samples) -> Pcm:
    """16-bit samples, clipped."""
    pcm: Pcm = (np.clip(samples, -1.0, 1.0) * 32_767).astype(np.int16)
    return pcm


def seconds(samples: Samples) -> float:
    """How long it sounds."""
    return len(samples) / RATE
