"""Decoding by several Moonshine models at once: the next piece is what all of them hold likeliest."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from infra.models.stt import END, START, Audio, Moonshine, longest
from infra.models.worker import Abort

WIDTH: Final = 4
_KNOWN: Final = 32_000
"""Ids that both sizes know."""
_HOPELESS: Final = 8.0
"""Nats behind the best finished text at which the unfinished ones are given up."""

Floats = npt.NDArray[np.float64]


def likeliest(
    models: Sequence[Moonshine],
    states: Sequence[Audio],
    weights: Sequence[float],
    seconds: float,
    abort: Abort,
) -> list[list[int]]:
    """Up to four token sequences for the encoded audio, the likeliest first."""
    alive: list[tuple[float, list[int]]] = [(0.0, [START])]
    finished: list[tuple[float, list[int]]] = []
    pasts = [model.empty_past(1) for model in models]
    for step in range(longest(seconds)):
        newest = np.array([[tokens[-1]] for _, tokens in alive])
        total: Floats = np.zeros((len(alive), _KNOWN))
        nexts = []
        for model, state, weight, past in zip(models, states, weights, pasts, strict=True):
            tiled = np.repeat(state, len(alive), axis=0)
            logits, after = model.step(newest, tiled, past, first=step == 0, abort=abort)
            total += weight * log_softmax(logits[:, -1])[:, :_KNOWN]
            nexts.append(after)
        ended, alive, parents = _advance(alive, total)
        finished = sorted([*finished, *ended], key=lambda one: -one[0])[:WIDTH]
        if _settled(finished, alive):
            break
        pasts = [{name: value[parents] for name, value in after.items()} for after in nexts]
    return [tokens[1:] for _, tokens in finished or alive]


def _advance(
    alive: list[tuple[float, list[int]]], total: Floats
) -> tuple[list[tuple[float, list[int]]], list[tuple[float, list[int]]], list[int]]:
    """The texts that end here, those that go on, and which text each of these continues."""
    options = []
    for row, (score, _) in enumerate(alive):
        best = np.argpartition(-total[row], WIDTH + 1)[: WIDTH + 1]
        options += [(score + float(total[row, token]), row, int(token)) for token in best]
    ended, going, parents = [], [], []
    for score, row, token in sorted(options, reverse=True):
        if token == END:
            ended.append((score, alive[row][1]))
            continue
        going.append((score, [*alive[row][1], token]))
        parents.append(row)
        if len(going) == WIDTH:
            break
    return ended, going, parents


def _settled(finished: list[tuple[float, list[int]]], alive: list[tuple[float, list[int]]]) -> bool:
    """Whether nothing unfinished can still matter."""
    if not finished:
        return False
    best = alive[0][0]
    return (len(finished) == WIDTH and finished[-1][0] > best) or best < finished[0][0] - _HOPELESS


def log_softmax(logits: Audio) -> Floats:
    """Log probabilities along the last axis."""
    wide = logits.astype(np.float64)
    top = wide.max(axis=-1, keepdims=True)
    shares: Floats = wide - top - np.log(np.exp(wide - top).sum(axis=-1, keepdims=True))
    return shares
