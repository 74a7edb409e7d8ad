"""A learner's language as browsers receive it."""

from datetime import date

from pydantic import BaseModel

from api.contract.corrections import CorrectionCategory


class LevelWords(BaseModel):
    """Different words of one level that the learner has said."""

    level: str
    """A1, A2, B1, B2, or C for both levels above."""
    words: int
    recent: int
    """Those said for the first time within the last 28 days."""
    examples: list[str]
    """A few of them, the newest first."""


class Vocabulary(BaseModel):
    """The different words that a learner has said; forms of one word count once."""

    words: int
    beyond: int
    """Words that are not on the list of levels: names, and rare words."""
    levels: list[LevelWords]


class FluencyWeek(BaseModel):
    """How fluently a learner spoke in a week; absent where less than ten seconds were spoken."""

    week: date
    """Its Monday."""
    words_per_minute: float | None
    words_per_run: float | None
    """Words said without a pause of half a second."""
    pauses_per_minute: float | None
    mean_pause_s: float | None


class SlipWeek(BaseModel):
    """How often the learner was corrected in a week, in a hundred words that were looked at."""

    week: date
    words: int
    """Words that were looked at."""
    rates: dict[CorrectionCategory, float] | None
    """By category; absent where too few words were looked at."""


class LearnerLanguage(BaseModel):
    """What a learner's language is like."""

    vocabulary: Vocabulary
    fluency: list[FluencyWeek]
    """Oldest first, empty weeks included."""
    slips: list[SlipWeek]
    """Oldest first, empty weeks included."""
