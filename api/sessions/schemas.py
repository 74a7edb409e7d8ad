"""What the browser sends and receives about sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from api.bodies import Body
from api.contract.calls import Mode
from api.text import PlainText


class OpenCallOut(BaseModel):
    """The call that is going on."""

    model_config = ConfigDict(title="OpenCall")

    id: UUID
    started_at: datetime


class SessionOut(BaseModel):
    """A learner's session."""

    model_config = ConfigDict(title="Session")

    id: UUID
    mode: Mode
    summary: str
    last_activity_at: datetime
    call_count: int
    open_call: OpenCallOut | None
    created_at: datetime


class TokenRequest(Body):
    """LiveKit's standard token request, of which only the name to display may be chosen by the client.

    Room, identity, metadata, attributes and room configuration are the server's; sending one is refused.
    """

    participant_name: Annotated[PlainText, StringConstraints(max_length=80)] | None = None


class TokenOut(BaseModel):
    """LiveKit's standard token answer."""

    model_config = ConfigDict(title="RoomToken")

    server_url: str
    participant_token: str
