"""What experts thought of learners' phones: the lines of a folder's `utterances.jsonl`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from infra.bench.recordings import ADULT
from infra.stack.errors import StackError


class BadScoresError(StackError):
    """The folder holds no scored utterances."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One utterance, its phones in ARPAbet and the mean of the experts' scores of each, 0 to 2."""

    speaker: str
    age: int
    text: str
    phones: list[str]
    scores: list[float]
    path: Path
    seconds: float

    @property
    def group(self) -> str:
        """`adults` or `children`."""
        return "adults" if self.age >= ADULT else "children"


def read_expected(folder: Path) -> list[Expected]:
    """All utterances of a folder.

    Raises:
        BadScoresError: there is no such folder, or a line or its recording is not as it should be.
    """
    try:
        lines = (folder / "utterances.jsonl").read_text("utf-8").splitlines()
        found = [_expected(json.loads(line), folder) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError, soundfile.LibsndfileError) as error:
        raise BadScoresError(f"{folder} holds no scored utterances: {error!r}") from None
    if not found:
        raise BadScoresError(f"{folder} holds no scored utterances.")
    return found


def _expected(row: dict[str, Any], folder: Path) -> Expected:
    path = folder / row["audio"]
    phones, scores = [str(phone) for phone in row["phones"]], [float(score) for score in row["phone_scores"]]
    if not phones or len(phones) != len(scores):
        raise ValueError(f"{row['id']}: {len(phones)} phones, {len(scores)} scores")
    about = soundfile.info(path)
    return Expected(
        str(row["speaker"]), int(row["age"]), str(row["text"]), phones, scores, path, about.duration
    )
