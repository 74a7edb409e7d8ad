"""What the browser sends and receives about assignments."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.bodies import Body
from api.text import PlainText, Prose

TITLE_CHARACTERS = 120
BODY_CHARACTERS = 4_000

Title = Annotated[PlainText, StringConstraints(min_length=1, max_length=TITLE_CHARACTERS)]
Text = Annotated[Prose, StringConstraints(max_length=BODY_CHARACTERS)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class NewAssignment(Body):
    """Practice to ask for: a topic, with a text or task where there is more to say."""

    title: Title
    body: Text = ""
    due_on: date | None = None
    lesson_id: UUID | None = None
    """A lesson to go through, where there is one; completing it does the assignment."""


class AssignmentChange(Body):
    """Changes to the version that was read; what is left out stays."""

    version: Version
    title: Title | None = None
    body: Text | None = None
    due_on: date | None = None
    """Null takes the date away."""


class Doing(Body):
    """Whether the learner has done it."""

    done: bool = True


class AssignmentOut(BaseModel):
    """An assignment; its texts are plain text."""

    model_config = ConfigDict(title="Assignment")

    id: UUID
    learner_id: UUID
    author_name: str
    """Empty where the account is gone."""
    mine: bool
    title: str
    body: str
    lesson_id: UUID | None
    lesson_title: str | None
    """What the lesson is called."""
    due_on: date | None
    done_at: datetime | None
    version: int
    created_at: datetime


class AssignmentPage(BaseModel):
    """Assignments, newest first."""

    items: list[AssignmentOut]
    next_cursor: str | None
