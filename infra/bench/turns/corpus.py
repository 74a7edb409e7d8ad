"""Who speaks in the bench: learners from a folder, the project's clear voices."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from infra.bench.audio import AudioFileError, load
from infra.bench.recordings import clear_voices
from infra.bench.turns.audio import Samples, from_bench
from infra.bench.turns.speech_server import HeardWord


@dataclass(frozen=True)
class Recording:
    """One whole utterance, trimmed to what is audible."""

    name: str
    speaker: str
    samples: Samples
    text: str
    word_ends: tuple[float, ...] = ()
    """Where each word ends, in seconds; empty where only a recognizer can tell."""


@dataclass(frozen=True)
class Speaker:
    """Somebody and what they say in order."""

    name: str
    recordings: tuple[Recording, ...] = field(default_factory=tuple)


def learners(folder: Path) -> list[Speaker]:
    """Every speaker of a folder with `utterances.jsonl` (`id, speaker, text, audio`).

    Raises:
        AudioFileError: the folder holds no such file, or a recording is damaged.
    """
    try:
        lines = (folder / "utterances.jsonl").read_text("utf-8").splitlines()
        rows = sorted(map(json.loads, lines), key=lambda row: (row["speaker"], row["id"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AudioFileError(f"{folder}: no learners' recordings: {error}") from error
    spoken: dict[str, list[Recording]] = {}
    for row in rows:
        samples = from_bench(load(folder / row["audio"]))
        one = Recording(row["id"], row["speaker"], samples, row["text"])
        spoken.setdefault(row["speaker"], []).append(one)
    if not spoken:
        raise AudioFileError(f"{folder}: no learners' recordings: utterances.jsonl is empty")
    return [Speaker(name, tuple(found)) for name, found in spoken.items()]


def clear() -> list[Speaker]:
    """The project's two synthetic voices, with exact word ends."""
    spoken: dict[str, list[Recording]] = {}
    for one in clear_voices():
        name = one.name.removesuffix(".ogg").split("-")[-1]
        found = Recording(one.name, name, from_bench(one.samples), one.text, one.word_ends)
        spoken.setdefault(name, []).append(found)
    return [Speaker(name, tuple(found)) for name, found in spoken.items()]


def known_words(recording: Recording) -> list[HeardWord]:
    """The words of a recording whose word ends are known."""
    starts = (0.0, *recording.word_ends[:-1])
    return [
        HeardWord(text, start, end)
        for text, start, end in zip(recording.text.split(), starts, recording.word_ends, strict=False)
    ]
