"""A mock oral exam as its template spells it, its clock, and what agent, API and screen tell one another.

A template has parts in a fixed order, each with a pool of tasks of which an attempt draws one. A part passes
through phases of fixed length: the examiner's words that set the task, silent preparation where there is
some, and speaking. Where the exam stands is a pure function of the template's lengths, the learner's extra
time and the events that the API keeps (`ExamClock`): neither the examiner nor a language model can move it,
and a browser that was reloaded, another worker or another device sees the same.

The clock stands still while the learner or the examiner is out of the room, except in preparation, whose time
nobody may gain by leaving, and never longer in all than `AWAY_LIMIT_S`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.contract.lessons import Key, Line, Visual
from api.contract.levels import Level

MAX_PARTS: Final = 8
MAX_TASKS: Final = 24
MAX_EVENTS: Final = 1_000

AWAY_LIMIT_S: Final = 600
"""How long the clock of one attempt may stand still in all, in seconds; beyond that it runs on."""


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dimension(StrEnum):
    """What is judged, each by itself."""

    FLUENCY = "fluency"
    PRONUNCIATION = "pronunciation"
    GRAMMAR = "grammar"
    VOCABULARY = "vocabulary"
    COHERENCE = "coherence"


class PartKind(StrEnum):
    """What the learner does in a part."""

    INTERVIEW = "interview"
    """Answers the examiner's questions about themselves."""
    LONG_TURN = "long_turn"
    """Speaks alone for a minute or two; never cut before the time."""
    PAIR = "pair"
    """Solves a task with the other candidate, whom the coach plays."""
    DISCUSSION = "discussion"
    """Gives and defends opinions on the examiner's questions."""


class ExamTask(_Content):
    """One task of a part's pool."""

    key: Key
    title: Line
    topic: Line
    begin: Annotated[list[Line], Field(min_length=1, max_length=8)]
    """What the examiner says to set it, sentence by sentence; spoken in the phase `instructions`."""
    instructions: Line
    """What to do, on the screen."""
    questions: Annotated[list[Line], Field(max_length=16)] = []
    """What the examiner asks (in a pair task: what the other candidate brings up), in this order."""
    prompts: Annotated[list[Line], Field(max_length=8)] = []
    """All the help that the examiner may give to a learner who says nothing: "Can you tell me more?"."""
    visuals: Annotated[list[Visual], Field(max_length=3)] = []
    points: Annotated[list[Line], Field(max_length=6)] = []
    """What the task asks to speak about, on the screen."""
    words: Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=5, max_length=60)]
    """Words that an answer to this task is likely to hold (base forms): how relevance is judged."""
    opinions: Annotated[list[Line], Field(max_length=10)] = []
    """What the other candidate thinks, at the learner's level; for pair tasks."""


class ExamPart(_Content):
    """A part of the exam. Lengths in seconds; extra time stretches `preparation_s` and `speaking_s`."""

    key: Key
    kind: PartKind
    title: Line
    scored: bool
    """False for a warm-up."""
    follows: Key | None = None
    """An earlier part whose task this one goes on with: the task of the same key is taken, none is drawn."""
    instructions_s: int = Field(ge=3, le=90)
    preparation_s: int = Field(default=0, ge=0, le=300)
    speaking_s: int = Field(ge=20, le=600)
    dimensions: Annotated[list[Dimension], Field(max_length=5)] = list(Dimension)
    end: Line
    """What the examiner says when the time is up: "Thank you."."""
    tasks: Annotated[list[ExamTask], Field(min_length=1, max_length=MAX_TASKS)]

    @property
    def is_pair(self) -> bool:
        """Whether the coach plays another candidate in it."""
        return self.kind is PartKind.PAIR

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> Self:
        keys = [task.key for task in self.tasks]
        if len(set(keys)) != len(keys):
            raise ValueError(f"two tasks of the part {self.key} have one key")
        if self.is_pair and any(not task.opinions for task in self.tasks):
            raise ValueError("the other candidate needs opinions")
        return self


class ExamContent(_Content):
    """A whole template."""

    key: Key
    title: Line
    description: Annotated[str, Field(min_length=1, max_length=800)]
    from_level: Level
    target_level: Level
    """The level whose readiness is judged."""
    on_phone: bool = False
    """Whether it can be sat without a screen."""
    welcome: Annotated[list[Line], Field(min_length=1, max_length=6)]
    """The examiner's first words, said in the first part's `instructions` before its task."""
    goodbye: Annotated[list[Line], Field(min_length=1, max_length=4)]
    parts: Annotated[list[ExamPart], Field(min_length=1, max_length=MAX_PARTS)]

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> Self:
        keys = [part.key for part in self.parts]
        if len(set(keys)) != len(keys):
            raise ValueError("two parts have one key")
        for place, part in enumerate(self.parts):
            followed = next((one for one in self.parts[:place] if one.key == part.follows), None)
            if part.follows and followed is None:
                raise ValueError(f"the part {part.key} follows no earlier part")
            if followed and {one.key for one in followed.tasks} != {one.key for one in part.tasks}:
                raise ValueError(f"the part {part.key} has other tasks than the one that it follows")
        if not any(part.scored for part in self.parts):
            raise ValueError("no part is scored")
        return self


