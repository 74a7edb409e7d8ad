"""What the browser sends and receives about comments, flags and bookmarks."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.bodies import Body
from api.calls.schemas import CallOut
from api.contract.calls import MAX_TURN_CHARACTERS
from api.review.models import FlagKind
from api.text import Prose

COMMENT_CHARACTERS = 2_000
NOTE_CHARACTERS = 500

CommentText = Annotated[Prose, StringConstraints(min_length=1, max_length=COMMENT_CHARACTERS)]
FlagNote = Annotated[Prose, StringConstraints(max_length=NOTE_CHARACTERS)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Place = Annotated[int, Field(ge=0, le=MAX_TURN_CHARACTERS)]


class NewComment(Body):
    """A comment: on the whole call without `turn_id`, on a part of a turn with a span, or an answer."""

    text: CommentText
    turn_id: UUID | None = None
    span_start: Place | None = None
    """First character of the part, counted in code points."""
    span_end: Place | None = None
    """One beyond its last."""
    parent_id: UUID | None = None
    """The comment that this answers; its place is the answer's."""

    @model_validator(mode="after")
    def _place_is_whole(self) -> Self:
        if (self.span_start is None) != (self.span_end is None):
            raise ValueError("a span has a start and an end")
        if self.span_start is not None and self.span_end is not None:
            if self.turn_id is None:
                raise ValueError("a span is a part of a turn")
            if self.span_end <= self.span_start:
                raise ValueError("a span ends after its start")
        if self.parent_id is not None and self.turn_id is not None:
            raise ValueError("an answer stands where the comment stands")
        return self


class CommentChange(Body):
    """Another text in place of the version that was read."""

    text: CommentText
    version: Version


class NewAnswer(Body):
    """A learner's answer to a comment."""

    text: CommentText


class NewFlag(Body):
    """A flag on a call, or on one of its turns."""

    kind: FlagKind
    turn_id: UUID | None = None
    note: FlagNote = ""


class FlagChange(Body):
    """Changes to the version that was read; what is left out stays."""

    version: Version
    kind: FlagKind | None = None
    note: FlagNote | None = None
    resolved: bool | None = None


class NewBookmark(Body):
    """A bookmark on a call, or on one of its turns."""

    turn_id: UUID | None = None


class MarkRead(Body):
    """Which comments were read: those of a call, or all."""

    call_id: UUID | None = None


class CommentOut(BaseModel):
    """A comment or an answer; `text` is plain text."""

    model_config = ConfigDict(title="Comment")

    id: UUID
    call_id: UUID
    turn_id: UUID | None
    parent_id: UUID | None
    span_start: int | None
    span_end: int | None
    text: str
    version: int
    author_id: UUID | None
    author_name: str
    """Empty where the account is gone."""
    by_learner: bool
    mine: bool
    new: bool
    """Not read yet by whom it is meant for."""
    created_at: datetime
    updated_at: datetime


class FlagOut(BaseModel):
    """A flag."""

    model_config = ConfigDict(title="Flag")

    id: UUID
    call_id: UUID
    turn_id: UUID | None
    kind: FlagKind
    note: str
    author_name: str
    resolved_at: datetime | None
    version: int
    created_at: datetime


class BookmarkOut(BaseModel):
    """One of the reader's bookmarks."""

    model_config = ConfigDict(title="Bookmark", from_attributes=True)

    id: UUID
    call_id: UUID
    turn_id: UUID | None
    created_at: datetime


class BookmarkedPlace(BaseModel):
    """A bookmark with what it marks."""

    id: UUID
    call_id: UUID
    turn_id: UUID | None
    created_at: datetime
    learner_id: UUID
    learner_name: str
    call_started_at: datetime
    words: str
    """The beginning of the turn."""


class BookmarkPage(BaseModel):
    """The reader's bookmarks, newest first."""

    items: list[BookmarkedPlace]
    next_cursor: str | None


class ReviewedCall(BaseModel):
    """A call as a list shows it to those who look after the learner."""

    call: CallOut
    comment_count: int
    new_answers: int
    open_flags: int
    bookmarked: bool


class ReviewedCallPage(BaseModel):
    """A learner's calls, newest first."""

    items: list[ReviewedCall]
    next_cursor: str | None


class CallReview(BaseModel):
    """A call with everything that was written about it."""

    call: CallOut
    learner_id: UUID
    learner_name: str
    comments: list[CommentOut]
    flags: list[FlagOut]
    bookmarks: list[BookmarkOut]


class MyComment(BaseModel):
    """A comment that a learner received, with the words it is about."""

    comment: CommentOut
    call_started_at: datetime
    words: str
    """The part of the turn, or the turn's beginning; empty for a note on the call."""


class MyCommentPage(BaseModel):
    """What instructors wrote to the learner, newest first."""

    items: list[MyComment]
    next_cursor: str | None


class CommentThread(BaseModel):
    """Everything written on one of the learner's calls, oldest first."""

    items: list[CommentOut]


class News(BaseModel):
    """What waits for a learner."""

    new_comments: int
    open_assignments: int
    due_reviews: int
