"""What health and configuration answer."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from api.identity.schemas import DemoAccount
from api.oauth.schemas import ProviderOut


class State(StrEnum):
    """How a part is."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class Check(BaseModel):
    """One dependency: its state and how long it took to answer, in milliseconds."""

    state: State
    ms: float
    reason: str | None = None


class Liveness(BaseModel):
    """The process answers."""

    state: State = State.OK
    version: str


class Readiness(BaseModel):
    """`down` where nobody can be served, `degraded` where the lesson goes on with less."""

    state: State
    dependencies: dict[str, Check]


class CoachKind(StrEnum):
    """What answers the learner."""

    GUIDED = "guided"
    LANGUAGE_MODEL = "language_model"


class MaintenanceNotice(BaseModel):
    """New calls are refused for a while."""

    until: datetime | None
    """When it is thought to end; null where nobody knows."""
    message: str
    """The operator's own words; may be empty."""


class PublicConfig(BaseModel):
    """What the pages need to know before anybody signs in."""

    version: str
    embedded: bool
    demo_accounts: list[DemoAccount]
    coach: CoachKind
    sign_in_providers: list[ProviderOut]
    """Other accounts that people may sign in with, in the order they are shown."""
    maintenance: MaintenanceNotice | None = None
