"""What a recording sounds like, whatever is said in it: where it is silent, how far speech is above noise,
how high its sound reaches, how high the voice is.

Loudness is the mean square of 20 ms around every 10 ms, in decibels of full scale. A frame is silent where it
is 30 dB below the loud frames, or near the floor where that is higher: intensity against the loudest, as de
Jong and Wempe 2009 ("Praat script to detect syllable nuclei") find pauses. No emotion or state is told from a
voice.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from aiohttp import web

from infra.models.decode import decode
from infra.models.errors import bad_request
from infra.models.state import STATE
from infra.models.stt import RATE, Audio

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_STEP: Final = RATE // 100
_STEP_S: Final = 0.01
_FLOOR_DB: Final = -100.0
_BELOW_SPEECH_DB: Final = 30.0
_ABOVE_FLOOR_DB: Final = 6.0
_LEAST_RANGE_DB: Final = 12.0
"""Where loud and quiet frames are no further apart, nothing can be told: it is all noise, or all speech."""
_CLICK: Final = 4
"""Fewer loud frames in a row are a click."""
_SHORTEST_SILENCE: Final = 10
_INAUDIBLE_DB: Final = -65.0
_ROLLOFF: Final = 0.99
_PITCH: Final = (60.0, 400.0)
_PERIODIC: Final = 0.6


@dataclass(frozen=True, slots=True)
class SoundFigures:
    """Figures of a recording; seconds, decibels, hertz."""

    seconds: float
    speech_s: float
    snr_db: float
    bandwidth_hz: float
    pitch_hz: float | None
    silences: list[tuple[float, float]]

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "seconds": round(self.seconds, 3),
            "speech_s": round(self.speech_s, 3),
            "snr_db": round(self.snr_db, 1),
            "bandwidth_hz": round(self.bandwidth_hz),
            "pitch_hz": None if self.pitch_hz is None else round(self.pitch_hz, 1),
            "silences": [[round(start, 3), round(end, 3)] for start, end in self.silences],
        }


async def sound(request: web.Request) -> web.Response:
    """`POST /v1/sound`: a recording in the body, its figures in the answer.

    `channel=0` takes the left side of a stereo recording, `channel=1` the right; both together without it.
    """
    state = request.app[STATE]
    channel = channel_of(request.query.get("channel"))
    with state.uploads.take():
        data = await request.read()
        if not data:
            raise bad_request("the body holds no audio")
        most = state.settings.max_upload_seconds
        figures = await asyncio.to_thread(lambda: figures_of(decode(data, most, channel)))
    return web.json_response(figures.shown())


def channel_of(value: str | None) -> int | None:
    """The channel that a query names; raises 400 for another."""
    if value is None:
        return None
    if value not in {"0", "1"}:
        raise bad_request("channel is 0 or 1", param="channel")
    return int(value)


def figures_of(audio: Audio) -> SoundFigures:
    """The figures of mono 16 kHz samples."""
    loudness = _loudness(audio)
    sounding = _sounding(loudness)
    return SoundFigures(
        seconds=len(audio) / RATE,
        speech_s=float(sounding.sum()) * _STEP_S,
        snr_db=_snr(loudness, sounding),
        bandwidth_hz=_bandwidth(audio, sounding),
        pitch_hz=_pitch(audio, sounding),
        silences=_silences(sounding),
    )


def _loudness(audio: Audio) -> Floats:
    """Decibels of full scale for each 10 ms."""
    squares = np.square(np.pad(audio.astype(np.float64), (_STEP // 2, _STEP + _STEP // 2)))
    sums = np.concatenate(([0.0], np.cumsum(squares)))
    starts = np.arange(len(audio) // _STEP) * _STEP
    means = (sums[starts + 2 * _STEP] - sums[starts]) / (2 * _STEP)
    return 10 * np.log10(np.maximum(means, 10 ** (_FLOOR_DB / 10)))


def _sounding(loudness: Floats) -> Flags:
    """Which 10 ms are not silent."""
    if not len(loudness):
        return np.zeros(0, bool)
    quiet, loud = np.percentile(loudness, (5, 95))
    if loud < _INAUDIBLE_DB:
        return np.zeros(len(loudness), bool)
    if loud - quiet < _LEAST_RANGE_DB:
        return np.ones(len(loudness), bool)
    threshold = min(max(loud - _BELOW_SPEECH_DB, quiet + _ABOVE_FLOOR_DB), loud - _LEAST_RANGE_DB / 2)
    found: Flags = loudness > threshold
    for start, end in _runs(found):
        if end - start < _CLICK:
            found[start:end] = False
    for start, end in _runs(~found):
        if end - start < _SHORTEST_SILENCE:
            found[start:end] = True
    return found


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """Where stretches of True begin and end."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _silences(sounding: Flags) -> list[tuple[float, float]]:
    return [(start * _STEP_S, end * _STEP_S) for start, end in _runs(~sounding)]


def _snr(loudness: Floats, sounding: Flags) -> float:
    """Mean power of speech over that of what is between it; 60 dB where that is nothing."""
    if not sounding.any():
        return 0.0
    power = np.power(10, loudness / 10)
    if sounding.all():
        spread = float(np.percentile(loudness, 95) - np.percentile(loudness, 5))
        return min(60.0, spread)
    return float(min(60.0, 10 * np.log10(power[sounding].mean() / power[~sounding].mean())))


def _bandwidth(audio: Audio, sounding: Flags) -> float:
    """Below it lies 99 % of the energy of speech, with high frequencies raised by 6 dB an octave."""
    spectrum = np.zeros(257)
    for start, end in _runs(sounding):
        part = audio[start * _STEP : end * _STEP].astype(np.float64)
        raised = np.diff(part)
        count = len(raised) // 512
        if count:
            frames = raised[: count * 512].reshape(count, 512) * np.hanning(512)
            spectrum += np.square(np.abs(np.fft.rfft(frames))).sum(axis=0)
    total = spectrum.sum()
    if total <= 0:
        return 0.0
    reached = int(np.searchsorted(np.cumsum(spectrum), _ROLLOFF * total))
    return reached * RATE / 512


def _pitch(audio: Audio, sounding: Flags) -> float | None:
    """The median pitch of voiced frames of 40 ms, by autocorrelation."""
    shortest, longest = round(RATE / _PITCH[1]), round(RATE / _PITCH[0])
    size = 4 * _STEP
    found = []
    for place in np.flatnonzero(sounding)[::4]:
        frame = audio[place * _STEP : place * _STEP + size + longest].astype(np.float64)
        if len(frame) < size + longest:
            continue
        frame -= frame.mean()
        head = frame[:size]
        energy = float(head @ head)
        if energy < 1e-4 * size * 0.01:
            continue
        lags = np.correlate(frame, head, "valid")[shortest : longest + 1]
        squares = np.concatenate(([0.0], np.cumsum(np.square(frame))))
        starts = np.arange(shortest, longest + 1)
        norms = np.sqrt(energy * np.maximum(squares[starts + size] - squares[starts], 1e-12))
        likeness = lags / norms
        best = int(np.argmax(likeness))
        if likeness[best] > _PERIODIC:
            first = int(np.argmax(likeness > 0.9 * likeness[best]))
            near = first + int(np.argmax(likeness[first : first + 8]))
            found.append(RATE / (shortest + near))
    return float(np.median(found)) if len(found) >= 10 else None
