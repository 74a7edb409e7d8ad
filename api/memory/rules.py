"""Remembering without a language model: facts by patterns over the learner's own sentences, and a recap.

The patterns stand in `prompts/memory/rules.yaml`, the subjects in `prompts/guided/`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

import prompts
from api.contract.calls import FactKind
from api.memory.said import Said, sentences, squeezed, written_out

RULES: Final = "rules"
"""Who wrote what was made here."""

MAX_FACT: Final = 120
MOST_FACTS_A_CALL: Final = 40
SUBJECTS: Final = ("hello", "family", "food", "day", "free_time", "travel")
"""Names of the files in `prompts/guided/` that say how a subject is known by its words."""
_SUBJECT_HEARD_TIMES: Final = 2
_AROUND: Final = "with|for|near|at|by|on|in|my|every|all|there|here|a lot|a little"
"""Where a place's or a thing's own words end."""


def _compiles(pattern: str) -> str:
    re.compile(re.sub(r"\{[a-z]+\}", "x", pattern))
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactRule(_Strict):
    """One way of telling a fact."""

    kind: FactKind
    when: Pattern = Field(alias="if")
    text: str
    topic: str | None = None
    proper: Literal["x", "n"] | None = None
    """What of the caught is a name, to be written with capitals."""
    unless: Pattern | None = None
    """Not where what was caught is like this."""


class Rules(_Strict):
    """The content of `prompts/memory/rules.yaml`."""

    version: int
    stop: Pattern
    unsure: Pattern
    sensitive: Pattern
    lists: dict[str, Pattern]
    facts: tuple[FactRule, ...]
    single: tuple[FactKind, ...]
    recap: dict[str, str]


@dataclass(frozen=True)
class Fact:
    """Something that the learner told, with the turn it rests on."""

    kind: FactKind
    text: str
    topic: str | None
    turn: Said


@cache
def rules() -> Rules:
    """The rules, read once a process."""
    return prompts.load("memory/rules").parse(Rules)


def rules_hash() -> str:
    """What the rules are known by."""
    return prompts.load("memory/rules").hash


def is_sensitive(text: str) -> bool:
    """Whether a text touches what is never kept."""
    return bool(_bounded(rules().sensitive).search(written_out(text)))


def facts_of(turns: Iterable[Said]) -> list[Fact]:
    """What the learner told, the newest mention of each; sensitive and unsure sentences tell nothing."""
    found: dict[tuple[FactKind, str], Fact] = {}
    for turn in turns:
        if not turn.by_learner:
            continue
        for sentence in sentences(turn.text):
            for fact in _told(sentence, turn):
                found[fact.kind, squeezed(fact.text)] = fact
    whole = [fact for fact in found.values() if not any(_says_more(other, fact) for other in found.values())]
    return whole[-MOST_FACTS_A_CALL:]


def _says_more(other: Fact, fact: Fact) -> bool:
    """Whether another fact says the same and more: a dog called Rex, and a dog."""
    return other.kind is fact.kind and other.text.startswith(f"{fact.text} ")


def _told(sentence: str, turn: Said) -> Iterator[Fact]:
    plain = written_out(sentence)
    if is_sensitive(plain):
        return
    for rule in rules().facts:
        match = _pattern(rule.when).search(plain)
        if match is None or _bounded(rules().unsure).search(plain[: match.start()]):
            continue
        caught = match.group("x")
        if rule.unless and re.search(rule.unless, caught, re.IGNORECASE):
            continue
        values = {name: value or "" for name, value in match.groupdict().items()}
        if rule.proper:
            values[rule.proper] = _capitalized(values[rule.proper])
        topic = rule.topic.format(**values) if rule.topic else None
        yield Fact(
            rule.kind,
            _about_them(rule.text.format(**values))[:MAX_FACT],
            _about_you(topic)[:80] if topic else None,
            turn,
        )


def subjects_of(turns: Iterable[Said]) -> list[str]:
    """The subjects of a call, the one most talked of first, by their names in `prompts/guided/`."""
    counts: Counter[str] = Counter()
    for turn in turns:
        plain = written_out(turn.text).lower()
        for name in SUBJECTS:
            counts[name] += len(_subject(name).findall(plain)) * (2 if turn.by_learner else 1)
    return [name for name, count in counts.most_common() if count >= _SUBJECT_HEARD_TIMES]


def subject_name(subject: str) -> str:
    """What a subject is called in English."""
    return prompts.load(f"guided/{subject}").text("name")


def recap_of(subjects: Sequence[str]) -> str:
    """A call in a line: what was talked about."""
    words = rules().recap
    if not subjects:
        return words["nothing"]
    return words["about"].format(topics=", ".join(subject_name(subject) for subject in subjects[:4]))


@cache
def _subject(name: str) -> re.Pattern[str]:
    return _bounded(prompts.load(f"guided/{name}").text("words"))


@cache
def _bounded(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])", re.IGNORECASE)


@cache
def _pattern(when: str) -> re.Pattern[str]:
    stop, times = rules().stop, rules().lists["when"]
    word = rf"(?!(?:{stop})\b)[\w][\w'-]*"
    near = rf"(?!(?:{stop}|{_AROUND})\b)[\w][\w'-]*"
    kinds = {
        "name": r"[^\W\d_][\w'-]{1,19}",
        "place": rf"{word}(?: {near}){{0,2}}",
        "thing": rf"{word}(?: {near})?",
        "short": rf"{word}(?: {word}){{0,2}}",
        "phrase": rf"{word}(?: {word}){{0,5}}?(?=[,.!?;]|$| (?:{stop}|{times})\b|(?: {word}){{6}})",
        **{name: f"(?:{words})" for name, words in rules().lists.items()},
    }
    for name, expression in kinds.items():
        when = when.replace(f"{{{name}}}", expression)
    return _bounded(when)


def _capitalized(text: str) -> str:
    small = {"the", "of", "a", "an", "in", "my", "small", "big", "town", "village", "city", "near", "little"}
    return " ".join(word if word in small else word[:1].upper() + word[1:] for word in text.split())


def _about_them(text: str) -> str:
    """Words that follow "The learner": what was mine is theirs."""
    swapped = re.sub(r"\bmy\b", "their", text, flags=re.IGNORECASE)
    return re.sub(r"\bmyself\b", "themselves", swapped, flags=re.IGNORECASE)


def _about_you(text: str) -> str:
    """The same words, said to the learner."""
    swapped = re.sub(r"\bmy\b", "your", text, flags=re.IGNORECASE)
    return re.sub(r"\bmyself\b", "yourself", swapped, flags=re.IGNORECASE)
