"""Audio as clients want it: raw PCM, streamed WAV, or what PyAV encodes while the speech is still growing."""

import struct
from typing import Protocol

import av
import numpy as np
from av.audio.stream import AudioStream

RATE = 24_000
CONTENT_TYPES = {
    "pcm": "audio/pcm",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
}
_CODECS = {
    "mp3": ("mp3", "libmp3lame"),
    "opus": ("ogg", "libopus"),
    "aac": ("adts", "aac"),
    "flac": ("flac", "flac"),
}


class Encoder(Protocol):
    """Turns 24 kHz mono 16-bit PCM into a stream of one format."""

    def feed(self, pcm: bytes) -> bytes:
        """What is ready to be sent after this much more audio."""

    def finish(self) -> bytes:
        """The rest."""


def encoder(name: str) -> Encoder:
    """An encoder for a key of `CONTENT_TYPES`."""
    if name in _CODECS:
        return _Compressed(*_CODECS[name])
    return _Plain(_wav_header() if name == "wav" else b"")


def _wav_header() -> bytes:
    """A WAV header of unknown length, as streams have."""
    return (
        b"RIFF\xff\xff\xff\xffWAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
        + b"data\xff\xff\xff\xff"
    )


class _Plain:
    def __init__(self, head: bytes) -> None:
        self._head = head

    def feed(self, pcm: bytes) -> bytes:
        head, self._head = self._head, b""
        return head + pcm

    def finish(self) -> bytes:
        return self.feed(b"")


class _Sink:
    """A file that can only be appended to and emptied."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def drain(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


class _Compressed:
    def __init__(self, container: str, codec: str) -> None:
        self._sink = _Sink()
        self._file = av.open(self._sink, "w", format=container)
        self._stream: AudioStream = self._file.add_stream(codec, rate=RATE, layout="mono")  # type: ignore[assignment]
        self._at = 0

    def feed(self, pcm: bytes) -> bytes:
        samples = np.frombuffer(pcm, "<i2")
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = self._at
        self._at += len(samples)
        self._file.mux(self._stream.encode(frame))
        return self._sink.drain()

    def finish(self) -> bytes:
        self._file.mux(self._stream.encode(None))
        self._file.close()
        return self._sink.drain()
