"""Figures of a measurement and how they are summed up. Milliseconds where a name ends in `_ms`."""

from collections.abc import Iterable
from typing import Self

import numpy as np
from pydantic import BaseModel, Field

from infra.bench.machine import Report


class Spread(BaseModel):
    """Median and 95th percentile of `n` values; both absent where there was none."""

    p50: float | None = None
    p95: float | None = None
    n: int = 0

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Sums up values, to a tenth."""
        held = np.array(list(values), dtype=np.float64)
        if not len(held):
            return cls()
        return cls(
            p50=round(float(np.percentile(held, 50)), 1),
            p95=round(float(np.percentile(held, 95)), 1),
            n=len(held),
        )


class TurnSpread(Spread):
    """Voice-to-voice latency of a row, with what does not go into it."""

    early: int = 0
    """Answers that began before the learner had finished: wrong, not fast."""
    unanswered: int = 0
    """Turns after which nothing was heard within the limit."""
    waited_maximum_delay: int = 0
    """Turns for which the coach waited as long as it ever waits."""
    calls: int = 1
    """Calls that went on at once."""


class Turn:
    """What was heard after one utterance: seconds from its last sound to the answer's first."""

    def __init__(self, started: float, ended: float, answered: float | None) -> None:
        self.latency_s = None if answered is None else answered - ended
        self.started = started
        self.ended = ended

    @property
    def early(self) -> bool:
        """Whether the answer began before the utterance had ended."""
        return self.latency_s is not None and self.latency_s <= 0


def sum_up_turns(turns: Iterable[Turn], *, calls: int, waited_maximum_delay: int) -> TurnSpread:
    """Latency over the answers that came after the end; early and missing ones are counted apart."""
    held = list(turns)
    good = [turn.latency_s * 1_000 for turn in held if turn.latency_s is not None and not turn.early]
    return TurnSpread(
        **Spread.of(good).model_dump(),
        early=sum(turn.early for turn in held),
        unanswered=sum(turn.latency_s is None for turn in held),
        waited_maximum_delay=waited_maximum_delay,
        calls=calls,
    )


class BargeInSpread(Spread):
    """From the learner's first sound to the coach's last one, with what does not go into it."""

    missed: int = 0
    """Tries after which the coach talked on."""
    told_nothing: int = 0
    """Tries that do not count: the coach gave no long answer, or was silent between two words."""


class Backchannel(BaseModel):
    """What a cough or "mm-hm" over the coach's speech led to."""

    played: int = 0
    never_paused: int = 0
    """Times the coach talked on as if nothing had been."""
    never_resumed: int = 0
    """Times it fell silent and did not go on with the same speech."""
    resume_ms: Spread = Spread()
    """From the end of the noise to the coach's next sound, over those that paused and went on."""


class Memory(BaseModel):
    """Proportional set size of all processes of the stack, in MB."""

    idle_mb: float
    one_call_mb: float
    per_further_call_mb: float


class Captions(BaseModel):
    """How far the learner's captions are behind the voice: a word's end to the first caption that has it."""

    word_ms: Spread = Spread()
    interim_updates: int = 0


class VoiceReport(Report):
    """Everything `avaaz bench voice` measured; rows that were not asked for are null."""

    calls: int
    turns: int
    voice_to_voice_ms: TurnSpread | None = None
    slow_llm_voice_to_voice_ms: TurnSpread | None = None
    learners_voice_to_voice_ms: TurnSpread | None = None
    barge_in_ms: BargeInSpread | None = None
    backchannels: dict[str, Backchannel] = Field(default_factory=dict)
    """By the kind of noise, `cough` and `mm-hm`."""
    greeting_ms: Spread | None = None
    captions: Captions | None = None
    stages_ms: dict[str, Spread] = Field(default_factory=dict)
    slow_llm_stages_ms: dict[str, Spread] = Field(default_factory=dict)
    learners_stages_ms: dict[str, Spread] = Field(default_factory=dict)
    memory: Memory | None = None
    cpu_cores: dict[str, float] = Field(default_factory=dict)
    """Cores used on average by each part while the clear row ran."""
    notes: list[str] = Field(default_factory=list)
