"""What the browser sends and receives about lessons that are written."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.authoring.checking import Weight
from api.authoring.models import SuggestionState
from api.bodies import Body
from api.contract.lessons import Area, Key, LessonKind, TaskKind
from api.contract.levels import Level
from api.curriculum.models import VersionState
from api.text import PlainText, Prose

MOST_DOCUMENTS = 5
MOST_WORDS = 12

Topic = Annotated[PlainText, StringConstraints(min_length=2, max_length=80)]
Title = Annotated[PlainText, StringConstraints(min_length=1, max_length=120)]
Word = Annotated[PlainText, StringConstraints(min_length=1, max_length=64)]
Documents = Annotated[list[UUID], Field(max_length=MOST_DOCUMENTS)]
Seen = Annotated[str, Field(max_length=32, pattern=r"^[0-9]+(?:\+[0-9]+)?$")]
"""The version of a draft that was read."""


class LessonWish(Body):
    """What a lesson is to be about."""

    level: Level
    task: TaskKind
    topic: Topic
    area: Area = Area.EVERYDAY
    kind: LessonKind = LessonKind.LESSON
    title: Title | None = None
    """Made from the topic where there is none."""
    objectives: Annotated[list[Key], Field(max_length=6)] = Field(default=[])
    """One of the level is taken where none is named."""
    exam_tags: Annotated[list[Key], Field(max_length=6)] = Field(default=[])


class SuggestionWish(LessonWish):
    """What a suggestion is to be about, and what it may use."""

    words: Annotated[list[Word], Field(max_length=MOST_WORDS)] = Field(default=[])
    """Words that the learners are to use."""
    document_ids: Documents = Field(default=[])


class DraftSave(Body):
    """A draft as it is written: whole or not."""

    version: Seen
    content: dict[str, Any]
    """A `LessonContent`, or one on its way."""


class Decision(Body):
    """A decision about the draft that was read."""

    version: Seen


class ContentCheck(Body):
    """A lesson to look over."""

    content: dict[str, Any]


class LessonDocuments(Body):
    """The documents that a lesson is made from."""

    document_ids: Documents


class LessonAssignment(Body):
    """Whom a lesson is given to: one learner, or all of a program."""

    learner_id: UUID | None = None
    program_id: UUID | None = None
    body: Annotated[Prose, StringConstraints(max_length=4_000)] = ""
    due_on: date | None = None

    @model_validator(mode="after")
    def _to_somebody(self) -> "LessonAssignment":
        if (self.learner_id is None) == (self.program_id is None):
            raise ValueError("name a learner or a program")
        return self


class FromDocument(Body):
    """A document to make a quick lesson from."""

    document_id: UUID


class ProblemOut(BaseModel):
    """Something that stands against a lesson, and where; advice does not keep it from being used."""

    model_config = ConfigDict(title="LessonProblem")

    path: str
    code: str
    message: str
    weight: Weight
    limit: int | None


class CheckOut(BaseModel):
    """What stands against a lesson."""

    problems: list[ProblemOut]
    usable: bool
    """Whether it can be tried and published."""


class OfferedOut(BaseModel):
    """The version of a lesson that learners are offered."""

    number: int
    published_at: datetime | None


class WrittenLesson(BaseModel):
    """A lesson in the list of those who write."""

    id: UUID
    title: str
    level: Level
    task: TaskKind
    area: Area
    kind: LessonKind
    minutes: int
    has_draft: bool
    is_unfinished: bool
    """Whether what was saved last is no whole lesson yet."""
    offered: OfferedOut | None
    author_name: str
    """Empty where the account is gone."""
    changed_at: datetime


class WrittenLessonPage(BaseModel):
    """Lessons of the organisation, last made first."""

    items: list[WrittenLesson]
    next_cursor: str | None


class DraftOut(BaseModel):
    """A lesson as it is being written. Without a draft, what is offered stands here to be changed."""

    model_config = ConfigDict(title="LessonDraft")

    lesson_id: UUID
    version: str
    """Sent back with what is saved, so that nobody's work is written over."""
    content: dict[str, Any]
    """A `LessonContent`, or one on its way."""
    problems: list[ProblemOut]
    usable: bool
    has_draft: bool
    offered: OfferedOut | None
    document_ids: list[UUID]
    changed_at: datetime


class SavedOut(BaseModel):
    """What became of a save."""

    version: str
    problems: list[ProblemOut]
    usable: bool
    changed_at: datetime


class ChangeOut(BaseModel):
    """A text that differs."""

    model_config = ConfigDict(title="LessonChange")

    path: str
    before: str | None
    after: str | None


class VersionOut(BaseModel):
    """A version of a lesson in its history."""

    model_config = ConfigDict(title="LessonVersion")

    number: int
    state: VersionState
    title: str
    published_at: datetime | None
    changed_at: datetime


class VersionList(BaseModel):
    """Versions, newest first."""

    items: list[VersionOut]


class VersionDetail(VersionOut):
    """A version with what it changed."""

    model_config = ConfigDict(title="LessonVersionDetail")

    content: dict[str, Any]
    against: int | None
    """The version before it; None for the first."""
    changes: list[ChangeOut]


class AttemptBegun(BaseModel):
    """A lesson that is the plan of the person's next call."""

    attempt_id: UUID
    lesson_id: UUID
    title: str
    open_call_id: UUID | None
    """A call that goes on without it; the lesson begins with the next one."""


class AssignedOut(BaseModel):
    """How many learners a lesson was given to."""

    assigned: int
    full: int
    """Learners whose lists take no more."""


class SuggestionOut(BaseModel):
    """A draft that is being made."""

    model_config = ConfigDict(title="LessonSuggestion")

    id: UUID
    state: SuggestionState
    lesson_id: UUID | None
    """The draft, once it is ready."""
    written_by: str | None
    """The language model, or `template`."""
    fell_back: str | None
    """Why a template wrote it although a language model is configured: `unavailable`, `unusable`."""
    unread: int
    """Documents in which nothing was found that a lesson could use."""
    created_at: datetime
