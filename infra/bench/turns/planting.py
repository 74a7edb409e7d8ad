"""Turns with pauses in them, built from whole utterances: what a hesitant speaker does to a sentence.

Pauses last 0.3 to 4 s, evenly on a logarithmic scale, and hold the recording's own background. They stand at
gaps between words, where the sound is low near a word's end that a recognizer found.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from infra.bench.turns.audio import (
    FRAME,
    RATE,
    Samples,
    at_level,
    joined,
    levels,
    mixed,
    narrow,
    room,
    seconds,
    silences,
    speech_level,
    street,
)
from infra.bench.turns.corpus import Recording
from infra.bench.turns.speech_server import HeardWord
from infra.bench.turns.turns import Condition, Group, Kind, Silence, Turn

BEFORE_S: Final = 0.5
AFTER_S: Final = 5.0
"""Room after the last sound, in which every policy has time to decide."""
SHORTEST_S, LONGEST_S = 0.3, 4.0
CONJUNCTIONS: Final = ("and", "because", "but", "so")
FILLERS: Final = ("Um,", "Uh,", "Hmm,")
SPEECH: Final = 0.12
"""RMS of speech in every item."""

KINDS: Final[tuple[Kind, ...]] = (
    "inside", "between", "inside", "conjunction", "inside", "filler", "slow", "whole",
    "inside", "restart", "inside", "conjunction", "inside", "filler", "slow", "whole",
)  # fmt: skip
"""Kinds in turn: half of the pauses stand inside a clause, with nothing but voice and words to tell."""
CONDITIONS: Final[tuple[Condition, ...]] = (
    "clean", "room-20", "clean", "street-20", "clean", "room-10", "narrow", "clean", "street-10",
)  # fmt: skip
_NEAR_S: Final = 0.1
_LOW: Final = 0.5
"""Share of the speech level under which the moment between two words counts as a gap."""


@dataclass(frozen=True)
class Spoken:
    """Words that were synthesized for planting, by their text."""

    sounds: dict[str, Samples]

    def one(self, texts: Sequence[str], random: np.random.Generator) -> Samples:
        """Any of these words."""
        return self.sounds[texts[int(random.integers(len(texts)))]]


@dataclass(frozen=True)
class _Piece:
    """A part of a turn: sound, or a pause of so many seconds."""

    samples: Samples | None = None
    pause: float = 0.0


@dataclass(frozen=True)
class Recipe:
    """What a turn is to be."""

    name: str
    group: Group
    kind: Kind
    condition: Condition


@dataclass(frozen=True)
class _Voice:
    """What one speaker says, of which a turn is made."""

    first: Samples
    second: Samples
    words: Sequence[HeardWord]
    places: Sequence[float]
    """Where in `first` a pause can stand."""
    level: float


def build(
    recipe: Recipe,
    recordings: Sequence[tuple[Recording, list[HeardWord]]],
    spoken: Spoken,
    random: np.random.Generator,
) -> Turn:
    """A turn from a speaker's utterances; where the first has no gap for a pause, it becomes a `between`."""
    first, words = recordings[0]
    places = gaps(first.samples, words)
    level = speech_level(first.samples)
    voice = _Voice(first.samples, at_level(recordings[1][0].samples, level), words, places, level)
    kind = recipe.kind
    if kind in ("inside", "filler", "restart", "slow") and not places:
        kind = "between"
    made = Recipe(f"{recipe.name}-{kind}-{recipe.condition}", recipe.group, kind, recipe.condition)
    return _turn(made, first.speaker, _pieces(kind, voice, spoken, random), random)


def gaps(samples: Samples, words: Sequence[HeardWord]) -> list[float]:
    """Where a pause can stand: low moments near the end of a word that is not the last one."""
    low = levels(samples)
    limit = _LOW * speech_level(samples)
    found: list[float] = []
    for word, after in itertools.pairwise(words):
        about = (word.end + after.start) / 2 if after.start - word.end < 2 * _NEAR_S else word.end
        begin = max(1, round((about - _NEAR_S) * 100))
        window = low[begin : round((about + _NEAR_S) * 100)]
        if len(window) and float(window.min()) < limit:
            place = (begin + int(window.argmin())) / 100
            if 0.15 < place < seconds(samples) - 0.25 and (not found or place - found[-1] > 0.15):
                found.append(place)
    return found


