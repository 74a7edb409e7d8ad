"""Scores of speech, each with the evidence that it rests on."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.contract.exams import Dimension
from api.contract.levels import Level

MAX_SCORE = 5.0


class RefusalCode(StrEnum):
    """Why a dimension, or the whole attempt, is not judged."""

    TOO_LITTLE = "too_little"
    """Too few words, or too little speech."""
    TOO_NOISY = "too_noisy"
    NO_AUDIO = "no_audio"
    """No consent to keep sound: pronunciation is never judged from text."""
    OTHER_LANGUAGE = "other_language"
    SEVERAL_VOICES = "several_voices"
    NARROW_BAND = "narrow_band"
    NOT_LEARNERS_WORDS = "not_learners_words"
    """Recited, or words meant to move the examiner instead of an answer."""


class FlagCode(StrEnum):
    """What a person should look at."""

    OFF_TOPIC = "off_topic"
    MEMORISED = "memorised"
    INSTRUCTS_EXAMINER = "instructs_examiner"
    SILENT_PART = "silent_part"


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Evidence(_Wire):
    """A place in the record that a score rests on. Times are seconds within the call's recording."""

    turn_id: UUID | None = None
    call_id: UUID | None = None
    start_s: float | None = Field(default=None, ge=0)
    end_s: float | None = Field(default=None, ge=0)
    quote: Annotated[str, Field(max_length=400)]
    """The learner's own words there."""
    says: Annotated[str, Field(max_length=300)]
    """What it shows, in plain words."""
    helps: bool
    """Whether it speaks for the score or against it."""


class Measure(_Wire):
    """One figure behind a score: its name in `docs/model-card.md`, value and unit."""

    name: Annotated[str, Field(max_length=64)]
    value: float
    unit: Annotated[str, Field(max_length=32)] = ""


class DimensionScore(_Wire):
    """One of the five. `score` is 0 to 5 in steps of 0.1, absent where `refused` says why."""

    dimension: Dimension
    score: float | None = Field(default=None, ge=0, le=MAX_SCORE)
    confidence: float = Field(ge=0, le=1)
    level: Level | Literal["below_A1"] | None = None
    refused: RefusalCode | None = None
    reasons: list[Annotated[str, Field(max_length=300)]] = []
    evidence: Annotated[list[Evidence], Field(max_length=12)] = []
    measures: Annotated[list[Measure], Field(max_length=24)] = []


class Readiness(_Wire):
    """How far a criterion is from the target level's."""

    dimension: Dimension
    ready: bool | None
    """None where it could not be judged."""
    score: float | None
    needed: float
    says: Annotated[str, Field(max_length=300)]


class PhonePractice(_Wire):
    """A sound worth working on: its ARPAbet name, how often it was met, its mean goodness, words with it."""

    phone: Annotated[str, Field(max_length=8)]
    count: int = Field(ge=1)
    score: float = Field(ge=0, le=1)
    words: list[Annotated[str, Field(max_length=64)]] = []


class Improvement(_Wire):
    """The learner's own sentence as the next level would say it."""

    turn_id: UUID | None
    said: Annotated[str, Field(max_length=600)]
    better: Annotated[str, Field(max_length=600)]


class ThingToPractise(_Wire):
    """One of three things to practise, with lessons attached."""

    dimension: Dimension
    says: Annotated[str, Field(max_length=300)]
    lesson_ids: list[UUID] = []


SoundKept = Literal["kept", "held", "erased", "none"]
"""Whether evidence can be played: `kept` with the call's recording, `held` only until it is scored, `erased`
since it was, `none` where nothing was recorded."""


class ReviewAsked(_Wire):
    """A learner's wish that their instructor looks at an assessment."""

    asked_at: AwareDatetime
    note: Annotated[str, Field(max_length=1_000)] = ""


class Assessment(_Wire):
    """The machine's judgement of one attempt. The same audio, words and versions give the same."""

    attempt_id: UUID
    state: Literal["waiting", "scoring", "ready", "failed"]
    """`waiting` while a part of what it needs (the model server, the recording) is away: tried again."""
    scored_at: AwareDatetime | None = None
    version: str = ""
    """Of the whole way from sound to score: code, models, tables."""
    band_table: str = ""
    """Version of the table from scores to levels."""
    dimensions: list[DimensionScore] = []
    level: Level | Literal["below_A1"] | None = None
    """The estimate; absent where too much was refused."""
    level_confidence: float = Field(default=0.0, ge=0, le=1)
    target_level: Level | None = None
    """The level that the exam was for, whose readiness is told."""
    refused: RefusalCode | None = None
    flags: list[FlagCode] = []
    notes: list[Annotated[str, Field(max_length=300)]] = []
    """What is said of the whole attempt: what was left out of the judgement, and why."""
    readiness: list[Readiness] = []
    phones: list[PhonePractice] = []
    improvement: Improvement | None = None
    practise: list[ThingToPractise] = []
    sound: SoundKept = "none"
    review: ReviewAsked | None = None
    """The learner's wish that a person looks at it."""
