"""What the second end-of-turn model of calls makes of each end of speech, computed once beside the traces."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from pydantic import BaseModel

from agent.smart_turn import BEFORE_SPEECH_S, Heard, SmartTurn
from agent.turn_detector import ASKED_AFTER_S
from infra.bench.turns.audio import RATE, Samples
from infra.bench.turns.store import Store
from infra.bench.turns.trace import Trace

_DIGITS = 4


class SecondOpinion(BaseModel):
    """At one end of speech; see `agent.smart_turn.Heard`."""

    probability: float
    lasted: float
    states: list[float]

    @classmethod
    def of(cls, heard: Heard) -> Self:
        """To be kept."""
        states = [round(float(state), _DIGITS) for state in heard.states]
        return cls(probability=heard.probability, lasted=heard.lasted, states=states)

    @property
    def heard(self) -> Heard:
        """As calls have it."""
        return Heard(self.probability, np.array(self.states, np.float32), self.lasted)


class SecondOpinions(BaseModel):
    """Of an item, in the order of its stretches."""

    stretches: list[SecondOpinion]


async def with_second(store: Store, model: SmartTurn, samples: Samples, trace: Trace) -> Trace:
    """The same trace with what the second model made of it, as it was kept or is now."""

    async def compute() -> SecondOpinions:
        return SecondOpinions(stretches=[SecondOpinion.of(heard) for heard in hear(model, samples, trace)])

    known = await store.model(SecondOpinions, samples, compute)
    return with_heard(trace, [one.heard for one in known.stretches])


def hear(model: SmartTurn, samples: Samples, trace: Trace) -> list[Heard]:
    """What the model makes of each end of speech, asked when a session asks."""
    began = trace.ours[0].begins if trace.ours else 0.0
    since = max(0, round((began - BEFORE_SPEECH_S) * RATE))
    return [
        model.hear(samples[since : round((stretch.stops + ASKED_AFTER_S) * RATE)], ASKED_AFTER_S)
        for stretch in trace.ours
        if stretch.noticed != float("inf")
    ]


def with_heard(trace: Trace, heard: Sequence[Heard]) -> Trace:
    """The same trace with this, in the order of its stretches."""
    stretches = [
        stretch.model_copy(update={"heard": heard[index] if index < len(heard) else None})
        for index, stretch in enumerate(trace.ours)
    ]
    return trace.model_copy(update={"ours": stretches})
