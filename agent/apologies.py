"""What the coach says when it cannot speak: apologies kept as sound on disk, and a synthesizer made of
them."""

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from livekit import rtc
from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, tts, utils

from prompts import load

SAMPLE_RATE = 24_000
_REPEAT_AFTER = 30.0
_FETCH_TIMEOUT = 5.0


def phrase(name: str) -> str:
    """The words of an apology, from `prompts/apologies.yaml`."""
    return load("apologies").text("phrases", name)


class Apologies:
    """The spoken apologies of one voice: fetched while the synthesizer works, read when it does not."""

    def __init__(self, folder: Path, *, voice: str) -> None:
        self._folder = folder
        self._voice = voice
        self._sounds: dict[str, bytes] = {}

    def names(self) -> list[str]:
        """All apologies there are."""
        return sorted(load("apologies").value("phrases"))

    def sound(self, name: str) -> bytes:
        """24 kHz mono 16-bit PCM of an apology; two soft tones when it was never fetched."""
        if name not in self._sounds:
            try:
                self._sounds[name] = self._path(name).read_bytes()
            except OSError:
                return _chime()
        return self._sounds[name]

    def frames(self, name: str) -> AsyncIterator[rtc.AudioFrame]:
        """The sound in pieces of 20 ms, for `session.say(audio=...)`."""
        return _frames(self.sound(name))

    def missing(self) -> list[str]:
        """Apologies not yet on disk."""
        return [name for name in self.names() if not self._path(name).exists()]

    def fetch(self, url: str, *, key: str, model: str) -> None:
        """Ask an OpenAI-compatible synthesizer at `url` for what is missing; gives up quietly when it is
        down."""
        for name in self.missing():
            body = {"model": model, "voice": self._voice, "input": phrase(name), "response_format": "pcm"}
            try:
                response = httpx.post(
                    f"{url}/audio/speech",
                    json=body,
                    headers={"Authorization": f"Bearer {key}"},
                    timeout=_FETCH_TIMEOUT,
                    trust_env=False,
                )
                response.raise_for_status()
            except httpx.HTTPError:
                return
            if len(response.content) > SAMPLE_RATE // 2:
                self._write(name, response.content)

    def _write(self, name: str, sound: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(name)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(sound[: len(sound) // 2 * 2])
        draft.replace(path)

    def _path(self, name: str) -> Path:
        digest = hashlib.sha256(f"{self._voice}\n{phrase(name)}".encode()).hexdigest()[:12]
        return self._folder / f"{name}-{digest}.pcm"


class ApologyTTS(tts.TTS[Any]):
    """The synthesizer of last resort: says that the voice is gone, and leaves the answer to the captions.

    Says it once an outage (again after half a minute); other sentences become short silences, so that
    their captions still appear. `heard()` tells it that what it said reached the learner, because an
    answer that was started early may have been thrown away.
    """

    def __init__(self, apologies: Apologies) -> None:
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=False), sample_rate=SAMPLE_RATE, num_channels=1
        )
        self._apologies = apologies
        self._said_at = float("-inf")
        self._pending = False

    @property
    def model(self) -> str:
        """Shown in metrics."""
        return "apologies"

    @property
    def provider(self) -> str:
        """Shown in metrics."""
        return "avaaz"

    def heard(self) -> None:
        """An answer of this synthesizer was played to the learner."""
        if self._pending:
            self._said_at = time.monotonic()
            self._pending = False

    def over(self) -> None:
        """The voice is back: the next outage is told anew."""
        self._said_at = float("-inf")
        self._pending = False

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        """The apology, or a short silence."""
        return _ApologyStream(tts=self, input_text=text, conn_options=conn_options)

    def next_sound(self) -> bytes:
        """What the next sentence sounds like."""
        if time.monotonic() - self._said_at < _REPEAT_AFTER:
            return bytes(SAMPLE_RATE)
        self._pending = True
        return self._apologies.sound("speech_unavailable")


class _ApologyStream(tts.ChunkedStream):
    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        source = self._tts
        if not isinstance(source, ApologyTTS):
            raise TypeError("only for the synthesizer of last resort")
        output_emitter.initialize(
            request_id=utils.shortuuid(), sample_rate=SAMPLE_RATE, num_channels=1, mime_type="audio/pcm"
        )
        output_emitter.push(source.next_sound())
        output_emitter.flush()


async def _frames(sound: bytes) -> AsyncIterator[rtc.AudioFrame]:
    size = SAMPLE_RATE // 50
    for start in range(0, len(sound), size * 2):
        piece = sound[start : start + size * 2]
        yield rtc.AudioFrame(piece, SAMPLE_RATE, 1, len(piece) // 2)
        await asyncio.sleep(0)


def _chime() -> bytes:
    times = np.arange(int(SAMPLE_RATE * 0.25)) / SAMPLE_RATE
    tones = [np.sin(2 * np.pi * pitch * times) * np.hanning(times.size) for pitch in (523.25, 392.0)]
    return bytes((np.concatenate(tones) * 6_000).astype("<i2").tobytes())
