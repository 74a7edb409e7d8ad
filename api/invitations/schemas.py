"""What the browser sends and receives about invitations."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.bodies import Body
from api.identity.models import MemberRole
from api.identity.schemas import Email

MOST_ADDRESSES = 50
Days = Annotated[int, Field(ge=1, le=90)]


class InvitationState(StrEnum):
    """Whether an invitation can still be accepted, and why not."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class LinkWanted(Body):
    """A link that lets learners in; whoever has it may use it."""

    program_id: UUID | None = None
    max_uses: Annotated[int, Field(ge=1, le=1_000)] = 30
    expires_in_days: Days = 14


class MailsWanted(Body):
    """People to be invited by mail, each by a letter that works once, for that address alone."""

    emails: Annotated[list[Email], Field(min_length=1, max_length=MOST_ADDRESSES)]
    role: MemberRole = MemberRole.LEARNER
    program_id: UUID | None = None
    expires_in_days: Days = 14


class InvitationOut(BaseModel):
    """An invitation, as administrators see it."""

    model_config = ConfigDict(title="Invitation")

    id: UUID
    email: str | None
    """The address that it is bound to; None for a link."""
    url: str | None
    """What to hand out, where it is a link."""
    role: MemberRole
    program_id: UUID | None
    program: str | None
    state: InvitationState
    uses: int
    max_uses: int
    expires_at: datetime
    created_at: datetime


class InvitationList(BaseModel):
    """Invitations, the newest first."""

    items: list[InvitationOut]


class InvitationLook(BaseModel):
    """What an invitation is about, for whoever holds it."""

    model_config = ConfigDict(title="InvitationPreview")

    state: InvitationState
    organisation: str
    program: str | None
    role: MemberRole
    email_hint: str | None
    """The address that it is bound to, most of it hidden; None for a link."""


class JoinedOut(BaseModel):
    """Where somebody belongs now, and acts."""

    model_config = ConfigDict(title="Joined")

    organisation_id: UUID
    organisation: str
    program: str | None