# The clock.


class PhaseKind(StrEnum):
    """What happens in a phase of a part."""

    INSTRUCTIONS = "instructions"
    PREPARATION = "preparation"
    SPEAKING = "speaking"


class Phase(BaseModel):
    """A stretch of an attempt whose length is fixed before it begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: Key
    kind: PhaseKind
    seconds: float = Field(gt=0)


class ExamEventKind(StrEnum):
    """What moves the clock. `STARTED` comes once, first."""

    STARTED = "started"
    LEFT = "left"
    """The learner or the examiner is out of the room."""
    RETURNED = "returned"
    DONE = "done"
    """The learner says that they have finished this phase before its time (preparation or a long turn)."""
    STOPPED = "stopped"
    """The learner gave the exam up."""


class ExamEvent(BaseModel):
    """One event of an attempt as the API keeps it; `number` counts within the attempt."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int = Field(ge=0, le=MAX_EVENTS)
    kind: ExamEventKind
    at: AwareDatetime
    phase: int | None = Field(default=None, ge=0)
    """With `DONE`: the index of the phase that is finished; a later phase is never skipped by it."""


@dataclass(frozen=True)
class ExamPosition:
    """Where an attempt stands at one moment.

    `phase` is the index in the schedule, None before the start and after the end. `elapsed` and `remaining`
    are seconds of the running phase. `paused` while the clock stands still.
    """

    state: Literal["waiting", "running", "finished", "stopped"]
    phase: int | None
    elapsed: float
    remaining: float
    paused: bool


def schedule_of(content: ExamContent, *, extra_time: float = 0.0) -> list[Phase]:
    """The phases of a template in order; `extra_time` of 0.25 gives a quarter more to prepare and speak."""
    phases = []
    for part in content.parts:
        phases.append(Phase(part=part.key, kind=PhaseKind.INSTRUCTIONS, seconds=part.instructions_s))
        if part.preparation_s:
            seconds = part.preparation_s * (1 + extra_time)
            phases.append(Phase(part=part.key, kind=PhaseKind.PREPARATION, seconds=seconds))
        speaking = part.speaking_s * (1 + extra_time)
        phases.append(Phase(part=part.key, kind=PhaseKind.SPEAKING, seconds=speaking))
    return phases


class ExamClock:
    """The clock of one attempt: a pure function of its schedule and its events.

    `at(now)` says where it stands, `boundary(now)` when the running phase ends if nothing happens.
    """

    def __init__(self, schedule: Sequence[Phase], events: Sequence[ExamEvent]) -> None:
        self.schedule = list(schedule)
        self.events = sorted(events, key=lambda event: event.number)

    def at(self, now: datetime) -> ExamPosition:
        """Where the attempt stands at a moment not before its last event."""
        raise NotImplementedError  # the clock's owner

    def boundary(self, now: datetime) -> datetime | None:
        """When the running phase ends if nothing happens; None while paused, before and after."""
        place = self.at(now)
        if place.state != "running" or place.paused:
            return None
        return now + timedelta(seconds=place.remaining)


# What is told.


class DrawnTask(BaseModel):
    """The task that an attempt drew for a part."""

    model_config = ConfigDict(extra="forbid")

    part: Key
    task: Key


class ExamPlan(BaseModel):
    """The exam of a call, in `CallBrief.exam`. `time_scale` shortens every length for tests alone."""

    model_config = ConfigDict(extra="forbid")

    attempt_id: UUID
    version: int = Field(ge=1)
    content: ExamContent
    """Each part holds the one task that was drawn."""
    schedule: list[Phase]
    """With extra time and scale in it."""
    events: list[ExamEvent] = []
    now: AwareDatetime
    """The API's time when it answered, by which the worker sets its clock."""


class AppendExamEvents(BaseModel):
    """Body of `POST /agent/calls/{call_id}/exam`; idempotent on (attempt, number).

    Answers `ExamEventsAppended`.
    """

    model_config = ConfigDict(extra="forbid")

    attempt_id: UUID
    events: Annotated[list[ExamEvent], Field(min_length=1, max_length=100)]


class ExamEventsAppended(BaseModel):
    """How many events were new; the others were kept already, or came after the end."""

    added: int
    already_kept: int


class ExamPartView(BaseModel):
    """One part as the learner's screen shows it."""

    key: Key
    title: str
    kind: PartKind
    scored: bool
    state: Literal["coming", "running", "done"]


class ExamView(BaseModel):
    """Where the exam stands, for the learner's screen; it counts `remaining_s` down by a steady clock."""

    attempt_id: UUID
    title: str
    state: Literal["waiting", "running", "finished", "stopped"]
    parts: list[ExamPartView]
    phase: PhaseKind | None = None
    phase_index: int | None = None
    remaining_s: float = 0.0
    length_s: float = 0.0
    paused: bool = False
    task_title: str | None = None
    instructions: str | None = None
    points: list[str] = []
    may_finish: bool = False
    """Whether the learner may say that they are done with this phase."""
