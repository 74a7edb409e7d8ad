"""What `guided` knows of a conversation, read from its texts alone: questions asked, where it stands,
what was told."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from agent.guided_content import Content, Rung, compiled
from agent.guided_hearing import plain

_MIN_PREFIX = 3
"""Words of a cut-off sentence that are enough to know the question it began."""


@dataclass(frozen=True)
class Utterance:
    """One turn of the conversation."""

    role: Literal["learner", "coach"]
    text: str


@dataclass
class Memory:
    """The state of a conversation."""

    asked: set[str] = field(default_factory=set)
    current: str | None = None
    """The question that is open."""
    rung: Rung = "ask"
    """How it was put last."""
    puts: int = 0
    """How often it was put."""
    repeats: int = 0
    topic: str | None = None
    said: dict[str, int] = field(default_factory=dict)
    """The coach's sentences in plain text, with the number of the turn that said them last."""
    changes_since_learner: int = 0
    """New questions put since the learner spoke last, beyond the first."""
    last_learner: str = ""
    """The learner's turn to answer; empty when the coach spoke last."""
    learner_words: str = ""
    avoid: list[str] = field(default_factory=list)
    """Patterns of subjects that would hurt."""
    closed: bool = False
    shares: dict[str, int] = field(default_factory=dict)

    def share(self, topic: str) -> int:
        """How many questions of a topic were put."""
        return self.shares.get(topic, 0)


class Recogniser:
    """Knows the coach's own questions again, whole or cut off."""

    def __init__(self, content: Content) -> None:
        self._known: dict[str, tuple[str, Rung]] = {}
        for key, question in content.questions.items():
            forms: list[tuple[Rung, str | None]] = [
                *(("ask", text) for text in question.wordings()),
                ("again", question.again),
                ("example", question.example),
                ("choice", question.choice),
            ]
            for rung, text in forms:
                for sentence in sentences(text or ""):
                    self._known.setdefault(plain(sentence), (key, rung))
        self._sorted = sorted(self._known)
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, sentence: str, last: bool) -> tuple[str, Rung] | None:
        said = plain(sentence)
        if said in self._known:
            return self._known[said]
        if not last or len(said.split()) < _MIN_PREFIX:
            return None
        at = bisect_left(self._sorted, said)
        if at < len(self._sorted) and self._sorted[at].startswith(said):
            return self._known[self._sorted[at]]
        return None


@lru_cache(maxsize=4)
def _recogniser(content: Content) -> Recogniser:
    return Recogniser(content)


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """A text's sentences, each with its closing mark."""
    return tuple(part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part)


def remember(content: Content, history: Sequence[Utterance]) -> Memory:
    """The state of a conversation from its texts; the learner's turns after the coach's last are one turn."""
    memory = Memory()
    heard: list[str] = []
    told: list[str] = []
    closing = {
        plain(sentences(line)[0]) for line in (*content.manners.lines["close"], *content.manners.goodbye)
    }
    for number, turn in enumerate(history):
        if turn.role == "learner":
            heard.append(turn.text)
            told.append(plain(turn.text))
            memory.changes_since_learner = 0
            _mind(content, memory, told[-1])
            continue
        heard.clear()
        _hear_coach(content, memory, turn.text, number)
        memory.closed = memory.closed or any(plain(part) in closing for part in sentences(turn.text))
    memory.last_learner = " ".join(heard).strip()
    memory.learner_words = " ".join(told)
    return memory


def _hear_coach(content: Content, memory: Memory, text: str, number: int) -> None:
    parts = sentences(text)
    found: tuple[str, Rung] | None = None
    for place, part in enumerate(parts):
        memory.said[plain(part)] = number
        found = _recogniser(content).find(part, place == len(parts) - 1) or found
    if found is None:
        return
    key, rung = found
    if key == memory.current:
        memory.puts += 1
        memory.repeats += rung == memory.rung
    else:
        memory.puts, memory.repeats = 1, 0
        memory.changes_since_learner += bool(memory.current)
    memory.current, memory.rung = key, rung
    memory.asked.add(key)
    memory.topic = content.topic_of[key]
    memory.shares[memory.topic] = memory.shares.get(memory.topic, 0) + 1


def _mind(content: Content, memory: Memory, said: str) -> None:
    if not compiled(content.manners.tones["grave"]).search(said):
        return
    for word, words in content.lexicon.related.items():
        if compiled(word).search(said):
            memory.avoid.append(words)
