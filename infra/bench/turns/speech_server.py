"""The model server as the bench asks it: words of a recording, a spoken word, and live hearing in step."""

import asyncio
import io
import json
import time
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
import numpy as np
import soundfile
import soxr

from infra.bench import audio as bench_audio
from infra.bench.turns.audio import RATE, Samples, to_pcm

_LISTEN = {
    "model": "nova-3",
    "language": "en-US",
    "punctuate": "true",
    "filler_words": "true",
    "interim_results": "true",
    "endpointing": "false",
    "encoding": "linear16",
    "sample_rate": str(RATE),
    "channels": "1",
}
_ANSWER_WITHIN_S = 60.0


@dataclass(frozen=True)
class HeardWord:
    """One recognized word, seconds from the recording's start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class HeardText:
    """What a final result says, and how many seconds passed until it came."""

    text: str
    confidence: float
    took: float


class SpeechServer:
    """Asks one model server; used as a context."""

    def __init__(self, base_url: str) -> None:
        self._http = aiohttp.ClientSession(
            base_url=base_url, timeout=aiohttp.ClientTimeout(total=_ANSWER_WITHIN_S)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def words(self, samples: Samples) -> list[HeardWord]:
        """The words of a recording with their times."""
        file = io.BytesIO()
        soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
        query = {"model": "nova-3", "language": "en", "punctuate": "true"}
        headers = {"Content-Type": "audio/wav"}
        async with self._http.post(
            "/v1/listen", params=query, data=file.getvalue(), headers=headers
        ) as answer:
            answer.raise_for_status()
            found = (await answer.json())["results"]["channels"][0]["alternatives"][0]
        return [HeardWord(one["word"], one["start"], one["end"]) for one in found["words"]]

    async def say(self, text: str) -> Samples:
        """A text as the synthesizer speaks it, trimmed."""
        wanted = {"model": "tts-1", "voice": "joe", "input": text, "response_format": "wav"}
        async with self._http.post("/v1/audio/speech", json=wanted) as answer:
            answer.raise_for_status()
            data, rate = soundfile.read(io.BytesIO(await answer.read()), dtype="float32", always_2d=True)
        spoken = soxr.resample(data.mean(axis=1), rate, bench_audio.RATE)
        trimmed = bench_audio.trimmed(np.asarray(spoken, np.float32))
        return np.asarray(soxr.resample(trimmed, bench_audio.RATE, RATE), np.float32)

    async def listen(self) -> "LiveHearing":
        """A live transcription."""
        return LiveHearing(await self._http.ws_connect("/v1/listen", params=_LISTEN))


class LiveHearing:
    """One live transcription that is asked for its result at each pause, and waited for.

    Between two pauses the sound may therefore come as fast as it is sent: nothing depends on the clock.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def hear(self, samples: Samples) -> None:
        """Send sound."""
        await self._socket.send_bytes(to_pcm(samples))

    async def settle(self) -> HeardText:
        """What was said since the last time this was asked."""
        began = time.perf_counter()
        await self._socket.send_json({"type": "Finalize"})
        texts: list[str] = []
        sure: list[float] = []
        while True:
            message = await self._message()
            if message.get("type") != "Results" or not message.get("is_final"):
                continue
            best = message["channel"]["alternatives"][0]
            if best["transcript"]:
                texts.append(best["transcript"])
                sure.append(float(best["confidence"]))
            if message.get("from_finalize"):
                took = time.perf_counter() - began
                return HeardText(" ".join(texts), min(sure, default=0.0), took)

    async def aclose(self) -> None:
        """End the transcription."""
        await self._socket.close()

    async def _message(self) -> dict[str, Any]:
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            text = await self._socket.receive_str()
        found: dict[str, Any] = json.loads(text)
        return found
