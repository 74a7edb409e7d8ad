"""smart-turn as a policy of its own: at once where it is sure enough, else after its longest wait.

It is asked as `pipecat` asks it, when the end of speech is noticed.
"""

from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel

from agent.smart_turn import BEFORE_SPEECH_S, SmartTurn
from infra.bench.turns.audio import RATE, Samples
from infra.bench.turns.trace import Stretch

THRESHOLD: Final = 0.5
STOP_S: Final = 3.0
"""Its own longest wait."""
ABSENT: Final = "the package pipecat-ai, which has its weights, is not installed"


class Smart(BaseModel):
    """Its probability that the turn is over at the end of each stretch of voice."""

    probabilities: list[float]


def judge(model: SmartTurn, samples: Samples, stretches: Sequence[Stretch]) -> Smart:
    """The probabilities of an item."""
    if not stretches:
        return Smart(probabilities=[])
    since = round(max(0.0, stretches[0].begins - BEFORE_SPEECH_S) * RATE)
    ends = [round(min(stretch.noticed, len(samples) / RATE) * RATE) for stretch in stretches]
    return Smart(probabilities=[model.hear(samples[since:end], 0.0).probability for end in ends])
