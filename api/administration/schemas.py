"""What the pages of administration send and receive."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from api.administration.registry import SettingKey, SettingKind
from api.bodies import Body
from api.dead_letters.schemas import QueueState, WaitingJob
from api.health.schemas import Check, State
from api.identity.models import MemberRole, OrganisationKind
from api.identity.schemas import Email
from api.text import PlainText

Reason = Annotated[PlainText, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Words = Annotated[PlainText, StringConstraints(strip_whitespace=True, max_length=300)]


class PlaceOut(BaseModel):
    """An organisation that somebody belongs to, and their role there."""

    model_config = ConfigDict(title="Place", from_attributes=True)

    organisation_id: UUID
    organisation_name: str
    kind: OrganisationKind
    role: MemberRole


class PersonOut(BaseModel):
    """An account, as those see it who run an installation or an organisation. Nothing of what was said."""

    model_config = ConfigDict(title="Person")

    id: UUID
    email: str
    display_name: str
    created_at: datetime
    last_login_at: datetime | None
    is_active: bool
    email_verified: bool
    is_operator: bool
    places: list[PlaceOut]
    """All for an operator, the one acted under first; for an administrator their own organisation alone."""


class PersonPage(BaseModel):
    """People, the newest accounts first."""

    items: list[PersonOut]
    next_cursor: str | None


class RoleChange(Body):
    """Another role in an organisation."""

    role: MemberRole
    organisation_id: UUID | None = None
    """Where; an administrator leaves it out."""


class Erasure(Body):
    """A person to be erased, named once more by their address, so that nobody is by a slip."""

    email: Email


class OrganisationFigures(BaseModel):
    """An organisation, as an operator sees it."""

    id: UUID
    name: str
    kind: OrganisationKind
    created_at: datetime
    suspended_at: datetime | None
    suspension_reason: str | None
    members: int
    calls_last_30_days: int
    last_call_at: datetime | None


class OrganisationPage(BaseModel):
    """Organisations, the newest first."""

    items: list[OrganisationFigures]
    next_cursor: str | None


class Suspension(Body):
    """Why an organisation is suspended; its members read it."""

    reason: Reason


class SettingOut(BaseModel):
    """A setting, and what holds."""

    model_config = ConfigDict(title="Setting")

    key: SettingKey
    kind: SettingKind
    description: str
    per_organisation: bool
    default: bool | int | None
    value: bool | int | None
    """What was set here; null where nobody did."""
    installation_value: bool | int | None
    """What holds for the installation."""
    effective: bool | int | None
    """What holds here: of an organisation's and the installation's the stricter one."""


class SettingList(BaseModel):
    """The settings of the installation, or of one organisation."""

    organisation_id: UUID | None
    items: list[SettingOut]


class SettingChange(Body):
    """Another value; null goes back to the default."""

    value: StrictBool | StrictInt | None


class MaintenanceOut(BaseModel):
    """Whether new calls are refused."""

    model_config = ConfigDict(title="Maintenance")

    on: bool
    since: datetime | None
    until: datetime | None
    message: str
    open_calls: int
    """Calls that still run; they end when their learners end them."""


class MaintenanceWanted(Body):
    """Refuse new calls from now on."""

    minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] | None = None
    """How long it is thought to take; people are told. Null: not known. It ends by hand in any case."""
    message: Words = ""
    """For the people who want to talk, in their own words; optional."""


class CallDay(BaseModel):
    """One day's calls, in UTC."""

    day: date
    calls: int
    minutes: float


class Stage(BaseModel):
    """How long one stage of an answer took in the last day, in milliseconds."""

    stage: str
    turns: int
    median_ms: float
    p95_ms: float


class OrganisationCounts(BaseModel):
    """How many organisations there are."""

    schools: int
    personal: int
    suspended: int


class Statistics(BaseModel):
    """Counts over the installation, or over the administrator's organisation."""

    accounts: int
    active_accounts: int
    seen_last_30_days: int
    """Accounts that signed in."""
    organisations: OrganisationCounts | None
    """For operators."""
    open_calls: int | None
    """For operators."""
    days: list[CallDay]
    """Every day of the last 30, today last."""
    stages: list[Stage]


class MailKept(StrEnum):
    """Where mail goes."""

    SMTP = "smtp"
    FILES = "files"


class MailHealth(BaseModel):
    """How mail does."""

    goes_to: MailKept
    waiting: int
    given_up: int
    """In the last week."""


class DiskHealth(BaseModel):
    """Room where data is kept on the API's machine."""

    state: State
    free_bytes: int
    total_bytes: int


class Provider(BaseModel):
    """What recognizes, answers or speaks, as the settings name it. No address and no key."""

    part: str
    name: str
    model: str | None


class Versions(BaseModel):
    """What runs."""

    product: str
    python: str
    postgres: str


class SystemHealth(BaseModel):
    """How the installation does; what `/health/ready` tells, and more."""

    state: State
    dependencies: dict[str, Check]
    mail: MailHealth
    disk: DiskHealth
    open_calls: int
    maximum_calls: int
    providers: list[Provider]
    versions: Versions
    started_at: datetime
    """When this process of the API started."""


class JobsOut(BaseModel):
    """The job queue."""

    model_config = ConfigDict(title="Jobs")

    states: list[QueueState]
    waiting: list[WaitingJob]
    """The next ones and those that run, at most 50."""
