"""The model server as a call uses it: a stream for the spoken turn, a request for the second look."""

import asyncio
import io
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import numpy as np
import numpy.typing as npt
import soundfile

RATE: Final = 16_000
PIECE_MS: Final = 50
_LEAD_S, _TAIL_S = 0.3, 0.2
_PATIENCE_S: Final = 120.0
_STREAM: Final = {
    "model": "nova-3",
    "language": "en-US",
    "encoding": "linear16",
    "sample_rate": str(RATE),
    "channels": "1",
    "interim_results": "true",
    "endpointing": "false",
    "punctuate": "true",
}

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Answer:
    """A transcript, and the milliseconds from the end of the audio until it was there."""

    text: str
    took_ms: float


class Listener:
    """One client of the model server at `url`."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url = f"{url}/v1/listen"
        self._http = http

    async def second_look(self, pcm: Pcm, model: str, expected: Sequence[str] = ()) -> Answer:
        """A whole recording's transcript by one of the server's models.

        Raises:
            aiohttp.ClientError: the server refused it.
        """
        query = [("model", model), ("language", "en"), ("punctuate", "true")]
        query += [("keyterm", word) for word in expected]
        began = time.perf_counter()
        async with self._http.post(
            self._url, params=query, data=_wav(pcm), headers={"Content-Type": "audio/wav"}
        ) as answer:
            answer.raise_for_status()
            body: dict[str, Any] = await answer.json()
        text = body["results"]["channels"][0]["alternatives"][0]["transcript"]
        return Answer(text, 1_000 * (time.perf_counter() - began))

    async def stream(self, pcm: Pcm, expected: Sequence[str] = (), *, pace: float = 0.0) -> Answer:
        """An utterance in pieces of 50 ms, then Finalize, as in a spoken turn.

        `pace` is how many times faster than it was spoken it is sent; 0 is as fast as the server takes it.

        Raises:
            aiohttp.ClientError: the server refused it.
        """
        query = [*_STREAM.items(), *(("keyterm", word) for word in expected)]
        async with self._http.ws_connect(self._url, params=query) as socket:
            await _send(socket, _padded(pcm), pace)
            ended = time.perf_counter()
            await socket.send_str('{"type":"Finalize"}')
            texts, took = [], 0.0
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    message = json.loads((await socket.receive()).data)
                    if message["type"] != "Results" or not message["is_final"]:
                        continue
                    texts.append(message["channel"]["alternatives"][0]["transcript"])
                    if message["from_finalize"]:
                        took = 1_000 * (time.perf_counter() - ended)
                        break
            await socket.send_str('{"type":"CloseStream"}')
        return Answer(" ".join(filter(None, texts)), took)


async def _send(socket: aiohttp.ClientWebSocketResponse, pcm: Pcm, pace: float) -> None:
    step, began = RATE * PIECE_MS // 1_000, time.perf_counter()
    for at in range(0, len(pcm), step):
        await socket.send_bytes(pcm[at : at + step].astype("<i2").tobytes())
        if pace:
            await asyncio.sleep(max(0.0, began + (at + step) / RATE / pace - time.perf_counter()))


def _padded(pcm: Pcm) -> Pcm:
    """With a little silence around it, as in a call."""
    return np.pad(pcm, (int(_LEAD_S * RATE), int(_TAIL_S * RATE)))


def _wav(pcm: Pcm) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, pcm, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()
