"""A learner's level from their own words, by rules that can be read: no model has a say in it.

Three things are measured, four where it was spoken: how long the longest answers are, which structures of
English are in them, which words, and how many words a minute. Each points at a level; the level is the
highest one that all but one of them reach. Nobody is placed more than one level above the last task they
answered. Every reason quotes what it rests on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Annotated, Final

from cefrpy import CEFRAnalyzer
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.contract.lessons import LessonContent
from api.contract.levels import Level
from api.memory.said import sentences, squeezed, words_of, written_out
from prompts import Prompt, load

LEVELS: Final = tuple(Level)
MOST_QUOTED: Final = 160
MOST_FOUND: Final = 6
SHORTEST_WORD: Final = 4
"""Letters; the list of words by level is unsure of shorter ones."""
LONGEST_PAUSE_S: Final = 2.0
"""A longer pause is thinking and not speaking; it does not count into the tempo."""


class Measure(StrEnum):
    """What a reason is about."""

    LENGTH = "length"
    STRUCTURES = "structures"
    VOCABULARY = "vocabulary"
    TEMPO = "tempo"
    TASKS = "tasks"
    """How far the learner came; it can only lower the level."""


class Reason(BaseModel):
    """What was measured, the level it points at, and the learner's own words for it."""

    measure: Measure
    level: Level
    value: float
    """Words (`length`), words a minute (`tempo`), how many were found (`structures`, `vocabulary`), and how
    many tasks were answered (`tasks`)."""
    found: list[str] = []
    """Names of structures, or words."""
    quote: str | None = None


class Judgement(BaseModel):
    """What came out. Without a level too little was said to tell."""

    level: Level | None
    reasons: list[Reason]
    words: int
    """In all answers together."""


@dataclass(frozen=True)
class Answer:
    """What was said to one task; `times` are where each word begins and ends in seconds, where spoken."""

    task: str
    text: str
    times: Sequence[tuple[float, float]] = ()


def _compiled(pattern: str) -> str:
    re.compile(pattern)
    return pattern


class Structure(BaseModel):
    """A structure of English and the level that it is usually learned at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    level: Level
    pattern: Annotated[str, AfterValidator(_compiled)]

    def within(self, sentence: str) -> bool:
        """Whether it is in a sentence in plain words."""
        return re.search(rf"\b(?:{self.pattern})", sentence) is not None


class Rules(BaseModel):
    """What answers are judged by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tasks: dict[str, Level]
    least_words: int = Field(ge=1)
    answered_words: int = Field(ge=1)
    length: dict[Level, float]
    tempo: dict[Level, float]
    vocabulary: int = Field(ge=1)
    structures_needed: int = Field(ge=1)
    structures: list[Structure]


