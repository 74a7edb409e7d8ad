"""What the browser sends and receives about text connections."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from api.bodies import Body
from api.contract.calls import MAX_TURN_CHARACTERS
from api.text import Prose

MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{1,64}$")]


class MessageIn(Body):
    """What the learner types."""

    text: Annotated[Prose, StringConstraints(min_length=1, max_length=MAX_TURN_CHARACTERS)]
    message_id: MessageId | None = None
    """Chosen by the client, so that a message sent again after a broken connection is not said twice."""


class MessageOut(BaseModel):
    """A message that was taken."""

    model_config = ConfigDict(title="Message")

    message_id: str
    state: Literal["waiting", "sent", "failed"]
    """`waiting` until the coach is there to hear it; the stream tells what becomes of it."""
    position: str
    """Where the stream stands."""


class Joined(BaseModel):
    """The learner is in their call by text, or will be in a moment."""

    position: str
    """Where to begin the stream: everything that is told from now on comes after it."""


class Command(Body):
    """A button of the call, as the room knows it."""

    method: Literal["avaaz.command", "avaaz.set_patience", "avaaz.stop_recording"]
    payload: Annotated[str, StringConstraints(max_length=64)] = ""


class CommandAnswer(BaseModel):
    """What the coach answered."""

    answer: str
