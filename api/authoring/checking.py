"""What stands against a lesson, for people: each problem with its place and a plain sentence.

An error keeps a lesson from being tried and published; advice does not.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError

from api.contract.lessons import Criterion, Exchange, LessonContent
from api.curriculum import content as contents
from api.curriculum.patterns import fault_of
from api.errors import InvalidError

MOST_PROBLEMS: Final = 60
_SECONDS_OFF: Final = 0.5
"""How far the steps' times together may be from the lesson's minutes, as a share of them."""


class Weight(StrEnum):
    """Whether a problem keeps a lesson from being used."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True)
class Problem:
    """Something at a place of a lesson, such as `steps.0.exchanges.2.say`; empty for the lesson itself."""

    path: str
    code: str
    message: str
    weight: Weight = Weight.ERROR
    limit: int | None = None
    """The figure that the message names."""


@dataclass(frozen=True)
class Known:
    """What a lesson may name."""

    objectives: Collection[str]
    pictures: Collection[str]


_BY_TYPE: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "This is missing."),
    "string_too_short": ("missing", "Write something here."),
    "string_too_long": ("too_long", "This is too long: at most {limit} characters."),
    "too_short": ("too_few", "Add at least {limit} here."),
    "too_long": ("too_many", "There are too many: at most {limit}."),
    "greater_than_equal": ("too_small", "At least {limit}."),
    "less_than_equal": ("too_large", "At most {limit}."),
    "enum": ("choose", "Choose one of the given values."),
    "literal_error": ("choose", "Choose one of the given values."),
    "string_pattern_mismatch": ("bad_key", "Only small letters, figures and hyphens."),
    "int_parsing": ("number", "Write a whole number."),
    "int_type": ("number", "Write a whole number."),
    "int_from_float": ("number", "Write a whole number."),
    "extra_forbidden": ("unknown_field", "This does not belong here."),
}
_UNREADABLE: Final = frozenset(
    {"string_type", "list_type", "dict_type", "model_type", "model_attributes_type", "extra_forbidden"}
)
_LIMITS: Final = ("max_length", "min_length", "ge", "le")
_BY_WORDS: Final[tuple[tuple[str, str, str], ...]] = (
    ("needs something to look for", "nothing_to_look_for", "Say what to listen for."),
    ("more words are asked for", "more_than_listed", "More words are asked for than are listed."),
    ("needs its content", "empty_visual", "Add what is to be shown."),
    ("unknown visual", "unknown_visual", "A step shows something that the lesson does not have."),
    (
        "names an objective",
        "foreign_objective",
        "A criterion is for an objective that the lesson does not have.",
    ),
    ("two of the kind", "double", "Two things have the same name."),
)


def check(content: Any, known: Known) -> list[Problem]:
    """Everything that stands against a lesson, errors first, in its order.

    Args:
        content: The lesson as it was written: JSON of a `LessonContent`, or on its way to one.
        known: What it may name.
    """
    try:
        lesson = LessonContent.model_validate(content)
    except ValidationError as error:
        return _of_shape(error)[:MOST_PROBLEMS]
    problems = [*_errors(lesson, known), *_advice(lesson)]
    return sorted(problems, key=lambda one: one.weight != Weight.ERROR)[:MOST_PROBLEMS]


def is_readable(content: Any) -> bool:
    """Whether something is a lesson on its way: much may be missing, but nothing is of another kind."""
    try:
        LessonContent.model_validate(content)
    except ValidationError as error:
        kinds = {
            one["type"] for one in error.errors(include_url=False, include_context=False, include_input=False)
        }
        return not kinds & _UNREADABLE
    return True


def has_errors(problems: Collection[Problem]) -> bool:
    """Whether one of the problems keeps a lesson from being used."""
    return any(one.weight is Weight.ERROR for one in problems)


def _of_shape(error: ValidationError) -> list[Problem]:
    return [
        _problem(one["type"], _path(one["loc"]), one.get("ctx", {}), one["msg"])
        for one in error.errors(include_url=False, include_input=False)
    ]


def _path(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place)


