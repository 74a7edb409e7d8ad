"""What the browser sends and receives about objectives, lessons, scenarios and packs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.contract.lessons import (
    Area,
    LessonContent,
    LessonKind,
    Phrase,
    Skill,
    StepKind,
    StepMode,
    TaskKind,
    Visual,
    VocabularyItem,
)
from api.contract.levels import Level
from api.curriculum.attempts.models import EvidenceSource
from api.curriculum.attempts.schemas import AttemptOut, LessonState

PACK_FORMAT: Literal["avaaz-lessons-1"] = "avaaz-lessons-1"
MOST_IN_PACK = 100


class MasteryOut(BaseModel):
    """How well the learner masters an objective; see `api.curriculum.attempts.mastery` for the formula."""

    model_config = ConfigDict(title="Mastery")

    level: float
    """0 to 1."""
    evidence: int
    """On how many pieces of evidence it rests."""
    mastered: bool
    updated_at: datetime


class ObjectiveOut(BaseModel):
    """Something to be able to do, with the lessons that serve it."""

    model_config = ConfigDict(title="Objective")

    key: str
    level: Level
    skill: Skill
    can_do: str
    mastery: MasteryOut | None
    """Null while there is no evidence."""
    lesson_ids: list[UUID]


class ObjectiveList(BaseModel):
    """All objectives, in order."""

    items: list[ObjectiveOut]


class EvidenceOut(BaseModel):
    """One thing that the learner was seen to do, or not to do."""

    model_config = ConfigDict(title="Evidence")

    source: EvidenceSource
    says: str | None
    """What was asked, of a lesson's criterion."""
    lesson_id: UUID | None
    lesson_title: str | None
    shown: bool
    helped: bool
    at: datetime


class ObjectiveEvidence(BaseModel):
    """An objective with what its mastery rests on, newest first."""

    objective: ObjectiveOut
    evidence: list[EvidenceOut]


class LessonBrief(BaseModel):
    """A lesson as a list shows it."""

    id: UUID
    key: str
    version: int
    title: str
    topic: str
    goal: str
    level: Level
    area: Area
    task: TaskKind
    kind: LessonKind
    minutes: int
    exam_tags: list[str]
    origin: Literal["installation", "organisation", "own"]
    state: LessonState
    steps: int
    steps_done: int
    """Of the last attempt."""
    assigned: bool
    """An instructor asked for it, and it is not done."""
    due_on: date | None


class LessonPage(BaseModel):
    """Lessons, by level."""

    items: list[LessonBrief]
    next_cursor: str | None


class LessonFacets(BaseModel):
    """What lessons can be filtered by."""

    levels: list[Level]
    areas: list[Area]
    tasks: list[TaskKind]
    kinds: list[LessonKind]
    topics: list[str]


class ReasonCode(StrEnum):
    """Why a lesson is recommended; the words are the catalogue's."""

    ASSIGNED = "assigned"
    """Parameter `due_on`, where there is a day."""
    GO_ON = "go_on"
    """It was begun; parameters `steps_done`, `steps`."""
    REVIEWS_DUE = "reviews_due"
    """Its phrases are due for review; parameter `count`."""
    WEAKEST_SKILL = "weakest_skill"
    """Parameters `skill` and `percent`, the mean mastery of that skill at the learner's level."""
    LEVEL = "level"
    """It is at the learner's level, and new; parameter `level`."""
    NEXT_LEVEL = "next_level"
    """The lessons of the learner's level are done; parameter `level`."""


class Reason(BaseModel):
    """Why a lesson is recommended."""

    code: ReasonCode
    parameters: dict[str, str | int]


class Recommendation(BaseModel):
    """A lesson to take next."""

    lesson: LessonBrief
    reason: Reason


class Recommendations(BaseModel):
    """Lessons to take next, the best first."""

    items: list[Recommendation]


class CriterionOut(BaseModel):
    """Something to show by speaking."""

    key: str
    says: str
    objective: str


class StepOut(BaseModel):
    """A part of a lesson."""

    key: str
    kind: StepKind
    title: str
    instructions: str
    mode: StepMode
    seconds: int
    coach_role: str | None
    learner_role: str | None
    visual: str | None
    criteria: list[CriterionOut]


class LessonDetail(LessonBrief):
    """A whole lesson as learners read it."""

    objectives: list[ObjectiveOut]
    phrases: list[Phrase]
    vocabulary: list[VocabularyItem]
    visuals: list[Visual]
    lesson_steps: list[StepOut]
    attempt: AttemptOut | None
    """The learner's last attempt."""


class Scenario(BaseModel):
    """A speaking task of a lesson as a template: what happens, in which parts, for how long."""

    lesson_id: UUID
    title: str
    level: Level
    task: TaskKind
    kind: LessonKind
    seconds: int
    """Of all its parts."""
    pair: bool
    """Whether a part is for two."""
    exam_tags: list[str]
    steps: list[StepOut]


class ScenarioPage(BaseModel):
    """Scenarios, by level."""

    items: list[Scenario]
    next_cursor: str | None


class LessonPack(BaseModel):
    """Lessons to carry from one organisation or installation to another."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["avaaz-lessons-1"] = PACK_FORMAT
    lessons: Annotated[list[LessonContent], Field(min_length=1, max_length=MOST_IN_PACK)]


class PackImport(LessonPack):
    """A pack to take in."""

    publish: bool = False
    """Whether the lessons are offered at once; drafts otherwise."""


class PackImported(BaseModel):
    """What came of a pack: its lessons in order, and those left out because they are here already."""

    made: list[UUID]
    already_here: list[str]
