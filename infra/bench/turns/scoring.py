"""Figures of a policy with intervals, for which speakers are drawn and not turns: those of one are alike."""

from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
from pydantic import BaseModel, Field

from infra.bench.turns.policies import Answer, Reaction

ROUNDS = 1_000
_SEED = 7
NOISES = frozenset({"cough", "mm-hm"})
LONG_PAUSE_S = 0.3

Interval = tuple[float, float]


class Delay(BaseModel):
    """From the last sound of a turn to its being taken for finished, in milliseconds."""

    p50: float | None
    p95: float | None
    p50_interval: Interval | None = None


class PolicyFigures(BaseModel):
    """One policy on the same sound as the others. Intervals are 95 %, over speakers."""

    false_cutoff_rate: float | None
    """Turns with pauses that were answered before they were over, of all turns with pauses."""
    false_cutoff_interval: Interval | None = None
    false_cutoff_per_pause: float | None = None
    """Answers in pauses, of all pauses of at least 0.3 s."""
    added_delay_ms: Delay
    """At the end of every turn, as if its pauses had been waited out."""
    false_barge_in_rate: float | None
    """Coughs and listeners' words after which the coach had not gone on within a second."""
    missed_barge_in_rate: float | None
    """Words and sentences of somebody who wanted to speak, over which the coach talked on."""
    background_barge_in_rate: float | None = None
    """Another voice across the room that stopped the coach."""
    unanswered: int = 0
    """Turns that nothing came after within the listening time; their delay counts as that time."""
    n: int
    by_kind: dict[str, float] = Field(default_factory=dict)
    """False cut-offs by kind of turn."""
    by_condition: dict[str, float] = Field(default_factory=dict)
    """False cut-offs by noise."""
    whole_p50_ms: float | None = None
    """Median delay after whole utterances in which nothing was planted."""

    @classmethod
    def of(cls, answers: Sequence[Answer], reactions: Sequence[Reaction]) -> Self:
        """Sums up a policy."""
        hesitant = [one for one in answers if one.turn.kind != "whole"]
        whole = [one for one in answers if one.turn.kind == "whole"]
        return cls(
            false_cutoff_rate=cut_rate(hesitant),
            false_cutoff_interval=interval(hesitant, cut_rate),
            false_cutoff_per_pause=_per_pause(hesitant),
            added_delay_ms=Delay(
                p50=median_delay(answers),
                p95=_percentile(answers, 95),
                p50_interval=interval(answers, median_delay),
            ),
            false_barge_in_rate=_wrong([one for one in reactions if one.overlap.sound in NOISES]),
            background_barge_in_rate=_wrong([one for one in reactions if one.overlap.sound == "background"]),
            missed_barge_in_rate=_wrong([one for one in reactions if one.overlap.wants_floor]),
            unanswered=sum(not one.answered for one in answers),
            n=len(answers),
            by_kind=_by(hesitant, lambda one: one.turn.kind),
            by_condition=_by(hesitant, lambda one: one.turn.condition),
            whole_p50_ms=median_delay(whole),
        )


def cut_rate(answers: Sequence[Answer]) -> float | None:
    """Share of turns that were cut."""
    return round(sum(one.cut for one in answers) / len(answers), 4) if answers else None


def median_delay(answers: Sequence[Answer]) -> float | None:
    """Milliseconds of the middle one."""
    return _percentile(answers, 50)


def interval(
    answers: Sequence[Answer], figure: Callable[[Sequence[Answer]], float | None]
) -> Interval | None:
    """The 95 % interval of a figure over speakers drawn with replacement."""
    by_speaker: dict[str, list[Answer]] = {}
    for one in answers:
        by_speaker.setdefault(one.turn.speaker, []).append(one)
    groups = list(by_speaker.values())
    if len(groups) < 2:
        return None
    random = np.random.default_rng(_SEED)
    found = []
    for _ in range(ROUNDS):
        drawn = random.integers(len(groups), size=len(groups))
        value = figure([one for index in drawn for one in groups[index]])
        if value is not None:
            found.append(value)
    low, high = np.percentile(found, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _percentile(answers: Sequence[Answer], percent: float) -> float | None:
    delays = [one.delay for one in answers]
    return round(1_000 * float(np.percentile(delays, percent)), 1) if delays else None


def _per_pause(answers: Sequence[Answer]) -> float | None:
    pauses = sum(pause.end - pause.start >= LONG_PAUSE_S for one in answers for pause in one.turn.pauses)
    return round(sum(one.cuts for one in answers) / pauses, 4) if pauses else None


def _wrong(reactions: Sequence[Reaction]) -> float | None:
    return round(sum(one.wrong for one in reactions) / len(reactions), 4) if reactions else None


def _by(answers: Sequence[Answer], name: Callable[[Answer], str]) -> dict[str, float]:
    names = sorted({name(one) for one in answers})
    return {one: cut_rate([a for a in answers if name(a) == one]) or 0.0 for one in names}
