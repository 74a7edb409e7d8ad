"""A mock oral exam as its template spells it, and what agent, API and screen tell one another.

A template has parts in a fixed order, each with a pool of tasks of which an attempt draws one. A part passes
through phases of fixed length: the examiner's words that set the task, silent preparation where there is
some, and speaking. Where the exam stands is a pure function of the template's lengths, the learner's extra
time and the events that the API keeps (`api.contract.exam_clock`): neither the examiner nor a language model
can move it, and a browser that was reloaded, another worker or another device sees the same.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.contract.exam_clock import (
    AWAY_LIMIT_S,
    MAX_EVENTS,
    ExamClock,
    ExamEvent,
    ExamEventKind,
    ExamPosition,
    ExamState,
    Phase,
    PhaseKind,
    PhaseSpan,
)
from api.contract.lessons import Key, Line, Visual
from api.contract.levels import Level

__all__ = [
    "AWAY_LIMIT_S",
    "MAX_EVENTS",
    "MAX_PARTS",
    "MAX_TASKS",
    "AppendExamEvents",
    "Dimension",
    "DrawnTask",
    "ExamClock",
    "ExamContent",
    "ExamEvent",
    "ExamEventKind",
    "ExamEventsAppended",
    "ExamPart",
    "ExamPartView",
    "ExamPlan",
    "ExamPosition",
    "ExamState",
    "ExamTask",
    "ExamView",
    "PartKind",
    "Phase",
    "PhaseKind",
    "PhaseSpan",
    "begun_parts",
    "part_views",
    "schedule_of",
    "view_of",
]

MAX_PARTS: Final = 8
MAX_TASKS: Final = 24


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


def schedule_of(content: ExamContent, *, extra_time: float = 0.0, time_scale: float = 1.0) -> list[Phase]:
    """The phases of a template in order.

    Args:
        content: The template.
        extra_time: Share by which preparing and speaking are longer: 0.25 gives a quarter more.
        time_scale: What every length is multiplied by; 1 but in tests.
    """
    phases = []
    for part in content.parts:
        lengths = {
            PhaseKind.INSTRUCTIONS: float(part.instructions_s),
            PhaseKind.PREPARATION: part.preparation_s * (1 + extra_time),
            PhaseKind.SPEAKING: part.speaking_s * (1 + extra_time),
        }
        phases += [
            Phase(part=part.key, kind=kind, seconds=seconds * time_scale, may_finish=_may_finish(part, kind))
            for kind, seconds in lengths.items()
            if seconds
        ]
    return phases


def _may_finish(part: ExamPart, kind: PhaseKind) -> bool:
    """Preparation, and the speaking of who speaks alone; what is talked through with others has its time."""
    return kind is PhaseKind.PREPARATION or (kind is PhaseKind.SPEAKING and part.kind is PartKind.LONG_TURN)


# What is told.


class DrawnTask(BaseModel):
    """The task that an attempt drew for a part."""

    model_config = ConfigDict(extra="forbid")

    part: Key
    task: Key


class ExamPlan(BaseModel):
    """The exam of a call, in `CallBrief.exam`.

    Whoever is given it goes on where the clock stands: a worker that finds it standing still says `RETURNED`
    once the learner is there, and `STARTED` where nothing has begun.
    """

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
    hold_sound: bool = False
    """Whether its sound may be held until it is scored."""


class AppendExamEvents(BaseModel):
    """Body of `POST /agent/calls/{call_id}/exam`; idempotent on (attempt, number).

    Answers `ExamEventsAppended`.
    """

    model_config = ConfigDict(extra="forbid")

    attempt_id: UUID
    events: Annotated[list[ExamEvent], Field(min_length=1, max_length=100)]


class ExamEventsAppended(BaseModel):
    """How many events were new; the others' numbers were taken already, or they came after the end.

    `events` is the whole record as it stands now, and the truth: the API may have noted that the worker's
    connection was lost, under a number that the worker gave to something else. What is missing from it the
    worker sends again under the next free number; where the clock stands still though everybody is here, it
    says `RETURNED`.
    """

    added: int
    already_kept: int
    events: list[ExamEvent] = []
    now: AwareDatetime | None = None
    """The API's time when it answered."""


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
    state: ExamState
    parts: list[ExamPartView]
    phase: PhaseKind | None = None
    phase_index: int | None = None
    remaining_s: float = 0.0
    length_s: float = 0.0
    paused: bool = False
    task_title: str | None = None
    instructions: str | None = None
    points: list[str] = []
    visuals: list[Visual] = []
    """Of the running part's task: all that it shows, side by side."""
    may_finish: bool = False
    """Whether the learner may say that they are done with this phase."""


def view_of(plan: ExamPlan, now: datetime) -> ExamView:
    """What the learner's screen shows at a moment: of the tasks, the running part's alone."""
    clock = ExamClock(plan.schedule, plan.events)
    place = clock.at(now)
    phase = None if place.phase is None else plan.schedule[place.phase]
    running = phase.part if phase else None
    view = ExamView(
        attempt_id=plan.attempt_id,
        title=plan.content.title,
        state=place.state,
        parts=part_views(plan.content, begun_parts(clock, now), running),
        phase_index=place.phase,
        remaining_s=place.remaining,
        paused=place.paused,
    )
    if phase is None:
        return view
    task = next(part for part in plan.content.parts if part.key == running).tasks[0]
    return view.model_copy(
        update={
            "phase": phase.kind,
            "length_s": phase.seconds,
            "task_title": task.title,
            "instructions": task.instructions,
            "points": task.points,
            "visuals": task.visuals,
            "may_finish": phase.may_finish,
        }
    )


def begun_parts(clock: ExamClock, now: datetime) -> set[str]:
    """The keys of the parts that have begun."""
    return {clock.schedule[span.phase].part for span in clock.spans(now)}


def part_views(content: ExamContent, begun: set[str], running: str | None) -> list[ExamPartView]:
    """Every part and where it stands: begun and not running is over."""
    return [
        ExamPartView(
            key=part.key,
            title=part.title,
            kind=part.kind,
            scored=part.scored,
            state="running" if part.key == running else "done" if part.key in begun else "coming",
        )
        for part in content.parts
    ]
