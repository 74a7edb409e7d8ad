"""Drafting a lesson with a language model: it fills a schema, code makes a lesson of it and checks that.

What does not fit is sent back once, with what is wrong in plain words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

import prompts
from api.authoring.checking import Known, Problem, Weight, check
from api.authoring.keys import free_key, key_of
from api.authoring.templates import Wanted
from api.contract.lessons import Answer, LessonContent, StepKind, StepMode
from api.contract.levels import Level
from api.language_model import LanguageModel, LanguageModelError

PROMPT: Final = "authoring/model"
MAX_ANSWER_TOKENS: Final = 8_000
ANSWER_WITHIN_S: Final = 180.0
MOST_PROBLEMS_TOLD: Final = 20
_SECONDS: Final = (20, 900)
_MINUTES: Final = (2, 45)


class _Proposed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Phrase(_Proposed):
    text: str
    meaning: str
    example: str


class _Word(_Proposed):
    word: str
    meaning: str
    cefr: Level


class _Exchange(_Proposed):
    say: str
    easier: str
    nudge: str
    model: str
    otherwise: str
    wants: Answer


class _Criterion(_Proposed):
    says: str
    kind: Literal["phrase", "words", "length", "turns", "question"]
    phrases: list[str]
    words: list[str]
    at_least: int


class _Step(_Proposed):
    kind: StepKind
    mode: StepMode
    title: str
    instructions: str
    guidance: str
    seconds: int
    coach_role: str | None
    learner_role: str | None
    opinions: list[str]
    exchanges: list[_Exchange]
    criteria: list[_Criterion]


class Proposal(_Proposed):
    """What the model is asked for; what the author chose and what code can find out is not asked."""

    title: str
    goal: str
    phrases: list[_Phrase]
    vocabulary: list[_Word]
    steps: list[_Step]
    reflection: str


@dataclass(frozen=True)
class Passages:
    """A document's text as the model may see it."""

    title: str
    texts: Sequence[str]


class UnusableProposalError(Exception):
    """What the model proposed is no lesson, twice."""


async def propose(
    model: LanguageModel,
    wanted: Wanted,
    can_do: dict[str, str],
    documents: Sequence[Passages],
    known: Known,
) -> LessonContent:
    """Have a lesson drafted.

    Args:
        model: Who writes.
        wanted: What the author asked for.
        can_do: The chosen objectives in words, by key.
        documents: Passages of the chosen documents.
        known: What a lesson may name.

    Raises:
        LanguageModelError: It cannot be asked.
        UnusableProposalError: It answered twice with something that is no lesson.
    """
    prompt = prompts.load(PROMPT)
    told = f"{prompt.text('role')}\n{prompt.text('rules')}"
    material = _material(wanted, can_do, documents)
    answer, problems = await _ask(model, told, material, wanted, known)
    if not isinstance(answer, LessonContent):
        again = {**material, "your_last_answer": answer, "what_is_wrong": problems}
        answer, _ = await _ask(model, f"{told}\n{prompt.text('repair')}", again, wanted, known)
    if not isinstance(answer, LessonContent):
        raise UnusableProposalError
    return answer


async def _ask(
    model: LanguageModel, told: str, material: dict[str, Any], wanted: Wanted, known: Known
) -> tuple[LessonContent | str, list[str]]:
    """A lesson; or what was answered instead, and what is wrong with it."""
    try:
        proposal = await model.write(
            told, material, Proposal, max_tokens=MAX_ANSWER_TOKENS, timeout_s=ANSWER_WITHIN_S
        )
    except LanguageModelError as error:
        if error.answer is None:
            raise
        return error.answer, error.problems[:MOST_PROBLEMS_TOLD]
    lesson = _lesson(proposal, wanted)
    wrong = [one for one in check(lesson, known) if one.weight is Weight.ERROR]
    if wrong:
        return proposal.model_dump_json(), [_told(one) for one in wrong[:MOST_PROBLEMS_TOLD]]
    return LessonContent.model_validate(lesson), []


def _told(problem: Problem) -> str:
    return f"{problem.path or 'lesson'}: {problem.message}"


def _material(wanted: Wanted, can_do: dict[str, str], documents: Sequence[Passages]) -> dict[str, Any]:
    return {
        "level": wanted.level,
        "task": wanted.task,
        "topic": wanted.topic,
        "area": wanted.area,
        "title": wanted.title,
        "objectives": [can_do[key] for key in wanted.objectives if key in can_do],
        "words": list(wanted.words),
        "documents": [{"title": one.title, "passages": list(one.texts)} for one in documents],
    }


def _lesson(proposal: Proposal, wanted: Wanted) -> dict[str, Any]:
    """A proposal as a lesson: with keys, the author's choices, and times within bounds."""
    steps: list[dict[str, Any]] = []
    criteria: set[str] = set()
    for step in proposal.steps:
        key = free_key(step.title, [one["key"] for one in steps])
        shown = [_criterion(one, criteria) for one in step.criteria]
        fields = step.model_dump(mode="json", exclude={"criteria"})
        fields |= {"key": key, "seconds": _within(step.seconds, _SECONDS), "criteria": shown}
        steps.append(fields)
    title = wanted.title or proposal.title
    seconds = sum(step["seconds"] for step in steps)
    return {
        **proposal.model_dump(mode="json", include={"goal", "phrases", "vocabulary", "reflection"}),
        "key": key_of(title),
        "level": wanted.level,
        "title": title,
        "topic": wanted.topic,
        "area": wanted.area,
        "kind": wanted.kind,
        "task": wanted.task,
        "minutes": _within(-(-seconds // 60), _MINUTES),
        "objectives": list(wanted.objectives),
        "exam_tags": list(wanted.exam_tags),
        "steps": steps,
    }


def _criterion(one: _Criterion, taken: set[str]) -> dict[str, Any]:
    key = free_key(one.says, taken)
    taken.add(key)
    return {**one.model_dump(mode="json"), "key": key}


def _within(figure: int, bounds: tuple[int, int]) -> int:
    return max(bounds[0], min(bounds[1], figure))