def _pieces(kind: Kind, voice: _Voice, spoken: Spoken, random: np.random.Generator) -> list[_Piece]:
    pause = _Piece(pause=_length(random, LONGEST_S))
    if kind == "whole":
        return [_Piece(voice.first)]
    if kind == "between":
        return [_Piece(voice.first), pause, _Piece(voice.second)]
    if kind == "conjunction":
        return _after_conjunction(voice, spoken, random, pause)
    places = random.permutation(np.array(voice.places)).tolist()
    if kind == "slow":
        chosen = sorted(places[:3])
        return _cut(voice.first, chosen, [_Piece(pause=_length(random, 1.2)) for _ in chosen])
    return _at_gap(kind, voice, (float(places[0]), pause), spoken, random)


def _at_gap(
    kind: Kind, voice: _Voice, gap: tuple[float, _Piece], spoken: Spoken, random: np.random.Generator
) -> list[_Piece]:
    at, pause = gap
    head, tail = _split(voice.first, at)
    if kind == "filler":
        filler = _Piece(at_level(spoken.one(FILLERS, random), voice.level))
        return [_Piece(head), _Piece(pause=float(random.uniform(0.05, 0.2))), filler, pause, _Piece(tail)]
    return [_Piece(head), pause, _Piece(voice.first if kind == "restart" else tail)]


def _after_conjunction(
    voice: _Voice, spoken: Spoken, random: np.random.Generator, pause: _Piece
) -> list[_Piece]:
    """A pause after the speaker's own conjunction where there is one, else after a synthesized one."""
    for word in voice.words[1:-1]:
        near = [at for at in voice.places if abs(at - word.end) < _NEAR_S]
        if word.text.lower().strip(".,") in CONJUNCTIONS and near:
            head, tail = _split(voice.first, near[0])
            return [_Piece(head), pause, _Piece(tail)]
    conjunction = _Piece(at_level(spoken.one(CONJUNCTIONS, random), voice.level))
    return [_Piece(voice.first), _Piece(pause=0.08), conjunction, pause, _Piece(voice.second)]


def _cut(samples: Samples, places: Sequence[float], pauses: Sequence[_Piece]) -> list[_Piece]:
    pieces: list[_Piece] = []
    begun = 0
    for place, pause in zip(places, pauses, strict=True):
        at = round(place * RATE)
        pieces += [_Piece(samples[begun:at]), pause]
        begun = at
    return [*pieces, _Piece(samples[begun:])]


def _split(samples: Samples, place: float) -> tuple[Samples, Samples]:
    at = round(place * RATE)
    return samples[:at], samples[at:]


def _length(random: np.random.Generator, longest: float) -> float:
    return round(float(np.exp(random.uniform(np.log(SHORTEST_S), np.log(longest)))), 2)


def _turn(recipe: Recipe, speaker: str, pieces: Sequence[_Piece], random: np.random.Generator) -> Turn:
    voice = joined([piece.samples for piece in pieces if piece.samples is not None])
    tone = float(np.percentile(levels(voice), 3)) * 0.5
    parts: list[Samples] = [np.zeros(round(BEFORE_S * RATE), np.float32)]
    planted: list[tuple[float, float]] = []
    at = BEFORE_S
    for piece in pieces:
        part = np.zeros(round(piece.pause * RATE), np.float32) if piece.samples is None else piece.samples
        if piece.samples is None:
            planted.append((at, at + seconds(part)))
        parts.append(part)
        at += seconds(part)
    parts.append(np.zeros(round(AFTER_S * RATE) // FRAME * FRAME, np.float32))
    clean = joined(parts)
    annotated = tuple(
        Silence(start, end, planted=any(a - 0.05 <= (start + end) / 2 <= b + 0.05 for a, b in planted))
        for start, end in silences(clean)
    )
    quiet = random.normal(0, max(tone, 1e-4), len(clean)).astype(np.float32)
    samples = in_condition(at_level(clean + quiet, SPEECH), recipe.condition, random)
    return Turn(recipe.name, speaker, recipe.group, recipe.kind, recipe.condition, samples, annotated)


def in_condition(samples: Samples, condition: Condition, random: np.random.Generator) -> Samples:
    """The same speech in a room, on a street or over a telephone."""
    if condition == "narrow":
        return narrow(samples)
    if condition == "clean":
        return samples
    place, decibels = condition.split("-")
    noise = (room if place == "room" else street)(len(samples), random)
    return mixed(samples, noise, float(decibels))
