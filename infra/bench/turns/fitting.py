"""Fitting the policy's weights to traces, and judging it on speakers that it was not fitted to."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from agent.endpointing import Moment, Weights, features
from infra.bench.turns.policies import Answer, Wait, answers, ours
from infra.bench.turns.trace import Trace
from infra.bench.turns.turns import Turn

FOLDS: Final = 5
LENGTHS: Final = frozenset({"few_words", "some_words"})
LENGTHS_COUNT: Final = 0.5
"""Read sentences are hardly ever shorter than five words, and answers in a talk often are: what a fit says of
the number of words is believed by half."""
_RIDGE: Final = 1.0
_ROUNDS: Final = 30
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
        found.append((Moment(stretch.probability, text), stretch.noticed > turn.ends))
        if found[-1][1]:
            break
    return found


def fit(pairs: Pairs, shipped: Weights, without: frozenset[str] = frozenset()) -> Weights:
    """Weights for these turns; costs, floors and ceilings are the shipped ones, `without` is left out."""
    seen = [one for pair in pairs for one in moments(*pair)]
    rows = [features(moment) for moment, _ in seen]
    names = [name for name in rows[0] if name not in without]
    terms = regression(names, rows, [over for _, over in seen])
    for name in LENGTHS & terms.keys():
        terms[name] = round(LENGTHS_COUNT * terms[name], 3)
    logs = np.log([pause for pair in pairs for pause in observed_pauses(*pair)])
    return Weights(
        terms=terms,
        pause_median_s=round(float(np.exp(logs.mean())), 3),
        pause_spread=round(float(logs.std()), 3),
        pause_weight=shipped.pause_weight,
        cost=shipped.cost,
        floor=shipped.floor,
        ceiling=shipped.ceiling,
    )


def regression(
    names: Sequence[str], rows: Sequence[dict[str, float]], over: Sequence[bool]
) -> dict[str, float]:
    """Logistic regression with a small ridge, by Newton's method; the constant is called `always`."""
    seen = np.array([[1.0, *(row[name] for name in names)] for row in rows])
    wanted = np.array(over, np.float64)
    weights = np.zeros(seen.shape[1])
    ridge = _RIDGE * np.eye(seen.shape[1])
    ridge[0, 0] = 0.0
    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (wanted - likely) - ridge @ weights
        curve = (seen * (likely * (1 - likely))[:, None]).T @ seen + ridge
        weights += np.linalg.solve(curve, slope)
    return dict(zip(["always", *names], (round(float(one), 3) for one in weights), strict=True))


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


def cross_validated(
    pairs: Pairs, shipped: Weights, cost: float | None = None, without: frozenset[str] = frozenset()
) -> list[Answer]:
    """Answers of policies that were each fitted without the speakers whom they answer."""
    found: list[Answer] = []
    for training, test in folds(pairs):
        found += by_speaker(test, ours(fit(training, shipped, without), cost))
    return found
