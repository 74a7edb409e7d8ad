"""What the browser sends and receives about exams."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.bodies import Body
from api.contract.exams import Dimension, ExamView, PartKind
from api.contract.lessons import Key, Visual
from api.contract.levels import Level
from api.exams.models import ExamState

ExtraTime = Literal[0, 25, 50, 75, 100]
"""So much longer are preparing and speaking, in percent."""


class ExamPartOut(BaseModel):
    """A part as it awaits the learner; its task is drawn and not shown before."""

    model_config = ConfigDict(title="ExamPart")

    key: str
    title: str
    kind: PartKind
    scored: bool
    dimensions: list[Dimension]
    instructions_s: int
    preparation_s: int
    speaking_s: int


class ExamOut(BaseModel):
    """A template, without its tasks."""

    model_config = ConfigDict(title="Exam")

    key: str
    version: int
    title: str
    description: str
    from_level: Level
    target_level: Level
    minutes: int
    """Of the whole, without extra time."""
    on_phone: bool
    parts: list[ExamPartOut]


class ExamList(BaseModel):
    """The templates from the lowest level, and what concerns all of them for this learner."""

    items: list[ExamOut]
    open_attempt_id: UUID | None
    """The attempt to go on with first; no other one can be begun."""
    granted_extra_time_percent: ExtraTime
    """What the school grants; applied where nothing else is asked for."""


class StartExam(Body):
    """What to sit, and how."""

    exam: Key
    target_level: Level | None = None
    """The level whose readiness is judged; the template's where left out."""
    extra_time_percent: ExtraTime | None = None
    """Left out: what the school grants. A learner may ask for 25 themselves."""
    audio_consent: bool = False
    """Whether its sound may be held until it is scored, a day at most, where recording is not allowed."""


class ExamTaskOut(BaseModel):
    """The task of a part that has begun."""

    model_config = ConfigDict(title="ExamTask")

    part: str
    title: str
    topic: str
    instructions: str
    points: list[str]
    visuals: list[Visual]


class ExamAttemptOut(BaseModel):
    """One sitting."""

    model_config = ConfigDict(title="ExamAttempt")

    id: UUID
    exam: str
    """The template's key."""
    version: int
    title: str
    from_level: Level
    target_level: Level
    state: ExamState
    extra_time_percent: ExtraTime
    extra_time_granted: bool
    audio_consent: bool
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ExamPhaseTime(BaseModel):
    """When a phase began and ended."""

    part: str
    kind: Literal["instructions", "preparation", "speaking"]
    began_at: datetime
    ended_at: datetime | None


class ExamAttemptDetail(ExamAttemptOut):
    """One sitting, and where its clock stands."""

    now: datetime
    """The server's time; what remains is counted from here."""
    view: ExamView
    total_remaining_s: float
    """Until the end, should the clock not stand still."""
    phases: list[ExamPhaseTime]
    """Those that have begun."""
    tasks: list[ExamTaskOut]
    """Those of parts that have begun."""
    call_ids: list[UUID]


class ExamAttemptPage(BaseModel):
    """Sittings, newest first."""

    items: list[ExamAttemptOut]
    next_cursor: str | None


class ExtraTimeGrant(Body):
    """Extra time in each exam of a learner; none takes back what was granted. Why is not asked."""

    extra_time_percent: ExtraTime


class ExtraTimeGranted(BaseModel):
    """What a learner is granted."""

    extra_time_percent: ExtraTime
