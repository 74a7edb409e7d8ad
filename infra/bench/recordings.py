"""What is said in a measurement: the project's clear voices and noises, real learners from a folder."""

import json
from dataclasses import dataclass
from pathlib import Path

from infra.bench.audio import AudioFileError, Samples, load, seconds

FOLDER = Path(__file__).parent / "voices"
DEFAULT_LEARNERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "l2-speech"
ADULT = 18
SHORTEST_S = 1.0
LONGEST_S = 8.0


@dataclass(frozen=True)
class Utterance:
    """One recording, trimmed to what is audible."""

    name: str
    text: str
    samples: Samples
    word_ends: tuple[float, ...] = ()
    """Seconds from the start at which each word ends; empty where not known."""


def clear_voices() -> list[Utterance]:
    """The project's own recordings, two clear voices in turn.

    Raises:
        AudioFileError: a file is damaged.
    """
    rows = json.loads((FOLDER / "voices.json").read_text("utf-8"))
    return [
        Utterance(row["file"], row["text"], load(FOLDER / "clear" / row["file"]), tuple(row["word_ends"]))
        for row in rows
    ]


def noise(name: str) -> Samples:
    """A sound that is no turn: `cough`, `cough-once`, `mm-hm-anna`, `mm-hm-marco`, `room-hum`.

    Raises:
        AudioFileError: there is no such recording.
    """
    return load(FOLDER / "noises" / f"{name}.ogg")


def learners(folder: Path, count: int) -> list[Utterance]:
    """A fixed sample of adults' utterances of 1 to 8 s, each by another speaker as long as there are any.

    Raises:
        AudioFileError: the folder holds no `utterances.jsonl`, a file is damaged, or nothing fits.
    """
    try:
        lines = (folder / "utterances.jsonl").read_text("utf-8").splitlines()
    except OSError as error:
        raise AudioFileError(f"{folder}: no learners' recordings: {error.strerror}") from error
    adults = [row for row in map(json.loads, lines) if row["age"] >= ADULT]
    chosen: list[Utterance] = []
    for row in _speakers_in_turn(adults):
        if len(chosen) == count:
            break
        samples = load(folder / row["audio"])
        if SHORTEST_S <= seconds(samples) <= LONGEST_S:
            chosen.append(Utterance(row["id"], row["text"], samples))
    if not chosen:
        raise AudioFileError(f"{folder}: no adult's utterance of {SHORTEST_S:.0f} to {LONGEST_S:.0f} s")
    return chosen


def _speakers_in_turn(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    seen: dict[str, int] = {}
    ranked = []
    for row in sorted(rows, key=lambda row: row["id"]):
        seen[row["speaker"]] = seen.get(row["speaker"], 0) + 1
        ranked.append((seen[row["speaker"]], row["id"], row))
    return [row for *_, row in sorted(ranked, key=lambda item: item[:2])]
