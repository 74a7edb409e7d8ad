"""Made-up candidates: what they say, how fast, and where they stop, planted by level."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from api.assessment.judging.speech import Part
from api.assessment.judging.syllables import syllables
from api.contract.exams import Dimension, ExamTask, PartKind
from infra.bench.spoken import Piece

LevelName = Literal["A1", "A2", "B1", "B2"]
LEVELS: Final[tuple[LevelName, ...]] = ("A1", "A2", "B1", "B2")
RATE: Final = {"A1": 2.3, "A2": 2.9, "B1": 3.5, "B2": 4.1}
"""Syllables a second within a stretch."""
SENTENCE_S: Final = {"A1": 1.1, "A2": 0.85, "B1": 0.6, "B2": 0.45}
THINKING_S: Final = {"A1": 1.0, "A2": 0.75, "B1": 0.5, "B2": 0.4}
COMMA_S: Final = {"A1": 0.6, "A2": 0.45, "B1": 0.35, "B2": 0.3}
EVERY: Final = 3
"""Each third topic is frozen."""
_FILE: Final = Path(__file__).with_name("scripts.yaml")
_STOP: Final = re.compile(r"(?<=[.!?;,:])\s+|\s*\|\s*")


class _Read(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Topic(_Read):
    """One topic at four levels."""

    key: str
    words: Annotated[list[str], Field(min_length=5)]
    A1: str
    A2: str
    B1: str
    B2: str

    def text(self, level: LevelName) -> str:
        """What a candidate of a level says."""
        return str(getattr(self, level))


class Attack(_Read):
    """What somebody says who has no answer."""

    key: str
    text: str


class Scripts(_Read):
    """`scripts.yaml`."""

    topics: list[Topic]
    attacks: list[Attack]


class Candidate(_Read):
    """One script in one voice."""

    key: str
    topic: Topic
    level: LevelName | None
    """None for an attack."""
    text: str
    voice: str
    frozen: bool


@cache
def scripts() -> Scripts:
    """The file."""
    return Scripts.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))


def candidates(voices: list[str], sample: int | None) -> list[Candidate]:
    """All candidates, those of one script side by side; `sample` takes so many scripts of each level."""
    made = []
    every = list(enumerate(scripts().topics))
    for number, topic in every[: sample or len(every)]:
        for level in LEVELS:
            key, text, frozen = f"{topic.key}-{level}", topic.text(level), number % EVERY == EVERY - 1
            made += [
                Candidate(key=key, topic=topic, level=level, text=text, voice=voice, frozen=frozen)
                for voice in voices
            ]
    return made


def attackers(voice: str) -> list[Candidate]:
    """Those who have no answer, each to the first topic's task."""
    topic = scripts().topics[0]
    return [
        Candidate(key=one.key, topic=topic, level=None, text=one.text, voice=voice, frozen=False)
        for one in scripts().attacks
    ]


def pieces(candidate: Candidate) -> Iterator[Piece]:
    """What a candidate says, piece by piece, with the silences of their level between."""
    level = candidate.level or "B1"
    parts = [part for part in _STOP.split(candidate.text) if part]
    for index, part in enumerate(parts):
        if index:
            before = parts[index - 1][-1]
            yield Piece("", _silence(level, before))
        yield Piece(part, syllables=sum(syllables(word) for word in part.split()))


def _silence(level: LevelName, before: str) -> float:
    if before in ".!?":
        return SENTENCE_S[level]
    return COMMA_S[level] if before in ",;:" else THINKING_S[level]


def part_of(topic: Topic) -> Part:
    """The part of an exam that a topic's task would be."""
    task = ExamTask(
        key=topic.key,
        title=topic.key.capitalize(),
        topic=topic.key,
        begin=[f"Now I would like you to talk about {topic.key}."],
        instructions=f"Talk about {topic.key} for about a minute.",
        words=topic.words,
    )
    return Part("talk", PartKind.LONG_TURN, True, frozenset(Dimension), task)
