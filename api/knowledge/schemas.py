"""What the browser gets and sends about documents and what is found in them."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.bodies import Body
from api.contract.calls import Source
from api.contract.levels import Level
from api.knowledge.models import DocumentScope, DocumentState, Failure
from api.text import PlainText

Title = Annotated[PlainText, Field(min_length=1, max_length=200)]
Subject = Annotated[PlainText, Field(max_length=120)]

SENTENCES: Final[dict[Failure, str]] = {
    Failure.EMPTY: "There is no text in this document.",
    Failure.ENCRYPTED: "This document is protected by a password. Save it without one and bring it again.",
    Failure.BROKEN: "This document is damaged. Save it anew and bring it again.",
    Failure.NO_TEXT: "This document holds pictures of pages and no text, as a scan does. "
    "Run a text recognition over it, or bring the text itself.",
    Failure.UNPACKS_TOO_LARGE: "This document unpacks to far more than can be read.",
    Failure.TOO_SLOW: "Reading this document takes too long. Bring it in several parts.",
    Failure.TOO_MUCH_MEMORY: "This document is too complicated to be read. Bring it in several parts.",
    Failure.TOO_MUCH_TEXT: "This document has more text than can be read. Bring it in several parts.",
    Failure.INTERNAL: "Something went wrong on our side. Please try again.",
}
TRY_AGAIN: Final = frozenset({Failure.TOO_SLOW, Failure.TOO_MUCH_MEMORY, Failure.INTERNAL})
"""Failures that may not come back."""


class NewDocument(Body):
    """The fields of the form that brings a file."""

    scope: DocumentScope = DocumentScope.LEARNER
    program_id: UUID | None = None
    title: Title | None = None
    """The file's name where left out."""
    subject: Subject = ""
    level: Level | None = None
    lesson_id: UUID | None = None


class DocumentChange(Body):
    """What may be changed of a document."""

    title: Title | None = None
    subject: Subject | None = None
    level: Level | None = None


class FailureOut(BaseModel):
    """Why a document cannot be read, and whether trying again may help."""

    code: Failure
    message: str
    may_retry: bool


class DocumentOut(BaseModel):
    """A document."""

    model_config = ConfigDict(title="Document")

    id: UUID
    scope: DocumentScope
    program_id: UUID | None
    lesson_id: UUID | None
    level: Level | None
    title: str
    subject: str
    file_name: str
    mime: str
    size_bytes: int
    state: DocumentState
    progress: int
    """In percent, over reading and embedding."""
    failure: FailureOut | None
    pages: int | None
    chunk_count: int
    may_change: bool
    """Whether the person who asks may rename, retry and delete it."""
    created_at: datetime


class DocumentPage(BaseModel):
    """Documents, newest first."""

    items: list[DocumentOut]
    next_cursor: str | None
    most_bytes: int
    """The largest file that may be brought."""


class ChunkOut(BaseModel):
    """A passage as its chip opens it, with what stands before and after it."""

    model_config = ConfigDict(title="Chunk")

    id: UUID
    document: DocumentOut
    position: int
    page: int | None
    heading: str
    text: str
    before: str
    after: str


class FoundPassage(BaseModel):
    """A passage that fits a search."""

    source: Source
    heading: str
    text: str
    score: float
    """How sure it is that it fits, 0 to 1."""


class SearchResult(BaseModel):
    """Passages, best first; none where nothing fits."""

    items: list[FoundPassage]
