"""A lesson as the API plans it, the agent holds it and the curriculum's files spell it.

A lesson is one plan for one call: ordered steps, each a few exchanges that the coach leads without a language
model, and criteria that code can check in the learner's own words. A language model is told the same plan and
speaks freely within it; code alone decides what was met and when a step ends.

Texts are in English at the lesson's level. Patterns are regular expressions over plain text: lower case, no
punctuation, contractions written out ("i am", "do not"), matched between word boundaries.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.contract.levels import Level

MAX_STEPS = 12
MAX_EXCHANGES = 12
MAX_PATTERN = 600


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=64)]
"""Name of a thing within its lesson or of a lesson within its organisation: words joined by hyphens."""

Line = Annotated[str, Field(min_length=1, max_length=400)]
Pattern = Annotated[str, Field(min_length=1, max_length=MAX_PATTERN), AfterValidator(_compiles)]


class Skill(StrEnum):
    """What a learner does with the language, by the CEFR's four modes."""

    RECEPTION = "reception"
    PRODUCTION = "production"
    INTERACTION = "interaction"
    MEDIATION = "mediation"


class LessonKind(StrEnum):
    """What a lesson is: a lesson, a situation to act, or practice of one part of an oral exam."""

    LESSON = "lesson"
    SCENARIO = "scenario"
    EXAM_PART = "exam_part"


class TaskKind(StrEnum):
    """The kind of oral task at the lesson's heart."""

    INTRODUCE_YOURSELF = "introduce_yourself"
    DESCRIBE_PICTURE = "describe_picture"
    EXCHANGE_VIEWS = "exchange_views"
    DEFEND_POSITION = "defend_position"
    ROLE_PLAY = "role_play"
    TELL_STORY = "tell_story"
    EXPLAIN = "explain"


class Area(StrEnum):
    """Where in life the lesson's topic belongs."""

    EVERYDAY = "everyday"
    WORK = "work"
    STUDY = "study"


class StepKind(StrEnum):
    """What a step is for."""

    WARM_UP = "warm_up"
    PRESENT = "present"
    PRACTISE = "practise"
    TASK = "task"
    WRAP_UP = "wrap_up"


class StepMode(StrEnum):
    """Whether the learner speaks alone or with a partner, whom the coach plays."""

    INDIVIDUAL = "individual"
    PAIR = "pair"


Answer = Literal["phrase", "fact", "yes_no", "choice", "reason", "list", "long", "question", "repeat"]
"""Shape of an answer."""


class Phrase(_Content):
    """A phrase to learn, as it is said, with its meaning and one example."""

    text: Line
    meaning: Line
    example: Line


class VocabularyItem(_Content):
    """A word to learn. `cefr` is the level at which learners usually meet it."""

    word: Annotated[str, Field(min_length=1, max_length=64)]
    meaning: Line
    cefr: Level


class Visual(_Content):
    """Something shown beside the conversation; on the phone its `description` is said instead.

    A picture names a file of `prompts/curriculum/pictures/` without its ending; a table has rows whose first
    one is the heading; a card has lines.
    """

    key: Key
    kind: Literal["picture", "table", "card"]
    title: Line
    description: Annotated[str, Field(min_length=1, max_length=800)]
    picture: Key | None = None
    rows: Annotated[list[list[Annotated[str, Field(max_length=120)]]], Field(max_length=12)] = []
    lines: Annotated[list[Line], Field(max_length=12)] = []

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        held = {"picture": self.picture, "table": self.rows, "card": self.lines}[self.kind]
        if not held:
            raise ValueError(f"a {self.kind} needs its content")
        return self


