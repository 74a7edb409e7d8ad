"""Fitting the model on a folder of scored utterances: `python -m infra.models.pronunciation.fit DIR`.

What is fitted knows the experts' scores only of the speakers that it is fitted on. Features of these are made
by classes that were made without them (in five groups of speakers), as those of strangers will be.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from infra.models.pronunciation.alignment import PAUSE, Floats, Path, Whole, align
from infra.models.pronunciation.corpus import BadCorpusError, Utterance, read_scored
from infra.models.pronunciation.encoders import SAMPLES, Ears
from infra.models.pronunciation.features import FIT, Yardstick, describe
from infra.models.pronunciation.frames import Classes, Tally, principal_axes
from infra.models.pronunciation.meant import INDEX, PHONES, VOWELS
from infra.models.pronunciation.model import FILE, Model, sureness
from infra.models.pronunciation.trees import Growth, grow
from infra.models.stt import RATE, Audio

FOLDS: Final = 5
_ROUNDS: Final = 6
_GROUPS: Final = 5
_RIGHT: Final = 0.8
"""Score from which a phone counts as well pronounced."""
_QUIET: Final = 0.3
"""A frame is quiet below this share of the way from the quiet to the loud ones, in decibels."""
_IMPLAUSIBLE: Final = 0.02
"""Share of well pronounced phones that may be called implausible."""
_DEARER: Final = 5.0
"""How many wrong texts taken weigh as much as a right one refused."""
_EXCHANGED: Final = 0.08
"""Share of well pronounced phones that are shown once more as what they are not."""
_VOWEL_CLASSES: Final = np.array([INDEX[phone] for phone in PHONES if phone in VOWELS])
_CONSONANT_CLASSES: Final = np.array([INDEX[phone] for phone in PHONES if phone not in VOWELS])
_SEEDS: Final = (1, 2, 3)

Points = list[Floats]


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance with its frames: the encoders' states, in half precision, and which frames are loud."""

    utterance: Utterance
    states: npt.NDArray[np.float16]
    loud: npt.NDArray[np.bool_]


def hear(utterances: Sequence[Utterance], step: Callable[[], None]) -> list[Heard]:
    """The utterances with their frames; `step` is called after each.

    Raises:
        BadCorpusError: a recording is missing or no audio.
    """
    heard, ears = [], Ears()
    for one in utterances:
        audio = read_audio(one.audio)
        states = ears.hear(audio).astype(np.float16)
        heard.append(Heard(one, states, _loud(audio, len(states))))
        step()
    return heard


def read_audio(path: File) -> Audio:
    """A recording as mono 16 kHz samples; raises `BadCorpusError`."""
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise BadCorpusError(f"{path.name}: {error}") from None
    mono: Audio = samples.mean(axis=1)
    return mono if rate == RATE else np.asarray(soxr.resample(mono, rate, RATE), np.float32)


@dataclass(frozen=True, slots=True)
class Folded:
    """Scores (0 to 1) of each utterance's phones, and the seconds that scoring alone took."""

    scores: list[Floats]
    seconds: float


def cross_validate(
    heard: Sequence[Heard], step: Callable[[], None], folds: int = FOLDS, growth: Growth | None = None
) -> Folded:
    """Each utterance scored by a model that was fitted on other speakers alone."""
    owner = _dealt([one.utterance.speaker for one in heard], folds)
    scores: list[Floats] = [np.zeros(0, np.float32)] * len(heard)
    seconds = 0.0
    for fold in range(folds):
        model = fit([one for one, group in zip(heard, owner, strict=True) if group != fold], growth)
        for at in np.flatnonzero(owner == fold).tolist():
            one, began = heard[at], time.perf_counter()
            scores[at] = model.score(model.axes.project(one.states), *one.utterance.flat).phones
            seconds += time.perf_counter() - began
        step()
    return Folded(scores, seconds)


def fit(heard: Sequence[Heard], growth: Growth | None = None) -> Model:
    """A model from scored utterances of at least a handful of speakers."""
    axes = principal_axes([one.states for one in heard])
    points = [axes.project(one.states) for one in heard]
    flats = [one.utterance.flat for one in heard]
    finding = _find(points, flats, [_first_guess(one) for one in heard])
    paths = [align(finding.chances(p), *flat) for p, flat in zip(points, flats, strict=True)]
    durations = _durations(flats, paths)
    groups = _dealt([one.utterance.speaker for one in heard], _GROUPS)
    tallies = [_tally_right(p, path, one) for p, path, one in zip(points, paths, heard, strict=True)]
    judges = [
        _sum(tally for tally, own in zip(tallies, groups, strict=True) if own != group).classes()
        for group in range(_GROUPS)
    ]
    features = [
        describe(p, Yardstick(finding, judges[group], durations), *flat, path)
        for p, flat, path, group in zip(points, flats, paths, groups, strict=True)
    ]
    table, targets = np.vstack(features), np.concatenate([one.utterance.scores for one in heard])
    draw = np.random.default_rng(0)
    never = [
        _never_said(draw, p, Yardstick(finding, judges[group], durations), one.utterance)
        for p, one, group in zip(points, heard, groups, strict=True)
    ]
    shown = np.vstack([table, *never])
    wanted = np.concatenate([targets, np.zeros(len(shown) - len(table), np.float32)])
    forests = tuple(grow(shown, wanted, growth or Growth(), seed) for seed in _SEEDS)
    yardstick = Yardstick(finding, _sum(tallies).classes(), durations)
    plausible = float(np.quantile(table[targets >= _RIGHT, FIT], _IMPLAUSIBLE))
    model = Model(axes, yardstick, forests, plausible, 0.0)
    return replace(model, least_aligned=_least_aligned(model, points, flats, table[:, FIT]))


