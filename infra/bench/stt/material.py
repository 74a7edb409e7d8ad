"""What is heard in the bench: learners' utterances of a folder, and what was expected of each."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr

from infra.bench.recordings import ADULT
from infra.bench.stt.listener import RATE, Pcm
from infra.bench.stt.wording import content_words
from infra.stack.errors import StackError

DISTRACTORS: Final = 50
"""Content words of other sentences among which the expected ones are hidden."""


class BadCorpusError(StackError):
    """The folder holds no learners' utterances."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance of a folder laid out with `utterances.jsonl` (`id, speaker, age, text, audio`)."""

    name: str
    speaker: str
    age: int
    text: str
    path: Path

    @property
    def group(self) -> str:
        """`adults` or `children`."""
        return "adults" if self.age >= ADULT else "children"

    @property
    def pcm(self) -> Pcm:
        """Its audio, 16 kHz mono."""
        return read_pcm(self.path)


def utterances(folder: Path, most: int | None) -> list[Spoken]:
    """The folder's utterances, each speaker's first before anyone's second; the first `most` of them.

    Raises:
        BadCorpusError: there is no such folder, or a line is no utterance.
    """
    try:
        lines = (folder / "utterances.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        found = [
            Spoken(row["id"], row["speaker"], int(row["age"]), row["text"], folder / row["audio"])
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCorpusError(f"{folder} holds no utterances: {error!r}") from None
    if not found:
        raise BadCorpusError(f"{folder} holds no utterances.")
    return _in_turn(found)[:most]


def read_pcm(path: Path) -> Pcm:
    """A recording as 16 kHz mono.

    Raises:
        BadCorpusError: it is missing or no audio.
    """
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise BadCorpusError(f"{path.name}: {error}") from None
    mono = samples.mean(axis=1)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    pcm: Pcm = (np.clip(mono, -1, 1) * 32_767).astype(np.int16)
    return pcm


class Expectations:
    """Lists of expected words for each utterance, the same in each run."""

    def __init__(self, spoken: Sequence[Spoken]) -> None:
        self._pool = sorted({word for one in spoken for word in content_words(one.text)})

    def right(self, one: Spoken) -> list[str]:
        """The sentence's content words, shuffled among 50 others."""
        own = content_words(one.text)
        listed = [*own, *self._others(one, DISTRACTORS)]
        random.Random(f"order {one.name}").shuffle(listed)
        return listed

    def wrong(self, one: Spoken) -> list[str]:
        """As many words, none of them the sentence's."""
        return self._others(one, DISTRACTORS + len(content_words(one.text)))

    def _others(self, one: Spoken, count: int) -> list[str]:
        own = set(content_words(one.text))
        others = [word for word in self._pool if word not in own]
        return random.Random(f"others {one.name}").sample(others, min(count, len(others)))


def _in_turn(found: list[Spoken]) -> list[Spoken]:
    seen: Counter[str] = Counter()
    ranked = []
    for one in sorted(found, key=lambda one: one.name):
        ranked.append((seen[one.speaker], one.name, one))
        seen[one.speaker] += 1
    return [one for *_, one in sorted(ranked, key=lambda row: row[:2])]