def _problem(kind: str, path: str, context: Mapping[str, Any], words: str) -> Problem:
    limit = next((context[name] for name in _LIMITS if isinstance(context.get(name), int)), None)
    if kind in _BY_TYPE:
        code, message = _BY_TYPE[kind]
        return Problem(path, code, message.format(limit=limit), limit=limit)
    for part, code, message in _BY_WORDS:
        if part in words:
            return Problem(path, code, message)
    if path.endswith((".pattern", ".if")):
        return Problem(path, "bad_pattern", "This pattern cannot be read.")
    return Problem(path, "invalid", "This cannot be used as it is.")


def _errors(lesson: LessonContent, known: Known) -> Iterator[Problem]:
    try:
        contents.require_plain(lesson)
    except InvalidError as error:
        details = error.details or [{"field": ""}]
        if error.code != "pattern_not_allowed":  # each of those is found below
            yield Problem(str(details[0]["field"]), error.code, error.message)
    for place, key in enumerate(lesson.objectives):
        if key not in known.objectives:
            yield Problem(f"objectives.{place}", "unknown_objective", "There is no such objective.")
    for place, visual in enumerate(lesson.visuals):
        if visual.picture is not None and visual.picture not in known.pictures:
            yield Problem(f"visuals.{place}.picture", "unknown_picture", "There is no such picture.")
    for path, pattern in _patterns(lesson):
        if fault_of(pattern):
            yield Problem(path, "wild_pattern", "This pattern could take too long. Use phrases or words.")


def _patterns(lesson: LessonContent) -> Iterator[tuple[str, str]]:
    for number, step in enumerate(lesson.steps):
        for place, criterion in enumerate(step.criteria):
            if criterion.pattern is not None:
                yield f"steps.{number}.criteria.{place}.pattern", criterion.pattern
        for place, exchange in enumerate(step.exchanges):
            for turn, reaction in enumerate(exchange.hear):
                yield f"steps.{number}.exchanges.{place}.hear.{turn}.if", reaction.when


def _advice(lesson: LessonContent) -> Iterator[Problem]:
    planned = sum(step.seconds for step in lesson.steps)
    if abs(planned - 60 * lesson.minutes) > _SECONDS_OFF * 60 * lesson.minutes:
        minutes = max(1, round(planned / 60))
        yield _note("minutes", "minutes_off", f"The steps take about {minutes} minutes together.", minutes)
    if not any(step.criteria for step in lesson.steps):
        yield _note("steps", "no_criteria", "No step says what the learner is to show.")
    for number, step in enumerate(lesson.steps):
        for place, exchange in enumerate(step.exchanges):
            for name, problem in _of_exchange(exchange):
                yield _note(f"steps.{number}.exchanges.{place}.{name}", *problem)
        answers = [one.model for one in step.exchanges]
        for place, criterion in enumerate(step.criteria):
            if not _is_shown(criterion, answers):
                yield _note(
                    f"steps.{number}.criteria.{place}",
                    "not_in_models",
                    "No model answer of this step shows it.",
                )


def _note(path: str, code: str, message: str, limit: int | None = None) -> Problem:
    return Problem(path, code, message, Weight.ADVICE, limit)


def _of_exchange(exchange: Exchange) -> Iterator[tuple[str, tuple[str, str]]]:
    if exchange.otherwise.rstrip().endswith("?"):
        yield "otherwise", ("asks", "What is said to any answer asks nothing; the next question follows.")
    if exchange.model.strip().lower() == exchange.nudge.strip().lower():
        yield "nudge", ("gives_away", "The first help is the model answer already.")


def _is_shown(criterion: Criterion, answers: list[str]) -> bool:
    """Whether model answers show a criterion, as far as that is plain; where it is not, they do."""
    looks: dict[str, Callable[[str], bool]] = {
        "phrase": lambda plain: any(_phrase(one, plain) for one in criterion.phrases),
        "words": lambda plain: any(_plain(one)[:4] in plain for one in criterion.words),
        "length": lambda plain: len(plain.split()) >= criterion.at_least,
    }
    look = looks.get(criterion.kind)
    return look is None or any(look(_plain(one)) for one in answers)


def _phrase(phrase: str, plain: str) -> bool:
    parts = [part for part in (_plain(one) for one in phrase.split("...")) if part]
    return all(part in plain for part in parts)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))