def _find(points: Points, flats: Sequence[tuple[Whole, Whole]], labels: list[Whole]) -> Classes:
    """Classes and the phones' places, each made from the other in turn."""
    for _ in range(_ROUNDS):
        classes = _sum(_tally(p, one) for p, one in zip(points, labels, strict=True)).classes()
        labels = [align(classes.chances(p), *flat).labels for p, flat in zip(points, flats, strict=True)]
    return classes


def _first_guess(heard: Heard) -> Whole:
    """The phones spread evenly over the loud frames, the others pauses."""
    phones, _ = heard.utterance.flat
    labels = np.full(len(heard.loud), PAUSE)
    loud = np.flatnonzero(heard.loud)
    frames = loud if len(loud) >= len(phones) else np.arange(len(labels))
    for phone, places in zip(phones, np.array_split(frames, len(phones)), strict=True):
        labels[places] = phone
    return labels


def _loud(audio: Audio, frames: int) -> npt.NDArray[np.bool_]:
    padded = np.pad(audio, (0, max(0, frames * SAMPLES - len(audio))))[: frames * SAMPLES]
    level = 10 * np.log10((padded.reshape(frames, SAMPLES) ** 2).mean(axis=1) + 1e-9)
    low, high = np.percentile(level, [5, 95])
    return np.asarray(level > low + _QUIET * (high - low))


def _tally(points: Floats, labels: Whole) -> Tally:
    tally = Tally(points.shape[1])
    tally.add(points, labels)
    return tally


def _tally_right(points: Floats, path: Path, heard: Heard) -> Tally:
    """The frames of pauses and of well pronounced phones."""
    counts = path.labels == PAUSE
    for score, start, end in zip(heard.utterance.scores, path.starts, path.ends, strict=True):
        counts[start:end] = score >= _RIGHT
    return _tally(points[counts], path.labels[counts])


def _sum(tallies: Iterable[Tally]) -> Tally:
    total: Tally | None = None
    for tally in tallies:
        total = tally if total is None else total.plus(tally)
    if total is None:
        raise BadCorpusError("too few speakers")
    return total


def _never_said(
    draw: np.random.Generator, points: Floats, yardstick: Yardstick, utterance: Utterance
) -> Floats:
    """Features of phones that were not said: put in the place of some that were said well.

    Learners seldom say one phone badly among good ones, so the corpus alone teaches that a good utterance
    has good phones, and a single exchanged sound would pass.
    """
    phones, words = utterance.flat
    said_well = np.flatnonzero(utterance.scores >= _RIGHT)
    places = said_well[draw.uniform(size=len(said_well)) < _EXCHANGED]
    asked = phones.copy()
    for place in places:
        alike = _CONSONANT_CLASSES if PHONES[phones[place]] not in VOWELS else _VOWEL_CLASSES
        asked[place] = draw.choice(alike[alike != phones[place]])
    path = align(yardstick.finding.chances(points), asked, words)
    return describe(points, yardstick, asked, words, path)[places]


def _durations(flats: Sequence[tuple[Whole, Whole]], paths: Sequence[Path]) -> Floats:
    """The mean logarithm of each class's length in frames."""
    phones = np.concatenate([phones for phones, _ in flats])
    lengths = np.log(np.concatenate([path.ends - path.starts for path in paths]))
    overall = lengths.mean()
    count = np.bincount(phones, minlength=len(PHONES) + 1)
    sums = np.bincount(phones, lengths - overall, minlength=len(PHONES) + 1)
    durations: Floats = (overall + sums / np.maximum(count, 1)).astype(np.float32)
    return durations


def _dealt(speakers: Sequence[str], groups: int) -> Whole:
    """The group of each utterance: speakers shuffled, then dealt out in turn."""
    names = sorted(set(speakers))
    if len(names) < groups:
        raise BadCorpusError(f"{len(names)} speakers are too few: {groups} are needed")
    order = np.random.default_rng(0).permutation(len(names))
    group = {names[name]: at % groups for at, name in enumerate(order)}
    return np.array([group[speaker] for speaker in speakers])


def _least_aligned(
    model: Model, points: Points, flats: Sequence[tuple[Whole, Whole]], right: Floats
) -> float:
    """The share of plausible phones that best parts texts that were read from the next speaker's."""
    sizes = [len(phones) for phones, _ in flats]
    parts = np.split(right >= model.plausible, np.cumsum(sizes)[:-1])
    read = np.array([sureness(float(part.mean()), len(part)) for part in parts])
    other = []
    for at, p in enumerate(points):
        flat = flats[(at + len(flats) // 2) % len(flats)]
        if len(p) > 2 * len(flat[0]):
            other.append(sureness(model.score(p, *flat).aligned, len(flat[0])))
    steps = np.linspace(0, 1, 201)
    lost = [(read < step).mean() * _DEARER + (np.array(other) >= step).mean() for step in steps]
    return float(steps[int(np.argmin(lost))])


def main() -> None:
    """Fit on a folder and write the weights; print the digest that `model.py` must name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=File, help="folder of scored utterances (utterances.jsonl)")
    parser.add_argument("--out", type=File, default=FILE)
    given = parser.parse_args()
    heard = hear(read_scored(given.data), lambda: None)
    data = fit(heard).save()
    given.out.write_bytes(data)
    sys.stdout.write(f"{hashlib.sha256(data).hexdigest()}\n")


if __name__ == "__main__":
    main()
