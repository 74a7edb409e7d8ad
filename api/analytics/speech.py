"""What figures of speaking mean: the only place where milliseconds become minutes and shares."""

from dataclasses import asdict, dataclass
from typing import Final

MS_A_MINUTE: Final = 60_000
ENOUGH_SPEECH_MS: Final = 10_000
"""A rate of words over less speech than this says nothing."""


def minutes(spoken_ms: int) -> float:
    """Minutes of a time of speaking, to a tenth."""
    return round(spoken_ms / MS_A_MINUTE, 1)


def words_per_minute(words: int, spoken_ms: int) -> float | None:
    """The rate of speaking; None where there was too little speech."""
    if spoken_ms < ENOUGH_SPEECH_MS:
        return None
    return round(words * MS_A_MINUTE / spoken_ms, 1)


def share_of_talk(spoken_ms: int, coach_ms: int) -> float | None:
    """The learner's part, from 0 to 1, of the time in which anybody spoke; None where nobody did."""
    both = spoken_ms + coach_ms
    return round(spoken_ms / both, 3) if both else None


def trend(month_ms: int, before_ms: int) -> float | None:
    """Minutes of the last 28 days against the 28 before: 0.5 for half as much again, -1 for none any more.

    None where there was nothing before to compare with.
    """
    return round(month_ms / before_ms - 1, 2) if before_ms else None


@dataclass(frozen=True)
class Speech:
    """What was spoken, as people read it: of a call, a day, a week, a learner or a program."""

    minutes_spoken: float
    words_per_minute: float | None
    share_of_talk: float | None

    @classmethod
    def of(cls, spoken_ms: int, coach_ms: int, words: int) -> "Speech":
        """Make it from sums."""
        return cls(minutes(spoken_ms), words_per_minute(words, spoken_ms), share_of_talk(spoken_ms, coach_ms))

    def shown(self) -> dict[str, float | None]:
        """The fields by their names, for an answer that has more of them."""
        return asdict(self)
