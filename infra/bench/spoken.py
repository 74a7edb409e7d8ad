"""Made-up speakers: clauses said by the model server's voice at planted rates, with silences and fillers.

Another voice is the same one with its pitch and its resonances moved together, by playing it faster or slower
than it was asked to speak; the planted rate stays.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx
import numpy as np
import numpy.typing as npt
import soundfile
import soxr

Samples = npt.NDArray[np.float32]

RATE: Final = 16_000
VOICES: Final = {"joe": 1.0, "higher": 1.18, "deeper": 0.88}
"""By how much pitch and resonances are moved."""
FILLERS: Final = ("Um.", "Uh.", "Er.")
_SPEECH_RATE: Final = 24_000
_FRAME: Final = RATE // 200
_QUIET_DB: Final = 35.0
"""A clause begins and ends where it is no further below its loudest 5 ms than this."""
_ROOM: Final = 3e-4
"""What a quiet room's noise has for an amplitude."""
_SPEEDS: Final = (0.45, 1.9)


@dataclass(frozen=True)
class Piece:
    """A clause, a filler (`text` is one of `FILLERS`), or a silence (`text` empty) of so many seconds."""

    text: str
    seconds: float = 0.0
    syllables: int = 0


@dataclass(frozen=True)
class Placed:
    """Where a piece lies in what was spoken."""

    piece: Piece
    start: float
    end: float


@dataclass(frozen=True)
class Spoken:
    """What a made-up speaker said."""

    samples: Samples
    placed: list[Placed] = field(default_factory=list)

    def wav(self) -> bytes:
        """As a file."""
        return wav(self.samples)


class Speaker:
    """Says pieces through the model server; what it said before is not asked for twice."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._natural: dict[str, float] = {}

    async def speak(self, pieces: Sequence[Piece], *, voice: str = "joe", rate: float = 3.5) -> Spoken:
        """Say pieces in a row.

        Args:
            pieces: In order.
            voice: One of `VOICES`.
            rate: Syllables a second within a clause.
        """
        parts: list[Samples] = []
        placed: list[Placed] = []
        at = 0.3
        for piece in pieces:
            sound = await self._sound(piece, VOICES[voice], rate)
            end = at + len(sound) / RATE
            placed.append(Placed(piece, at, end))
            parts.append(sound)
            at = end
        edge = np.zeros(round(0.3 * RATE), np.float32)
        whole = np.concatenate([edge, *parts, edge])
        noise = np.random.default_rng(0).normal(0, _ROOM, len(whole)).astype(np.float32)
        return Spoken(whole + noise, placed)

    async def _sound(self, piece: Piece, moved: float, rate: float) -> Samples:
        if not piece.text:
            return np.zeros(round(piece.seconds * RATE), np.float32)
        if not piece.syllables:
            return await self._say(piece.text, 1.0, moved)
        key = f"{moved} {piece.text}"
        if key not in self._natural:
            self._natural[key] = len(await self._say(piece.text, 1.0, moved)) / RATE
        wanted = piece.syllables / rate
        speed = min(_SPEEDS[1], max(_SPEEDS[0], self._natural[key] / wanted))
        return await self._say(piece.text, speed, moved)

    async def _say(self, text: str, speed: float, moved: float) -> Samples:
        """A text at a speed in a voice, without the silence around it."""
        body = {
            "model": "tts-1",
            "voice": "joe",
            "input": text,
            "response_format": "pcm",
            "speed": round(speed / moved, 3),
        }
        answer = await self._http.post("/v1/audio/speech", json=body)
        pcm = np.frombuffer(answer.raise_for_status().content, "<i2").astype(np.float32) / 32_768
        return trimmed(soxr.resample(pcm, _SPEECH_RATE * moved, RATE).astype(np.float32))


def trimmed(samples: Samples) -> Samples:
    """A sound without what is quiet before and after it, at a common loudness."""
    count = len(samples) // _FRAME
    loud = np.sqrt(np.square(samples[: count * _FRAME].reshape(count, _FRAME)).mean(axis=1))
    heard = np.flatnonzero(loud > loud.max() * 10 ** (-_QUIET_DB / 20))
    if not len(heard):
        return samples
    cut = samples[heard[0] * _FRAME : (heard[-1] + 1) * _FRAME]
    return np.asarray(cut * (0.5 / max(1e-6, float(np.abs(cut).max()))), np.float32)


def wav(samples: Samples) -> bytes:
    """Samples as a WAV file of 16 bits."""
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()