class Criterion(_Content):
    """Something that the learner shows by speaking; checked by code over what was said in the step.

    - `phrase`: one of `phrases` was said; `...` in one stands for up to six words.
    - `pattern`: `pattern` was found `at_least` times in the learner's turns of the step.
    - `words`: `at_least` different words of `words` (in any of their forms) were used.
    - `length`: one turn had `at_least` words.
    - `turns`: the learner took `at_least` turns in the step.
    - `question`: the learner asked `at_least` questions.
    """

    key: Key
    says: Line
    """What it asks, to the learner: "Say where you are from"."""
    kind: Literal["phrase", "pattern", "words", "length", "turns", "question"]
    phrases: Annotated[list[Line], Field(max_length=20)] = []
    pattern: Pattern | None = None
    words: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=60)] = []
    at_least: int = Field(default=1, ge=1, le=200)
    objective: Key | None = None
    """The objective it is evidence for; the lesson's first one where absent."""

    @model_validator(mode="after")
    def _can_be_checked(self) -> Self:
        needed = {"phrase": self.phrases, "pattern": self.pattern, "words": self.words}
        if self.kind in needed and not needed[self.kind]:
            raise ValueError(f"a criterion of kind {self.kind} needs something to look for")
        if self.kind == "words" and self.at_least > len(self.words):
            raise ValueError("more words are asked for than there are")
        return self


class Reaction(_Content):
    """What the coach says when `pattern` is heard in the answer. `{0}` ... stand for its groups."""

    when: Pattern = Field(alias="if")
    say: Line

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Exchange(_Content):
    """One thing that the coach says and what may come back.

    `nudge` and `model` are the first two rungs of the ladder of hints; the third, a translation, needs a
    language model. Where no reaction fits, `otherwise` acknowledges any answer; it asks nothing.
    """

    say: Annotated[str, Field(min_length=1, max_length=600)]
    easier: Line
    """The same in simpler words: said when the learner did not understand, or asks for it slower."""
    nudge: Line
    model: Line
    """A good answer, as the learner might say it."""
    hear: Annotated[list[Reaction], Field(max_length=12)] = []
    otherwise: Line
    wants: Literal["phrase", "fact", "yes_no", "choice", "reason", "list", "long", "question", "repeat"] = (
        "fact"
    )
    """The shape of the answer, which says how long the coach waits."""


class Step(_Content):
    """A part of a lesson. The step ends when its exchanges are through, or when its time is up."""

    key: Key
    kind: StepKind
    title: Line
    instructions: Line
    """What to do, to the learner, on the screen."""
    guidance: Annotated[str, Field(min_length=1, max_length=800)]
    """What happens here and how the coach leads it, to a language model."""
    mode: StepMode = StepMode.INDIVIDUAL
    seconds: int = Field(ge=20, le=900)
    """Time meant for it."""
    visual: Key | None = None
    coach_role: Line | None = None
    learner_role: Line | None = None
    opinions: Annotated[list[Line], Field(max_length=8)] = []
    """What the partner whom the coach plays thinks; for pair tasks."""
    exchanges: Annotated[list[Exchange], Field(min_length=1, max_length=MAX_EXCHANGES)]
    criteria: Annotated[list[Criterion], Field(max_length=8)] = []


class LessonContent(_Content):
    """A whole lesson."""

    key: Key
    level: Level
    title: Line
    topic: Line
    area: Area
    kind: LessonKind = LessonKind.LESSON
    task: TaskKind
    goal: Line
    """What the learner can do afterwards, beginning with "You can"."""
    minutes: int = Field(ge=2, le=45)
    objectives: Annotated[list[Key], Field(min_length=1, max_length=6)]
    exam_tags: Annotated[list[Key], Field(max_length=6)] = []
    phrases: Annotated[list[Phrase], Field(max_length=12)] = []
    vocabulary: Annotated[list[VocabularyItem], Field(max_length=24)] = []
    visuals: Annotated[list[Visual], Field(max_length=6)] = []
    steps: Annotated[list[Step], Field(min_length=1, max_length=MAX_STEPS)]
    reflection: Line
    """The last question of the lesson: what was learned."""

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> Self:
        _refuse_doubles("step", [step.key for step in self.steps])
        _refuse_doubles("visual", [visual.key for visual in self.visuals])
        _refuse_doubles("criterion", [one.key for step in self.steps for one in step.criteria])
        shown = {visual.key for visual in self.visuals}
        unknown = {step.visual for step in self.steps if step.visual} - shown
        if unknown:
            raise ValueError(f"unknown visual {sorted(unknown)[0]}")
        strange = {one.objective for step in self.steps for one in step.criteria if one.objective}
        if strange - set(self.objectives):
            raise ValueError("a criterion names an objective that the lesson does not have")
        return self