class PlacementFile(BaseModel):
    """`prompts/placement.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    content: LessonContent
    rules: Rules


def placement_prompt() -> Prompt:
    """The file that tasks and rules stand in."""
    return load("placement")


@cache
def placement_file() -> PlacementFile:
    """Tasks and rules."""
    return placement_prompt().parse(PlacementFile)


def judge(answers: Sequence[Answer], rules: Rules | None = None) -> Judgement:
    """The level that answers point at, with reasons; on a thread, since it reads a list of words first.

    Args:
        answers: In the order of the tasks; several may belong to one.
        rules: The file's own where left out.
    """
    rules = rules or placement_file().rules
    texts = _by_task(answers, rules)
    counts = {task: len(words_of(text)) for task, text in texts.items()}
    total = sum(counts.values())
    if total < rules.least_words:
        return Judgement(level=None, reasons=[], words=total)
    said = [sentence for text in texts.values() for sentence in sentences(text)]
    measured = [_length(texts, rules), _structures(said, rules), _vocabulary(said, rules)]
    tempo = _tempo(answers, rules)
    measured += [tempo] if tempo else []
    reached = sorted(LEVELS.index(reason.level) for reason in measured)[1]
    answered = [task for task, count in counts.items() if count >= rules.answered_words]
    last = max((LEVELS.index(rules.tasks[task]) for task in answered), default=0)
    highest = min(last + 1, len(LEVELS) - 1)
    if reached > highest:
        measured.append(Reason(measure=Measure.TASKS, level=LEVELS[highest], value=len(answered)))
    return Judgement(level=LEVELS[min(reached, highest)], reasons=measured, words=total)


def _by_task(answers: Sequence[Answer], rules: Rules) -> dict[str, str]:
    texts: dict[str, str] = {}
    for answer in answers:
        if answer.task in rules.tasks:
            texts[answer.task] = f"{texts.get(answer.task, '')} {answer.text}".strip()
    return texts


def _at(value: float, thresholds: dict[Level, float]) -> Level:
    """The highest level whose threshold a value reaches; A1 needs nothing."""
    reached = [level for level in LEVELS if level in thresholds and value >= thresholds[level]]
    return reached[-1] if reached else Level.A1


def _length(texts: dict[str, str], rules: Rules) -> Reason:
    longest = sorted(texts.values(), key=lambda text: len(words_of(text)), reverse=True)[:2]
    value = sum(len(words_of(text)) for text in longest) / max(1, len(longest))
    return Reason(
        measure=Measure.LENGTH,
        level=_at(value, rules.length),
        value=round(value, 1),
        quote=_quote(longest[0]) if longest else None,
    )


def _structures(said: Sequence[str], rules: Rules) -> Reason:
    """The highest level of which, or of later ones, enough different structures were used."""
    where: dict[str, str] = {}
    for structure in rules.structures:
        for sentence in said:
            if structure.within(_plain(sentence)):
                where.setdefault(structure.key, sentence)
    used = [structure for structure in rules.structures if structure.key in where]
    level = _reached([LEVELS.index(structure.level) for structure in used], rules.structures_needed)
    shown = sorted(used, key=lambda one: LEVELS.index(one.level), reverse=True)
    return Reason(
        measure=Measure.STRUCTURES,
        level=level,
        value=len(used),
        found=[structure.key for structure in shown][:MOST_FOUND],
        quote=_quote(where[shown[0].key]) if shown else None,
    )


def _vocabulary(said: Sequence[str], rules: Rules) -> Reason:
    """The highest level of which, or of later ones, enough different words were used."""
    levels: dict[str, int] = {}
    where: dict[str, str] = {}
    for sentence in said:
        for place, word in enumerate(re.findall(r"[A-Za-z]+", sentence)):
            name = word[0].isupper() and place > 0
            known = None if name or len(word) < SHORTEST_WORD else _level_of_word(word.lower())
            if known is not None:
                levels.setdefault(word.lower(), known)
                where.setdefault(word.lower(), sentence)
    level = _reached(list(levels.values()), rules.vocabulary)
    best = sorted(levels, key=lambda word: levels[word], reverse=True)
    counted = [word for word in best if levels[word] >= LEVELS.index(level)]
    return Reason(
        measure=Measure.VOCABULARY,
        level=level,
        value=len(counted),
        found=counted[:MOST_FOUND],
        quote=_quote(where[best[0]]) if best else None,
    )


def _tempo(answers: Sequence[Answer], rules: Rules) -> Reason | None:
    """Words a minute while speaking, longer pauses left out; None where nothing was spoken."""
    seconds = 0.0
    words = 0
    for answer in answers:
        if len(answer.times) < 2:
            continue
        words += len(answer.times)
        seconds += sum(end - start for start, end in answer.times)
        gaps = (after[0] - before[1] for before, after in pairwise(answer.times))
        seconds += sum(gap for gap in gaps if 0 < gap <= LONGEST_PAUSE_S)
    if seconds <= 0 or words < rules.least_words:
        return None
    value = 60 * words / seconds
    return Reason(measure=Measure.TEMPO, level=_at(value, rules.tempo), value=round(value))


def _reached(levels: Sequence[int], needed: int) -> Level:
    """The highest level that so many of these reach."""
    ranked = sorted(levels, reverse=True)
    return LEVELS[ranked[needed - 1]] if len(ranked) >= needed else Level.A1


@cache
def _analyzer() -> CEFRAnalyzer:
    return CEFRAnalyzer()


@cache
def _level_of_word(word: str) -> int | None:
    """Where a word is usually learned, as a place in `LEVELS` (B2 for later ones); None for unknown ones."""
    value = _analyzer().get_average_word_level_float(word)
    return None if value is None else max(0, min(int(value) - 1, len(LEVELS) - 1))


def _plain(sentence: str) -> str:
    return squeezed(written_out(sentence))


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1].rstrip()}…"
