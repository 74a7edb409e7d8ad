"""What somebody said, made up for a test: words at a steady pace, with pauses where they are wanted."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from api.assessment.judging.speech import (
    Answer,
    Heard,
    HeardPhone,
    HeardWord,
    Material,
    Part,
    PronouncedWord,
    SoundFigures,
)
from api.assessment.judging.syllables import syllables
from api.contract.exams import Dimension, ExamTask, PartKind
from api.contract.levels import Level

CALL = UUID("00000000-0000-0000-0000-00000000ca11")
TASK = ExamTask(
    key="weekend",
    title="Your weekend",
    topic="Free time",
    begin=["Now tell me about your weekend."],
    instructions="Say what you did last weekend and what you liked about it.",
    questions=["What did you do on Saturday?", "Who were you with?"],
    points=["where you were", "what you did"],
    words=["weekend", "saturday", "sunday", "friend", "family", "home", "film", "football", "park", "shop"],
)
SYLLABLE_S = 0.25


def part(key: str = "talk", kind: PartKind = PartKind.LONG_TURN, said_to: str = "") -> Part:
    """A part with its task."""
    return Part(key, kind, True, frozenset(Dimension), TASK, said_to)


def heard(text: str, *, pace: float = SYLLABLE_S, confidence: float = 0.95) -> Heard:
    """A text at so many seconds a syllable; `[0.8]` is a silence of so many seconds."""
    words: list[HeardWord] = []
    silences: list[tuple[float, float]] = []
    at = 0.0
    for piece in text.split():
        if piece.startswith("["):
            end = at + float(piece[1:-1])
            silences.append((at, end))
        else:
            end = at + pace * max(1, syllables(piece))
            words.append(HeardWord(text=piece, start=at, end=end, confidence=confidence))
        at = end
    sound = SoundFigures(
        seconds=at,
        speech_s=at - sum(end - start for start, end in silences),
        snr_db=30.0,
        bandwidth_hz=7_000.0,
        pitch_hz=120.0,
        silences=silences,
    )
    said = " ".join(word.text for word in words)
    return Heard(text=said, words=words, source="sound", offset_s=10.0, sound=sound, pronounced=_said(words))


def _said(words: Sequence[HeardWord], score: float = 0.8) -> list[PronouncedWord]:
    return [
        PronouncedWord(
            word=word.text,
            start=word.start,
            end=word.end,
            score=score,
            phones=[
                HeardPhone(phone=name, start=word.start, end=word.end, score=score) for name in ("AH", "T")
            ],
        )
        for word in words
    ]


def answer(
    text: str, number: int = 0, *, key: str = "talk", after_coach: bool = True, **more: float
) -> Answer:
    """One answer; each begins a minute after the one before."""
    return Answer(
        uuid5(CALL, f"{key} {number}"), CALL, key, 60.0 * number, heard(text, **more), (), after_coach
    )


def material(*texts: str, parts: Sequence[Part] | None = None) -> Material:
    """Answers of one part, each to a question."""
    answers = [answer(text, number) for number, text in enumerate(texts)]
    return Material(Level.B1, parts or [part()], answers)


def without_sound(one: Answer) -> Answer:
    """The same answer as the call heard it."""
    kept = one.heard.model_copy(
        update={"sound": None, "pronounced": None, "source": "call", "offset_s": None}
    )
    return replace(one, heard=kept)
