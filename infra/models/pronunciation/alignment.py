"""Where each phone lies: the likeliest way through the audio's frames, pauses allowed between words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from infra.models.pronunciation.meant import INDEX, MeantWord

FRAME_S: Final = 0.02
PAUSE: Final = len(INDEX)
"""The class of frames without speech, after those of the phones."""
CLASSES: Final = PAUSE + 1
_SLACK: Final = 25
"""Frames by which a phone may lie outside of its word's given times."""
_NEVER: Final = -1e9

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Path:
    """`starts` and `ends` (frames, end excluded) of the phones, every frame's class, the mean score."""

    starts: Whole
    ends: Whole
    labels: Whole
    score: float


class TooShortError(ValueError):
    """There are more phones than frames."""


def flat_phones(words: Sequence[MeantWord]) -> tuple[Whole, Whole]:
    """Class of each phone, and the index of the word it belongs to."""
    pairs = [(INDEX[phone], at) for at, word in enumerate(words) for phone in word.phones]
    return np.array([phone for phone, _ in pairs]), np.array([at for _, at in pairs])


def align(
    scores: Floats, phones: Whole, words: Whole, spans: Sequence[tuple[float, float]] | None = None
) -> Path:
    """The best path through frames' class scores (frames x classes, logarithms).

    `words` is the index of each phone's word; `spans` are times in seconds that a recognizer gave for the
    words, from which no phone may lie further than half a second.

    Raises:
        TooShortError: more phones than frames.
    """
    states, owner = _states(phones, words)
    if len(scores) < len(phones):
        raise TooShortError("more phones than frames")
    emissions = scores[:, states].astype(np.float64)
    if spans is not None:
        _keep_near(emissions, owner, words, spans)
    steps, ends = _forward(emissions, states)
    at = len(states) - 1 if ends[-1] >= ends[-2] else len(states) - 2
    best = float(ends[at])
    way = np.empty(len(scores), np.int64)
    for frame in range(len(scores) - 1, -1, -1):
        way[frame] = at
        at -= int(steps[frame, at])
    order = owner[way]
    frames = np.flatnonzero(order >= 0)
    numbers = np.arange(len(phones))
    starts = np.searchsorted(order[frames], numbers, side="left")
    stops = np.searchsorted(order[frames], numbers, side="right")
    return Path(frames[starts], frames[stops - 1] + 1, states[way], best / len(scores))


def _states(phones: Whole, words: Whole) -> tuple[Whole, Whole]:
    """Classes of the chain of states, and the phone that each stands for (-1: a pause)."""
    classes, owner = [PAUSE], [-1]
    for at, phone in enumerate(phones):
        if at and words[at] != words[at - 1]:
            classes.append(PAUSE)
            owner.append(-1)
        classes.append(int(phone))
        owner.append(at)
    return np.array([*classes, PAUSE]), np.array([*owner, -1])


def _keep_near(
    emissions: npt.NDArray[np.float64],
    owner: Whole,
    words: Whole,
    spans: Sequence[tuple[float, float]],
) -> None:
    """Forbid each phone the frames far from its word's given times."""
    for state, phone in enumerate(owner):
        if phone >= 0:
            start, end = spans[words[phone]]
            emissions[: max(0, int(start / FRAME_S) - _SLACK), state] = _NEVER
            emissions[int(end / FRAME_S) + _SLACK :, state] = _NEVER


def _forward(
    emissions: npt.NDArray[np.float64], states: Whole
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    """How many states back the best predecessor lies (2: over a pause), and the last frame's totals."""
    frames, count = emissions.shape
    steps = np.zeros((frames, count), np.int8)
    passable = np.zeros(count, bool)
    passable[2:] = states[1:-1] == PAUSE
    totals = np.full(count, _NEVER)
    totals[:2] = emissions[0, :2]
    before = np.full(count, _NEVER)
    over = np.full(count, _NEVER)
    for frame in range(1, frames):
        before[1:] = totals[:-1]
        over[2:] = np.where(passable[2:], totals[:-2], _NEVER)
        one = before > totals
        best = np.where(one, before, totals)
        two = over > best
        steps[frame] = np.where(two, 2, one)
        totals = np.where(two, over, best) + emissions[frame]
    return steps, totals


def as_said(
    scores: Floats, words: Sequence[MeantWord], spans: Sequence[tuple[float, float]] | None = None
) -> list[MeantWord]:
    """The words, each by that of its variants which fits its place best.

    Raises:
        TooShortError: more phones than frames.
    """
    if not any(word.variants for word in words):
        return list(words)
    phones, owners = flat_phones(words)
    path = align(scores, phones, owners, spans)
    said = []
    for at, word in enumerate(words):
        own = np.flatnonzero(owners == at)
        here = scores[path.starts[own[0]] : path.ends[own[-1]]]
        ways = [word, *(replace(word, phones=variant) for variant in word.variants)]
        said.append(max(ways, key=partial(_fit, here)))
    return said


def _fit(scores: Floats, word: MeantWord) -> float:
    try:
        return align(scores, *flat_phones([word])).score
    except TooShortError:
        return _NEVER
