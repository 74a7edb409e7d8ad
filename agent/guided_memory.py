"""What `guided` knows of a conversation, read from its texts alone: questions asked, where it stands,
what was told."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
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


@dataclass(frozen=True)
class Told:
    """Something the learner told: its words, and the number of the learner's turn that told it."""

    words: tuple[str, ...]
    turn: int


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
    answered: str = ""
    """All that the learner said to the open question."""
    avoid: list[str] = field(default_factory=list)
    """Patterns of subjects that would hurt."""
    closed: bool = False
    """Whether the coach's last turn was a goodbye."""
    shares: dict[str, int] = field(default_factory=dict)
    coach_turns: int = 0
    learner_turns: int = 0
    facts: dict[str, Told] = field(default_factory=dict)
    recalled_at: int = 0
    """The coach's turn that last looked back at something told."""
    more_at: int = 0
    """The coach's turn that last asked to hear more."""
    more: str = ""
    """The sentence that did."""
    sorrow_at: int | None = None
    """The learner's turn that last brought bad news."""
    name: str | None = None
    named_at: int = 0
    """The coach's turn that last said the learner's name."""

    @property
    def asked_for_more(self) -> bool:
        """Whether the coach's last turn put no question and only asked to hear more."""
        return self.coach_turns > 0 and self.more_at == self.coach_turns

    @property
    def unanswered(self) -> str | None:
        """The question that still waits for an answer."""
        return None if self.asked_for_more else self.current

    def share(self, topic: str) -> int:
        """How many questions of a topic were put."""
        return self.shares.get(topic, 0)


class Recogniser:
    """Knows the coach's own sentences again: questions, whole or cut off, and lines with slots."""

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
        manners = content.manners
        self._prefix = re.compile(f"(?:{'|'.join(plain(text) for text in manners.prefixes)}) ")
        self._greeting = re.compile("|".join(_slotted(text) for text in _greetings(content)))
        self.more = re.compile("|".join(_slotted(text) for text in manners.lines["more"]))
        self.closing = frozenset(
            plain(sentences(line)[0])
            for line in (*manners.lines["close"], *manners.lines["close_again"], *manners.goodbye)
        )
        self.facts = {
            name: (frozenset(fact.asked), compiled(_with_words(content, fact.when)))
            for name, fact in content.recall.facts.items()
        }
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, sentence: str, last: bool) -> tuple[str, Rung] | None:
        said = plain(sentence)
        for known in (said, self._prefix.sub("", said, count=1) if self._prefix.match(said) else said):
            found = self._known.get(known) or (self._begun(known) if last else None)
            if found:
                return found
        return None

    def _begun(self, said: str) -> tuple[str, Rung] | None:
        if len(said.split()) < _MIN_PREFIX:
            return None
        at = bisect_left(self._sorted, said)
        if at < len(self._sorted) and self._sorted[at].startswith(said):
            return self._known[self._sorted[at]]
        return None

    def greeted(self, text: str) -> str | None:
        """The name by which a sentence of the coach's greets the learner."""
        match = self._greeting.match(text)
        return next((name for name in match.groups() if name), None) if match else None

    @cached_property
    def own_name(self) -> re.Pattern[str]:
        """A learner's words that give her name."""
        return compiled("(?:my name is|i am called|call me) ([a-z]{2,15})")


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
    for number, turn in enumerate(history):
        if turn.role == "learner":
            heard.append(turn.text)
            told.append(plain(turn.text))
            memory.answered = f"{memory.answered} {told[-1]}".strip()
            memory.changes_since_learner = 0
            memory.learner_turns += 1
            _hear_learner(content, memory, told[-1])
            continue
        heard.clear()
        memory.coach_turns += 1
        _hear_coach(content, memory, turn.text, number)
    memory.last_learner = " ".join(heard).strip()
    memory.learner_words = " ".join(told)
    return memory


def _hear_coach(content: Content, memory: Memory, text: str, number: int) -> None:
    parts = sentences(text)
    known = _recogniser(content)
    found: tuple[str, Rung] | None = None
    for place, part in enumerate(parts):
        memory.said[plain(part)] = number
        found = known.find(part, place == len(parts) - 1) or found
        if known.more.fullmatch(plain(part)):
            memory.more_at, memory.more = memory.coach_turns, part
        name = known.greeted(part)
        if name or (memory.name and memory.name.lower() in plain(part).split()):
            memory.name, memory.named_at = name or memory.name, memory.coach_turns
    memory.closed = any(plain(part) in known.closing for part in parts)
    if found:
        _put(content, memory, *found)


def _put(content: Content, memory: Memory, key: str, rung: Rung) -> None:
    if key == memory.current:
        memory.puts += 1
        memory.repeats += rung == memory.rung
    else:
        memory.puts, memory.repeats, memory.answered = 1, 0, ""
        memory.changes_since_learner += bool(memory.current)
    memory.current, memory.rung = key, rung
    memory.asked.add(key)
    topic = content.topic_of[key]
    if topic in content.topics:
        memory.topic = topic
        memory.shares[topic] = memory.share(topic) + 1
    else:
        memory.recalled_at = memory.coach_turns


def _hear_learner(content: Content, memory: Memory, said: str) -> None:
    known = _recogniser(content)
    grave = compiled(content.manners.tones["grave"]).search(said)
    if grave:
        memory.sorrow_at = memory.learner_turns
        memory.avoid += [
            words for word, words in content.lexicon.related.items() if compiled(word).search(said)
        ]
    name = known.own_name.search(said)
    if name:
        memory.name, memory.named_at = name.group(1).capitalize(), memory.coach_turns
    if grave or re.search(r"\b(?:not|no|never|if|was|were)\b", said):
        return
    for fact, (asked, pattern) in known.facts.items():
        match = pattern.search(said) if not asked or memory.current in asked else None
        if match:
            memory.facts[fact] = Told(tuple(filter(None, match.groups())), memory.learner_turns)


def _greetings(content: Content) -> Iterator[str]:
    words = content.manners.greeting
    yield from (*words.hello.values(), *words.first, *words.first_short)
    yield from (*words.returning, *words.returning_short)


def _slotted(template: str) -> str:
    """A pattern of a line: of a greeting with its name, or of a plain line with anything in its slot."""
    if "{name}" in template:
        return re.escape(sentences(template)[0]).replace(re.escape("{name}"), r", (\w+)")
    return re.escape(plain(template.replace("{x}", "someslot"))).replace("someslot", r"[\w ]+")


def _with_words(content: Content, pattern: str) -> str:
    for kind, entry in content.lexicon.kinds.items():
        pattern = pattern.replace(f"{{{kind}}}", f"({entry.words})")
    return pattern
