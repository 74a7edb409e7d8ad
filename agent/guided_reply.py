"""What `guided` works on and what it gives: one turn in the making, and the finished reply."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from agent.guided_content import Rung, Tone
from agent.guided_hearing import Heard
from agent.guided_memory import Memory
from api.contract.levels import Level

MAX_REPLY = 300
"""Characters of the longest reply."""

Kind = Literal[
    "answer", "ask_back", "rephrase", "hint", "boundary", "topic", "wait", "close", "care", "social", "more"
]
"""What a reply does; `answer` acknowledges an answer and goes on, `more` asks to hear more of it."""


@dataclass(frozen=True)
class Reply:
    """The coach's next turn. `sentences` are said in order; the first is short and mostly a fixed opener."""

    sentences: tuple[str, ...]
    kind: Kind
    intent: str
    """What the learner's turn was taken for."""
    tone: Tone = "neutral"
    question_id: str | None = None
    """The question this turn puts (again), e.g. `food.breakfast`; None when it asks nothing from the bank."""
    rung: Rung | None = None
    recast: str | None = None
    """Id of the slip that was recast."""
    source: str = ""
    """What the acknowledgement rests on: rule, recast, echo, tone, plain or line."""

    @property
    def text(self) -> str:
        """All of it, as one text."""
        return " ".join(self.sentences)


@dataclass
class Turn:
    """One reply in the making; `said` grows sentence by sentence."""

    memory: Memory
    heard: Heard
    level: Level
    seed: int
    """The same for the same history, and different for another."""
    said: list[str] = field(default_factory=list)


def digest(text: str) -> int:
    """A number that stands for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=6).digest())
