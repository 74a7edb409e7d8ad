"""What the browser sends and receives about listening in."""

from datetime import datetime

from pydantic import BaseModel

from api.bodies import Body


class ListeningOut(BaseModel):
    """Whether instructors of the organisation may listen in on the learner's calls."""

    allowed: bool
    since: datetime | None


class ListeningChoice(Body):
    """The learner's choice."""

    allowed: bool


class ListeningPass(BaseModel):
    """The way into a room for somebody who only hears."""

    server_url: str
    participant_token: str
