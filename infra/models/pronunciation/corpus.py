"""Learners' utterances with experts' scores, from a folder laid out with `utterances.jsonl`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from infra.models.pronounce import Pronunciations
from infra.models.pronunciation.alignment import Floats, Whole, flat_phones
from infra.models.pronunciation.meant import MeantWord, UnknownPhoneError, meant

TOP: Final = 2.0
"""The experts' best score: 0 wrong or missing, 1 heavy accent, 2 right."""


class BadCorpusError(ValueError):
    """The folder holds no such utterances."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One recording: what was to be read, and the experts' score of each phone, 0 to 1."""

    name: str
    speaker: str
    age: int
    words: list[MeantWord]
    scores: Floats
    audio: Path

    @property
    def flat(self) -> tuple[Whole, Whole]:
        """Class of each phone, and the index of its word."""
        return flat_phones(self.words)


def read_scored(folder: Path) -> list[Utterance]:
    """All utterances of `folder/utterances.jsonl`.

    A line is `{id, speaker, age, text, phones, phone_scores, audio}`, its scores 0 to 2.

    Raises:
        BadCorpusError: there is no such file, or a line is none.
    """
    pronunciations = Pronunciations()
    try:
        lines = (folder / "utterances.jsonl").read_text("utf-8").splitlines()
        return [_utterance(json.loads(line), folder, pronunciations) for line in lines if line.strip()]
    except (OSError, KeyError, TypeError, UnknownPhoneError, ValueError) as error:
        raise BadCorpusError(f"{folder} holds no scored utterances: {error!r}") from None


def _utterance(row: dict[str, object], folder: Path, pronunciations: Pronunciations) -> Utterance:
    phones = [str(phone) for phone in _listed(row["phones"])]
    scores = np.array(_listed(row["phone_scores"]), np.float32) / np.float32(TOP)
    words = meant(str(row["text"]), pronunciations, phones)
    if sum(len(word.phones) for word in words) != len(scores) or not words:
        raise BadCorpusError(f"{row['id']}: phones and scores do not match")
    return Utterance(
        str(row["id"]), str(row["speaker"]), int(str(row["age"])), words, scores, folder / str(row["audio"])
    )


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BadCorpusError("not a list")
    return value
