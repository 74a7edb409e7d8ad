"""What the browser receives about calls and turns."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.contract.calls import Channel, CloseReason, InputKind, Role, Source, StageTimings, Word


class CallState(StrEnum):
    """Whether a call goes on."""

    OPEN = "open"
    CLOSED = "closed"


class CallOut(BaseModel):
    """A call; `first_words` is the beginning of what the learner said first."""

    model_config = ConfigDict(title="Call")

    id: UUID
    session_id: UUID
    channel: Channel
    state: CallState
    started_at: datetime
    ended_at: datetime | None
    close_reason: CloseReason | None
    turn_count: int
    first_words: str


class CallPage(BaseModel):
    """Calls, newest first."""

    items: list[CallOut]
    next_cursor: str | None


class TurnOut(BaseModel):
    """One utterance of a call."""

    model_config = ConfigDict(title="Turn", from_attributes=True)

    id: UUID
    item_id: str
    position: int
    role: Role
    text: str
    input_kind: InputKind
    interrupted: bool
    started_at: datetime
    ended_at: datetime
    words: list[Word]
    timings: StageTimings
    prompt_hash: str | None
    llm: str | None
    sources: list[Source] = []
    """The passages that a coach's turn rests on; one may have been removed meanwhile."""


class TurnPage(BaseModel):
    """Turns in the order of the call."""

    items: list[TurnOut]
    next_cursor: str | None


class WebhookAccepted(BaseModel):
    """Answer to a webhook that was understood."""

    accepted: bool = True
