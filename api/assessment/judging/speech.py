"""What was heard of an attempt, as the measures read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.contract.corrections import Correction
from api.contract.exams import Dimension, ExamTask, PartKind
from api.contract.levels import Level

PAUSE_S: Final = 0.25
"""Shortest silence that is a pause: below it are stops of the mouth and not of speech (de Jong and Bosker
2013, "Choosing a threshold for silent pauses to measure second language fluency", 250 ms)."""


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Span = tuple[float, float]


class HeardWord(_Kept):
    """A word with its place, in seconds from the beginning of what was heard, and how sure it is."""

    text: Annotated[str, Field(max_length=64)]
    """As it stands in the sentence, with the mark behind it."""
    start: float
    end: float
    confidence: float = 1.0

    @property
    def bare(self) -> str:
        """The word in lower case, without marks."""
        return self.text.lower().replace("’", "'").strip(".,!?;:\"'()[]…–—-")

    @property
    def closes(self) -> bool:
        """Whether a mark behind it ends a clause."""
        return self.text.rstrip("\"'”’)")[-1:] in {".", "!", "?", ",", ";", ":", "…"}


class HeardPhone(_Kept):
    """A sound of a word: which was meant, where, and how good it was from 0 to 1."""

    phone: Annotated[str, Field(max_length=8)]
    start: float
    end: float
    score: float


class PronouncedWord(_Kept):
    """A word by its sounds."""

    word: Annotated[str, Field(max_length=64)]
    start: float
    end: float
    score: float
    phones: list[HeardPhone]


class SoundFigures(_Kept):
    """How a stretch of sound is, whatever was said in it."""

    seconds: float
    speech_s: float
    """Seconds that are not silence."""
    snr_db: float
    """How far speech is above what sounds between it, in decibels."""
    bandwidth_hz: float
    """Up to which frequency speech has sound; about 3,400 over a telephone."""
    pitch_hz: float | None = None
    """Median pitch of the voice; None where no voice was found."""
    silences: list[Span] = []
    """Where nothing sounds, in seconds from the beginning; those of a tenth of a second and more."""


class Heard(_Kept):
    """What was heard of one turn.

    `source` is `sound` where the recording was listened to once more, `call` where the words and times are
    the call's own. `offset_s` is where this turn's second 0 lies within the call's recording.
    """

    text: str
    words: list[HeardWord]
    source: Literal["sound", "call"]
    timed: bool = True
    """Whether the times of words were heard, and not spread over the turn."""
    offset_s: float | None = None
    sound: SoundFigures | None = None
    ears: Annotated[str, Field(max_length=64)] = ""
    """Version of what judged the pronunciation."""
    pronounced: list[PronouncedWord] | None = None


@dataclass(frozen=True)
class Answer:
    """One turn of the learner in an attempt."""

    turn_id: UUID
    call_id: UUID
    part: str
    began_at: float
    """Seconds of the clock that times all turns."""
    heard: Heard
    corrections: Sequence[Correction] = ()
    """What is to be put right in `heard.text`."""
    after_coach: bool = True
    """Whether the examiner spoke since the learner's last turn."""

    @cached_property
    def word_count(self) -> int:
        """Words, hesitations included."""
        return len(self.heard.words)


@dataclass(frozen=True)
class Part:
    """A part of the exam with the task that was drawn."""

    key: str
    kind: PartKind
    scored: bool
    dimensions: frozenset[Dimension]
    task: ExamTask
    said_to: str = ""
    """What the examiner and the other candidate said in it."""


@dataclass(frozen=True)
class Material:
    """All that a judgement is made from."""

    target: Level
    parts: Sequence[Part]
    answers: Sequence[Answer]
    """In order; those of parts that are no warm-up."""
    sound_allowed: bool = True
    """Whether sound could be kept at all; without it pronunciation is refused."""
    checked: bool = True
    """Whether somebody looked for slips; where nobody did, their number tells nothing."""
    earlier: Sequence[str] = field(default=())
    """What the learner said in earlier attempts."""

    def part(self, key: str) -> Part:
        """The part of a key."""
        return next(part for part in self.parts if part.key == key)

    def of_part(self, key: str) -> list[Answer]:
        """What was said in a part."""
        return [answer for answer in self.answers if answer.part == key]

    def words(self) -> Iterator[tuple[Answer, HeardWord]]:
        """Every word with the answer it is in."""
        for answer in self.answers:
            for word in answer.heard.words:
                yield answer, word
