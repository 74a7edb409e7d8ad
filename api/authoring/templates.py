"""Lessons made without a language model: a template a task kind, filled for a level with topic and material.

The templates stand in `prompts/authoring/`. What comes out is a whole `LessonContent` that can be walked: the
model answers of a step show all of its criteria. Words of documents stand in what is said, shown and asked,
never in the guidance that a language model is given.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from api.authoring.keys import key_of
from api.authoring.material import Excerpt, Material, word_level
from api.authoring.template_files import (
    LEVELS,
    Card,
    Criterion,
    Exchange,
    Figure,
    Present,
    ReadingStep,
    Step,
    Template,
    Words,
    at_level,
    document_template,
    shared,
    template_of,
)
from api.contract.lessons import MAX_EXCHANGES, Area, LessonContent, LessonKind, TaskKind
from api.contract.levels import Level

MOST_WORDS: Final = 12
"""Of a lesson's vocabulary that a template gives."""

_SLOT = re.compile(r"\{([a-z]+)\}")


class TooLittleTextError(ValueError):
    """The material has no sentence that a lesson could be about."""


@dataclass(frozen=True)
class Wanted:
    """What a lesson is to be."""

    level: Level
    task: TaskKind
    topic: str
    area: Area
    objectives: Sequence[str]
    title: str | None = None
    kind: LessonKind = LessonKind.LESSON
    exam_tags: Sequence[str] = ()
    words: Sequence[str] = ()
    """Words that the learners are to use."""
    material: Material = field(default_factory=lambda: Material(""))


def lesson_from_template(wanted: Wanted) -> LessonContent:
    """A lesson of a task kind at a level; with material, its text is read in it too."""
    return _Filling(wanted, template_of(wanted.task)).lesson()


def lesson_from_document(wanted: Wanted) -> LessonContent:
    """A lesson about a document: reading it, retelling it, having an opinion about it.

    Raises:
        TooLittleTextError: There is no sentence in it to talk about.
    """
    if not wanted.material.excerpts:
        raise TooLittleTextError
    return _Filling(wanted, document_template()).lesson()


