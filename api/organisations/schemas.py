"""What the browser sends and receives about organisations, members and programs."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from api.bodies import Body
from api.identity.models import MemberRole, OrganisationKind
from api.identity.schemas import ConsentState
from api.organisations.models import EnrolmentRole
from api.text import PlainText, strip_unstorable

_ADVERTISING = re.compile(r"[<>@]|://|\bwww\.", re.IGNORECASE)


def _plain_name(name: str) -> str:
    """A school's name goes into mails to strangers: it may be no address and no markup."""
    if _ADVERTISING.search(name):
        raise ValueError("must be a name, not an address")
    return name


OrganisationName = Annotated[
    PlainText, StringConstraints(min_length=2, max_length=120), AfterValidator(_plain_name)
]
Description = Annotated[str, AfterValidator(strip_unstorable), StringConstraints(max_length=2_000)]
Search = Annotated[PlainText, StringConstraints(max_length=100)]


class OrganisationWanted(Body):
    """A school to be made, or its new name."""

    name: OrganisationName


class OrganisationChoice(Body):
    """The organisation to act under from now on."""

    organisation_id: UUID


class OrganisationEnd(Body):
    """An organisation's own name, to confirm that it is to be deleted."""

    name: Annotated[str, StringConstraints(max_length=120)]


class OrganisationOut(BaseModel):
    """The organisation that a person acts under, with how many people and programs it has."""

    model_config = ConfigDict(title="Organisation")

    id: UUID
    name: str
    kind: OrganisationKind
    created_at: datetime
    learners: int
    instructors: int
    admins: int
    programs: int


class PartOut(BaseModel):
    """A program that somebody learns or teaches in."""

    model_config = ConfigDict(title="ProgramPart")

    id: UUID
    name: str
    role: EnrolmentRole


class OwnOrganisationOut(BaseModel):
    """An organisation that a person belongs to, as they see it."""

    model_config = ConfigDict(title="OwnOrganisation")

    id: UUID
    name: str
    kind: OrganisationKind
    role: MemberRole
    joined_at: datetime
    current: bool
    """The one that they act under: practice is kept there, and its staff see it."""
    programs: list[PartOut]


class OwnOrganisationList(BaseModel):
    """A person's organisations, the personal one first."""

    items: list[OwnOrganisationOut]


class ProgramWanted(Body):
    """A program to be made."""

    name: Annotated[PlainText, StringConstraints(min_length=1, max_length=120)]
    description: Description = ""


class ProgramUpdate(Body):
    """What of a program to change; what is left out stays."""

    name: Annotated[PlainText, StringConstraints(min_length=1, max_length=120)] | None = None
    description: Description | None = None
    archived: bool | None = None


class ProgramOut(BaseModel):
    """A program of the organisation."""

    model_config = ConfigDict(title="Program")

    id: UUID
    name: str
    description: str
    archived: bool
    learners: int
    instructors: int
    created_at: datetime


class ProgramList(BaseModel):
    """Programs by name, the archived ones last."""

    items: list[ProgramOut]


class EnrolmentWanted(Body):
    """What somebody is to do in a program."""

    role: EnrolmentRole = EnrolmentRole.LEARNER


class MemberOut(BaseModel):
    """A member of the organisation."""

    model_config = ConfigDict(title="Member")

    id: UUID
    """The person's."""
    display_name: str
    email: str
    role: MemberRole
    joined_at: datetime
    programs: list[PartOut]
    consent: ConsentState
    """Whether an adult must still agree before this learner may talk; the school can, for its learners."""


class MemberPage(BaseModel):
    """Some of the members, the newest first."""

    items: list[MemberOut]
    next_cursor: str | None
    total: int
    """How many there are of the kind that was asked for."""


class MemberUpdate(Body):
    """What of a member to change."""

    role: MemberRole
