"""What tests know of the server they talk to, and a raw client of its live protocol."""

import asyncio
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import soundfile

RATE = 16_000
RECORDINGS = Path(__file__).parent / "recordings"
SILENCE = b"\0\0" * (RATE // 2)


@dataclass(frozen=True)
class Server:
    """Address, home folder and process id of a running server."""

    url: str
    home: Path
    pid: int


async def stream(
    socket: aiohttp.ClientWebSocketResponse, pcm: bytes, rate: int = RATE, pace: float = 1.0
) -> None:
    """Send PCM in frames of 50 ms, `pace` times as fast as it was spoken."""
    step, began = rate // 20 * 2, time.perf_counter()
    for at in range(0, len(pcm), step):
        await socket.send_bytes(pcm[at : at + step])
        await asyncio.sleep(max(0.0, began + (at + step) / (2 * rate * pace) - time.perf_counter()))


async def messages(socket: aiohttp.ClientWebSocketResponse) -> list[dict[str, Any]]:
    """All messages until the server closes."""
    return [json.loads(message.data) async for message in socket if message.type is aiohttp.WSMsgType.TEXT]


async def until(socket: aiohttp.ClientWebSocketResponse, kind: str, *, final: bool = False) -> dict[str, Any]:
    """The next message of a type; for results the next final one when asked for."""
    while True:
        message: dict[str, Any] = await socket.receive_json(timeout=20)
        if message["type"] == kind and (not final or message["is_final"]):
            return message


def text_of(message: dict[str, Any]) -> str:
    """Transcript of a result."""
    return str(message["channel"]["alternatives"][0]["transcript"])


def finals(received: list[dict[str, Any]]) -> str:
    """The transcripts of all finals as one text."""
    return " ".join(text_of(m) for m in received if m["type"] == "Results" and m["is_final"]).strip()


def say(text: str) -> bytes:
    """A sentence as it was once synthesized and kept, since the synthesizer never says it twice alike.

    Returns 16 kHz mono 16-bit PCM of `recordings/<the sentence's first letters>.flac`.
    """
    name = re.sub("[^a-z]+", "-", text.lower()).strip("-")[:40].strip("-")
    wave, rate = soundfile.read(RECORDINGS / f"{name}.flac", dtype="int16")
    assert rate == RATE
    return bytes(wave.astype("<i2").tobytes())


def synthesized(server: Server, text: str, speed: float) -> bytes:
    """A sentence by the server's own voice, as 24 kHz PCM."""
    body = {"input": text, "model": "piper-joe", "response_format": "pcm", "speed": speed}
    return httpx.post(f"{server.url}/v1/audio/speech", json=body, timeout=30).raise_for_status().content