class _Filling:
    """One template being filled."""

    def __init__(self, wanted: Wanted, template: Template) -> None:
        self._wanted = wanted
        self._template = template
        self._phrases = at_level(template.phrases, wanted.level)
        self._slots = {"topic": wanted.topic, "title": wanted.material.title or wanted.topic}

    def lesson(self) -> LessonContent:
        """The lesson, checked."""
        wanted, template = self._wanted, self._template
        title = wanted.title or self._text(template.title)
        steps = list(self._steps())
        return LessonContent.model_validate(
            {
                "key": key_of(title),
                "level": wanted.level,
                "title": title,
                "topic": self._text(template.topic),
                "area": wanted.area,
                "kind": wanted.kind,
                "task": wanted.task,
                "goal": self._text(template.goal),
                "minutes": max(2, -(-sum(step["seconds"] for step in steps) // 60)),
                "objectives": list(wanted.objectives),
                "exam_tags": list(wanted.exam_tags),
                "phrases": [
                    {"text": text, "meaning": meaning, "example": example}
                    for text, meaning, example in self._phrases
                ],
                "vocabulary": list(self._vocabulary()),
                "visuals": list(self._visuals()),
                "steps": steps,
                "reflection": self._text(template.reflection),
            }
        )

    def _text(self, words: Words, **slots: str) -> str:
        """A text for the level with its slots filled; what is filled in is never read for slots again."""
        text = words if isinstance(words, str) else at_level(words, self._wanted.level)
        known = {**self._slots, **slots}
        return _SLOT.sub(lambda slot: known[slot[1]], text)

    def _figure(self, figure: Figure) -> int:
        return figure if isinstance(figure, int) else at_level(figure, self._wanted.level)

    def _vocabulary(self) -> Iterator[dict[str, Any]]:
        wanted = self._wanted
        excerpts = [(one.key, f"in the text: {one.sentence}") for one in wanted.material.excerpts]
        own = [(word, self._text("a word for {topic}")) for word in wanted.words]
        seen: set[str] = set()
        for word, meaning in [*own, *excerpts]:
            if word.lower() not in seen and len(word) <= 64:
                seen.add(word.lower())
                yield {"word": word, "meaning": meaning, "cefr": word_level(word, wanted.level)}
        near = LEVELS[max(0, LEVELS.index(wanted.level) - 1) : LEVELS.index(wanted.level) + 1]
        ready = [one for one in self._template.vocabulary if one[2] in near and one[0] not in seen]
        for word, meaning, cefr in ready[: max(0, MOST_WORDS - len(seen))]:
            yield {"word": word, "meaning": meaning, "cefr": cefr}

    def _visuals(self) -> Iterator[dict[str, Any]]:
        if self._wanted.material.excerpts:
            card = shared().reading.card
            yield self._card(card, [one.sentence for one in self._wanted.material.excerpts])
        if self._template.visual is not None:
            yield self._card(self._template.visual, self._template.visual.lines)

    def _card(self, card: Card, lines: Sequence[str]) -> dict[str, Any]:
        return {
            "key": card.key,
            "kind": "card",
            "title": self._text(card.title),
            "description": self._text(card.description),
            "lines": list(lines),
        }

    def _steps(self) -> Iterator[dict[str, Any]]:
        common = shared()
        for step in self._template.steps:
            if step.use == "present":
                yield self._present(common.present)
            elif step.use == "reading":
                if self._wanted.material.excerpts:
                    yield self._reading(common.reading)
            elif step.use is not None:
                base: Step = getattr(common, step.use)
                yield self._step(base, step.exchanges or base.exchanges)
            else:
                yield self._step(step, step.exchanges)

    def _step(self, step: Step, exchanges: Sequence[Exchange]) -> dict[str, Any]:
        shows_text = step.card and self._wanted.material.excerpts
        return {
            **self._head(step),
            "mode": step.mode,
            "visual": shared().reading.card.key if shows_text else step.visual,
            "coach_role": step.coach_role,
            "learner_role": step.learner_role,
            "opinions": list(at_level(step.opinions, self._wanted.level)) if step.opinions else [],
            "exchanges": [
                self._exchange(one, **self._around(number)) for number, one in enumerate(exchanges)
            ],
            "criteria": [self._criterion(one) for one in step.criteria],
        }

    def _head(self, step: Step | Present | ReadingStep) -> dict[str, Any]:
        return {
            "key": step.key,
            "kind": step.kind,
            "title": self._text(step.title),
            "instructions": self._text(step.instructions),
            "guidance": step.guidance,
            "seconds": self._figure(step.seconds),
        }

    def _around(self, number: int) -> dict[str, str]:
        """The slots of the exchange with this number: the excerpts in turn, and a phrase's example."""
        slots = {"example": self._phrases[0][2]}
        excerpts = self._wanted.material.excerpts
        if excerpts:
            here, other = excerpts[number % len(excerpts)], excerpts[(number + 1) % len(excerpts)]
            slots |= {"key": here.about, "sentence": here.sentence, "other": other.about}
        return slots

    def _exchange(self, one: Exchange, **slots: str) -> dict[str, Any]:
        texts = {
            name: self._text(getattr(one, name), **slots)
            for name in ("say", "easier", "nudge", "model", "wants", "otherwise")
        }
        hear = [
            {"if": reaction.heard, "say": reaction.say}
            for reaction in one.hear
            if self._wanted.level in reaction.levels
        ]
        return {**texts, "hear": hear}

    def _present(self, step: Present) -> dict[str, Any]:
        exchanges = [
            self._exchange(
                step.exchange,
                phrase=text.strip(". "),
                example=example,
                begin=" ".join(example.split()[:2]).rstrip(".,"),
            )
            for text, _, example in self._phrases
        ]
        criterion = {
            "key": "say-phrase",
            "kind": "phrase",
            "says": self._text(step.criterion),
            "phrases": [text for text, _, _ in self._phrases],
        }
        return {**self._head(step), "exchanges": exchanges[:MAX_EXCHANGES], "criteria": [criterion]}

    def _reading(self, step: ReadingStep) -> dict[str, Any]:
        excerpts: Sequence[Excerpt] = self._wanted.material.excerpts[: self._figure(step.most)]
        exchanges = [
            self._exchange(step.exchanges[number % len(step.exchanges)], key=one.about, sentence=one.sentence)
            for number, one in enumerate(excerpts)
        ]
        criterion = {
            "key": "from-text",
            "kind": "words",
            "says": step.criterion.says,
            "words": [one.key for one in excerpts],
            "at_least": min(self._figure(step.criterion.at_least), len(excerpts)),
        }
        return {
            **self._head(step),
            "visual": step.card.key,
            "exchanges": exchanges,
            "criteria": [criterion],
        }

    def _criterion(self, one: Criterion) -> dict[str, Any]:
        at_least = self._figure(one.at_least)
        shape: dict[str, Any] = {"key": one.key, "kind": one.kind, "says": self._text(one.says)}
        if one.source == "phrases":
            return {**shape, "phrases": [text for text, _, _ in self._phrases]}
        if one.source == "keys":
            words = [excerpt.key for excerpt in self._wanted.material.excerpts]
            return {**shape, "words": words, "at_least": min(at_least, len(words))}
        return {**shape, "phrases": one.phrases, "at_least": at_least}
