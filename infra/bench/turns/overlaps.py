"""Sounds over the coach's speech: noises and listeners' words that ask for nothing, and wishes to speak."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from infra.bench.recordings import noise
from infra.bench.turns.audio import RATE, Samples, at_level, cough, far, from_bench, seconds, silences
from infra.bench.turns.corpus import Speaker
from infra.bench.turns.planting import SPEECH, Spoken
from infra.bench.turns.turns import Overlap, Sound

BACKCHANNELS: Final = ("Mm-hm.", "Uh-huh.", "Okay.", "Yeah.", "Right.", "I see.")
WORDS: Final = ("Wait.", "No.", "Stop.", "Sorry?", "Wait, please.", "No, I don't think so.")
_BEFORE_S: Final = 0.5
_AFTER_S: Final = 3.0
_FAR: Final = 0.08
"""Level of a voice in the background beside the learner's own: 22 dB below."""


def overlaps(speakers: Sequence[Speaker], spoken: Spoken, count: int, seed: int) -> list[Overlap]:
    """So many of each sound, the same ones for the same seed."""
    random = np.random.default_rng(seed)
    found: list[Overlap] = []
    for index in range(count):
        speaker = speakers[index % len(speakers)]
        other = speakers[(7 * index + 3) % len(speakers)]
        sentence = speaker.recordings[index // len(speakers) % len(speaker.recordings)].samples
        behind = far(other.recordings[0].samples)
        made: list[tuple[Sound, str, Samples]] = [
            ("cough", f"cough-{index}", _cough(index, random)),
            ("mm-hm", f"mm-hm-{index}", _listener(index, spoken)),
            ("background", other.name, behind),
            ("word", f"word-{index}", _word(index, spoken)),
            ("sentence", speaker.name, sentence),
        ]
        found += [_overlap(f"{sound}-{index}", who, sound, samples, random) for sound, who, samples in made]
    return found


def _cough(index: int, random: np.random.Generator) -> Samples:
    if index % 4 == 0:
        return from_bench(noise(("cough", "cough-once")[index // 4 % 2]))
    return cough(random)


def _listener(index: int, spoken: Spoken) -> Samples:
    if index % 4 == 0:
        return from_bench(noise(("mm-hm-anna", "mm-hm-marco")[index // 4 % 2]))
    return spoken.sounds[BACKCHANNELS[index % len(BACKCHANNELS)]]


def _word(index: int, spoken: Spoken) -> Samples:
    return spoken.sounds[WORDS[index % len(WORDS)]]


def _overlap(name: str, speaker: str, sound: Sound, samples: Samples, random: np.random.Generator) -> Overlap:
    level = SPEECH * (_FAR if sound == "background" else 1.0) * float(random.uniform(0.7, 1.3))
    scaled = at_level(samples, SPEECH)
    length = silences(scaled)[-1][0] if silences(scaled) else seconds(scaled)
    before, after = (np.zeros(round(s * RATE), np.float32) for s in (_BEFORE_S, _AFTER_S))
    whole = np.concatenate([before, scaled * np.float32(level / SPEECH), after])
    quiet = random.normal(0, 2e-4, len(whole)).astype(np.float32)
    return Overlap(name, speaker, sound, whole + quiet, _BEFORE_S, _BEFORE_S + length)
