"""The templates of `prompts/authoring/` as they are written: what their files may hold, and reading them."""

from collections.abc import Mapping
from functools import cache
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field

import prompts
from api.contract.lessons import StepKind, StepMode, TaskKind
from api.contract.levels import Level

SHARED: Final = "authoring/shared"
FROM_DOCUMENT: Final = "authoring/from_document"
LEVELS: Final = list(Level)

Value = TypeVar("Value")
Words = str | dict[Level, str]
"""A text for all levels, or one a level; a level without its own takes the next lower one's."""
Figure = int | dict[Level, int]


class Part(BaseModel):
    """Base of all parts of a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reaction(Part):
    """What the coach says where something is heard; at some levels only."""

    heard: str = Field(alias="if")
    say: str
    levels: list[Level] = LEVELS


class Exchange(Part):
    """An exchange with its slots."""

    say: Words
    easier: Words
    nudge: Words
    model: Words
    wants: Words
    otherwise: Words
    hear: list[Reaction] = []


class Criterion(Part):
    """Something that the learner shows."""

    key: str
    kind: str
    says: Words
    phrases: list[str] = []
    source: str | None = Field(default=None, alias="from")
    """Where it takes what it looks for: the lesson's `phrases`, or the `keys` of the material."""
    at_least: Figure = 1


class Card(Part):
    """A card that is shown, with its lines or those of the text."""

    key: str = "text"
    title: str
    description: str
    lines: list[str] = []


class Reading(Part):
    """What is to be shown of the reading."""

    says: str
    at_least: Figure


class Step(Part):
    """A step of a template."""

    use: str | None = None
    """The shared step that stands here; `exchanges` then take the place of its own."""
    key: str = ""
    kind: StepKind = StepKind.TASK
    title: Words = ""
    instructions: Words = ""
    guidance: str = ""
    mode: StepMode = StepMode.INDIVIDUAL
    seconds: Figure = 60
    visual: str | None = None
    card: bool = False
    """Whether the sentences of the text are shown beside it."""
    coach_role: str | None = None
    learner_role: str | None = None
    opinions: dict[Level, list[str]] = {}
    exchanges: list[Exchange] = []
    criteria: list[Criterion] = []


class Present(Part):
    """The step in which the phrases are tried, one an exchange."""

    key: str
    kind: StepKind
    title: Words
    instructions: Words
    guidance: str
    seconds: Figure
    criterion: Words
    exchange: Exchange


class ReadingStep(Part):
    """The step in which a text is read, one of its sentences an exchange."""

    key: str
    kind: StepKind
    title: Words
    instructions: Words
    guidance: str
    seconds: Figure
    most: Figure
    card: Card
    criterion: Reading
    exchanges: list[Exchange]


class Shared(Part):
    """What all templates have in common."""

    version: int
    warm_up: Step
    present: Present
    reading: ReadingStep
    wrap_up: Step


class Template(Part):
    """A file of `prompts/authoring/` that a lesson is made from."""

    version: int
    title: str
    topic: str = "{topic}"
    goal: Words
    reflection: Words
    phrases: dict[Level, list[tuple[str, str, str]]]
    vocabulary: list[tuple[str, str, Level]] = []
    objectives: dict[Level, list[str]] = {}
    """What it serves where nobody chooses."""
    visual: Card | None = None
    steps: list[Step]


def template_of(task: TaskKind) -> Template:
    """The template of a task kind."""
    return _load(f"authoring/{task.value}")


def document_template() -> Template:
    """The template of the quick lesson."""
    return _load(FROM_DOCUMENT)


@cache
def _load(name: str) -> Template:
    return prompts.load(name).parse(Template)


@cache
def shared() -> Shared:
    """What all templates have in common."""
    return prompts.load(SHARED).parse(Shared)


def at_level(values: Mapping[Level, Value], level: Level) -> Value:
    """What stands for a level: its own, or that of the next lower level that has one."""
    lower = [one for one in reversed(LEVELS[: LEVELS.index(level) + 1]) if one in values]
    return values[lower[0] if lower else next(one for one in LEVELS if one in values)]
