"""Wire models of the audit log, and what other domains hand over to be noted."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.audit.models import AuditAction

Detail = str | int | bool | None
MOST_DETAILS: Final = 8
_WORD: Final = re.compile(r"(?![0-9a-f]{8}-[0-9a-f]{4}-)[A-Za-z0-9_.:-]{0,64}")
"""No text of a person's, and no id: those have fields, in which an erasure finds them."""


@dataclass(frozen=True)
class Subject:
    """The thing that an event is about, by kind (such as `call`) and key."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class Happening:
    """An event before it is kept.

    `learner_id` is whose words or person it touches: they see it in their own list. `details` are a few
    figures and words of the program's own; texts of people are refused.
    """

    action: AuditAction
    subject: Subject | None = None
    learner_id: UUID | None = None
    details: dict[str, Detail] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what could hold somebody's text.

        Raises:
            ValueError: Too many details, or one that is no plain word.
        """
        words = [*self.details, *(value for value in self.details.values() if isinstance(value, str))]
        if len(self.details) > MOST_DETAILS or not all(_WORD.fullmatch(word) for word in words):
            raise ValueError("details of an audit event are a few plain words and figures")


class AuditFilter(BaseModel):
    """Which events are asked for."""

    action: AuditAction | None = None
    actor_id: UUID | None = None
    learner_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def audit_filter(
    action: AuditAction | None = None,
    actor_id: UUID | None = None,
    learner_id: UUID | None = None,
    since: Annotated[datetime | None, Query(description="Not before this time.")] = None,
    until: Annotated[datetime | None, Query(description="Before this time.")] = None,
) -> AuditFilter:
    """The filter in an address."""
    return AuditFilter(action=action, actor_id=actor_id, learner_id=learner_id, since=since, until=until)


class AuditEventOut(BaseModel):
    """One event, with the names that its ids have today."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    action: AuditAction
    actor_id: UUID | None = Field(description="Empty where the program itself acted.")
    actor_name: str | None = Field(description="Empty where there is none, or the account is gone.")
    actor_role: str
    learner_id: UUID | None
    learner_name: str | None
    subject_kind: str | None
    subject_id: UUID | None
    organisation_id: UUID | None
    organisation_name: str | None
    correlation_id: str
    details: dict[str, Detail]


class AuditPage(BaseModel):
    """Events, newest first."""

    items: list[AuditEventOut]
    next_cursor: str | None
