"""What a labelled turn is: sound, and every silence in it; only the last one is the end."""

from dataclasses import dataclass
from typing import Literal

from infra.bench.turns.audio import Samples

Kind = Literal["whole", "inside", "between", "conjunction", "filler", "restart", "slow"]
Condition = Literal["clean", "room-20", "room-10", "street-20", "street-10", "narrow"]
Group = Literal["learners", "clear"]
Sound = Literal["cough", "mm-hm", "background", "word", "sentence"]


@dataclass(frozen=True)
class Silence:
    """A stretch of at least 0.1 s without speech, seconds from the item's start."""

    start: float
    end: float
    planted: bool
    """Whether it was put there; the others are the speaker's own."""


@dataclass(frozen=True)
class Turn:
    """One turn of a speaker, with half a second of room before it and several after it."""

    name: str
    speaker: str
    group: Group
    kind: Kind
    condition: Condition
    samples: Samples
    silences: tuple[Silence, ...]
    """In order; the last one is the end of the turn."""

    @property
    def ends(self) -> float:
        """When the last sound of the turn is over."""
        return self.silences[-1].start

    @property
    def pauses(self) -> tuple[Silence, ...]:
        """The silences after which the speaker goes on."""
        return self.silences[:-1]


@dataclass(frozen=True)
class Overlap:
    """A sound made while the coach speaks."""

    name: str
    speaker: str
    sound: Sound
    samples: Samples
    starts: float
    ends: float

    @property
    def wants_floor(self) -> bool:
        """Whether its maker wants to speak."""
        return self.sound in ("word", "sentence")