def _refuse_doubles(what: str, keys: list[str]) -> None:
    double = next((key for key in keys if keys.count(key) > 1), None)
    if double:
        raise ValueError(f"two of the kind {what} are called {double}")


class Support(StrEnum):
    """How much the coach helps in a lesson; moved by the difficulty rule."""

    MORE = "more"
    USUAL = "usual"
    LESS = "less"


class LessonProgress(BaseModel):
    """Where an attempt stands, so that another call, or another worker, goes on from there."""

    model_config = ConfigDict(extra="forbid")

    step: int = Field(default=0, ge=0, le=MAX_STEPS)
    """Index of the step to go on with; the number of steps when all are through."""
    exchange: int = Field(default=0, ge=0, le=MAX_EXCHANGES)
    """Index of the exchange to go on with; the number of the step's exchanges when all are done."""
    met: list[Key] = []
    """Criteria met so far."""
    skipped: list[Key] = []
    """Steps that the learner skipped."""


class LessonPlan(BaseModel):
    """The lesson of a call."""

    model_config = ConfigDict(extra="forbid")

    attempt_id: UUID
    lesson_id: UUID
    version: int = Field(ge=1)
    content: LessonContent
    progress: LessonProgress = LessonProgress()
    support: Support = Support.USUAL
    draft: bool = False
    """An author tries a draft: nothing of it counts."""
    from_documents: bool = False
    """It is made from documents: what it quotes of them is named as a source."""


class LessonEventKind(StrEnum):
    """What happened in a lesson."""

    STARTED = "started"
    STEP_STARTED = "step_started"
    EXCHANGE_DONE = "exchange_done"
    CRITERION_MET = "criterion_met"
    HINT_GIVEN = "hint_given"
    REPEATED = "repeated"
    SLOWED = "slowed"
    STEP_SKIPPED = "step_skipped"
    STEP_FINISHED = "step_finished"
    SUPPORT_CHANGED = "support_changed"
    COMPLETED = "completed"
    STOPPED = "stopped"


class LessonEvent(BaseModel):
    """One event of an attempt, as the agent keeps it in its outbox; `number` counts within the call."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=0, le=100_000_000_000)
    kind: LessonEventKind
    at: AwareDatetime
    step: Key | None = None
    exchange: int | None = Field(default=None, ge=0, le=MAX_EXCHANGES)
    criterion: Key | None = None
    item_id: Annotated[str, Field(max_length=64)] | None = None
    """The learner's turn that it rests on."""
    support: Support | None = None
    reason: Annotated[str, Field(max_length=200)] | None = None
    """Why, in plain words: the difficulty rule explains itself."""


class AppendLessonEvents(BaseModel):
    """Body of `POST /agent/calls/{call_id}/lesson`; idempotent on (call, number).

    Answers `LessonEventsAppended`; 403 `lesson_of_another` where the attempt is not the call's.
    """

    model_config = ConfigDict(extra="forbid")

    attempt_id: UUID
    events: Annotated[list[LessonEvent], Field(min_length=1, max_length=100)]


class RefusedEvent(BaseModel):
    """An event that does not fit the lesson; sending it again changes nothing.

    Codes: `unknown_step`, `unknown_exchange`, `unknown_criterion`, `incomplete` (the kind needs a field that
    is absent).
    """

    number: int
    code: str


class LessonEventsAppended(BaseModel):
    """Answer to appending events: how many were new and kept before, and which were refused, one by one."""

    added: int
    already_kept: int
    refused: list[RefusedEvent] = []


class StepView(BaseModel):
    """One step as the learner's screen shows it."""

    key: Key
    title: str
    kind: StepKind
    state: Literal["coming", "running", "done", "skipped"]


class CriterionView(BaseModel):
    """One criterion of the running step as the learner's screen shows it."""

    key: Key
    says: str
    met: bool


class LessonView(BaseModel):
    """Where the lesson stands, for the learner's screen."""

    title: str
    goal: str
    steps: list[StepView]
    instructions: str | None = None
    """Of the running step; absent when the lesson is over."""
    criteria: list[CriterionView] = []
    phrases: list[str] = []
    support: Support = Support.USUAL
    state: Literal["running", "completed", "stopped"] = "running"
