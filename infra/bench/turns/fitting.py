"""Fitting the policy's weights to traces, and judging it on speakers that it was not fitted to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from agent.endpointing import NO_TONE, Moment, Tone, Weights, features, lengths
from infra.bench.turns.policies import Answer, Wait, answers, ours
from infra.bench.turns.trace import Trace
from infra.bench.turns.turns import Turn

FOLDS: Final = 5
LENGTHS: Final = frozenset({"few_words", "some_words", "length", "long"})
LENGTHS_COUNT: Final = 0.5
"""Read sentences are of one length, and answers in a talk are not: what a fit says of how long a turn is, is
believed by half."""
TONE: Final = "tone"
SECOND: Final = frozenset({"second", "length", "long"})
"""What is known only where the second model has answered."""
_RIDGE: Final = 1.0
_STATES_RIDGE: Final = 300.0
_ROUNDS: Final = 30
_CLOSE: Final = 1e-7
_NOTHING: Final = 1e-6
"""Spread under which a column tells nothing."""
Pairs = Sequence[tuple[Turn, Trace]]
Vector = npt.NDArray[np.float64]


def moments(turn: Turn, trace: Trace) -> list[tuple[Moment, bool]]:
    """Every end of speech in a turn, and whether it was the end of the turn."""
    text = ""
    found = []
    for stretch in trace.ours:
        if stretch.noticed == float("inf"):
            break
        text = f"{text} {stretch.text}".strip()
        moment = Moment(stretch.probability, text, heard=stretch.heard)
        found.append((moment, stretch.noticed > turn.ends))
        if found[-1][1]:
            break
    return found


def fit(pairs: Pairs, shipped: Weights, without: frozenset[str] = frozenset()) -> Weights:
    """Weights for these turns; what was chosen and not fitted is the shipped ones', `without` is left out."""
    seen = [one for pair in pairs for one in moments(*pair)]
    states, average = _states([moment for moment, _ in seen], skip=TONE in without)
    terms, tone = _terms(seen, states, without)
    logs = np.log([pause for pair in pairs for pause in observed_pauses(*pair)])
    return replace(
        shipped,
        terms=terms,
        alone=_terms(seen, states[:, :0], without | SECOND)[0],
        tone=Tone(tone, average @ tone) if len(tone) else NO_TONE,
        pause_median_s=round(float(np.exp(logs.mean())), 3),
        pause_spread=round(float(logs.std()), 3),
    )


def _terms(
    seen: Sequence[tuple[Moment, bool]], states: Vector, without: frozenset[str]
) -> tuple[dict[str, float], Vector]:
    """Weights of the features that are not left out, by name, and of the second model's states."""
    rows = [features(moment) for moment, _ in seen]
    names = [name for name in rows[0] if name not in without]
    named = np.array([[row[name] for name in names] for row in rows])
    ridges = np.array([_RIDGE] * len(names) + [_STATES_RIDGE] * states.shape[1])
    over = np.array([over for _, over in seen], np.float64)
    always, found = regression(np.hstack([named, states]), over, ridges)
    terms = dict(zip(names, map(float, found), strict=False))
    for name in LENGTHS & terms.keys():
        # Believed by half around what is usual, so that the mean stays.
        always += (1 - LENGTHS_COUNT) * terms[name] * float(named[:, names.index(name)].mean())
        terms[name] *= LENGTHS_COUNT
    return {name: round(value, 3) for name, value in {"always": always, **terms}.items()}, found[len(names) :]


def _states(seen: Sequence[Moment], *, skip: bool) -> tuple[Vector, Vector]:
    """What the second model heard beside a turn's length, a row a moment, and what lengths tell of it.

    The second has a row for each power of the length and a column for each state. Both are empty where the
    model was not there.
    """
    if skip or any(moment.heard is None for moment in seen):
        return np.zeros((len(seen), 0)), np.zeros((0, 0))
    heard = [moment.heard for moment in seen if moment.heard is not None]
    states = np.array([one.states for one in heard], np.float64)
    long = np.array([lengths(one.lasted) for one in heard])
    average = np.linalg.lstsq(long, states, rcond=None)[0]
    return states - long @ average, average


def regression(seen: Vector, wanted: Vector, ridges: Vector) -> tuple[float, Vector]:
    """Logistic regression by Newton's method: its constant and a weight for each column.

    Columns are drawn to zero by their ridges, counted for columns of spread 1.
    """
    middle, spread = seen.mean(axis=0), seen.std(axis=0)
    spread[spread < _NOTHING] = 1.0
    held = np.hstack([np.ones((len(seen), 1)), (seen - middle) / spread])
    ridge = np.diag(np.concatenate([[1e-9], ridges]))
    weights = np.zeros(held.shape[1])
    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-np.clip(held @ weights, -30, 30)))
        slope = held.T @ (wanted - likely) - ridge @ weights
        step = np.linalg.solve((held * (likely * (1 - likely))[:, None]).T @ held + ridge, slope)
        weights += step
        if np.abs(step).max() < _CLOSE:
            break
    found = weights[1:] / spread
    return float(weights[0] - found @ middle), found


def observed_pauses(turn: Turn, trace: Trace) -> list[float]:
    """The pauses within a turn as a session sees them."""
    return [
        after.begins - before.stops
        for before, after in zip(trace.ours[:-1], trace.ours[1:], strict=True)
        if after.begins < turn.ends
    ]


def folds(pairs: Pairs) -> list[tuple[Pairs, Pairs]]:
    """Training and test parts; no speaker is in both."""
    speakers = sorted({turn.speaker for turn, _ in pairs})
    found: list[tuple[Pairs, Pairs]] = []
    for fold in range(FOLDS):
        held = set(speakers[fold::FOLDS])
        found.append(
            (
                [pair for pair in pairs if pair[0].speaker not in held],
                [pair for pair in pairs if pair[0].speaker in held],
            )
        )
    return found


def by_speaker(pairs: Pairs, wait: Wait, *, stock_ear: bool = False) -> list[Answer]:
    """A policy's answers, each speaker's turns being one call."""
    speakers: dict[str, list[tuple[Turn, Trace]]] = {}
    for pair in pairs:
        speakers.setdefault(pair[0].speaker, []).append(pair)
    found: list[Answer] = []
    for held in speakers.values():
        found += answers([t for t, _ in held], [t for _, t in held], wait, stock_ear=stock_ear)
    return found


@dataclass(frozen=True)
class CrossValidated:
    """Policies that were each fitted without the speakers whom they answer."""

    folds: Sequence[tuple[Weights, Pairs]]

    @classmethod
    def of(cls, pairs: Pairs, shipped: Weights, without: frozenset[str] = frozenset()) -> Self:
        """One policy for each fold of the speakers."""
        return cls([(fit(training, shipped, without), test) for training, test in folds(pairs)])

    def answers(self, cost: float | None = None) -> list[Answer]:
        """Everybody's answers at this cost, or at that of the usual patience."""
        return [answer for weights, test in self.folds for answer in by_speaker(test, ours(weights, cost))]


def described(weights: Weights) -> Mapping[str, object]:
    """What a fit has found, in the form of `agent/endpointing.json`."""
    return {
        "terms": dict(weights.terms),
        "alone": dict(weights.alone),
        "tone": {
            "states": [round(float(weight), 5) for weight in weights.tone.states],
            "length": [round(float(weight), 5) for weight in weights.tone.length],
        },
    }
