"""All SQL about the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from api.audit.models import AuditAction, AuditEvent
from api.audit.schemas import AuditFilter
from api.identity.models import Organisation, User
from api.pages import Mark


@dataclass(frozen=True)
class EventRow:
    """An event with the names that its ids have today."""

    event: AuditEvent
    actor_name: str | None
    learner_name: str | None
    organisation_name: str | None


class AuditRepository:
    """Events."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, event: AuditEvent) -> None:
        """Add an event."""
        self.session.add(event)
        await self.session.flush()

    async def is_noted(self, event: AuditEvent, since: datetime) -> bool:
        """Whether the same person did the same with the same thing since then."""
        rows = await self.session.execute(
            select(AuditEvent.id)
            .where(
                AuditEvent.actor_id == event.actor_id,
                AuditEvent.at >= since,
                AuditEvent.action == event.action,
                AuditEvent.subject_id.is_not_distinct_from(event.subject_id),
                AuditEvent.learner_id.is_not_distinct_from(event.learner_id),
            )
            .limit(1)
        )
        return rows.one_or_none() is not None

    async def page_of_organisation(
        self, organisation_id: UUID | None, wanted: AuditFilter, after: Mark | None, limit: int
    ) -> list[EventRow]:
        """The next events of an organisation, or with None of all that the reader is shown, newest first."""
        query = _newest(after, limit)
        if organisation_id is not None:
            query = query.where(AuditEvent.organisation_id == organisation_id)
        if wanted.action is not None:
            query = query.where(AuditEvent.action == wanted.action)
        if wanted.actor_id is not None:
            query = query.where(AuditEvent.actor_id == wanted.actor_id)
        if wanted.learner_id is not None:
            query = query.where(AuditEvent.learner_id == wanted.learner_id)
        if wanted.since is not None:
            query = query.where(AuditEvent.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(AuditEvent.at < wanted.until)
        return await self._rows(query)

    async def page_of_learner(
        self, learner_id: UUID, actions: Sequence[AuditAction], after: Mark | None, limit: int
    ) -> list[EventRow]:
        """What others did with a learner's record, newest first."""
        query = _newest(after, limit).where(
            AuditEvent.learner_id == learner_id,
            AuditEvent.actor_id.is_distinct_from(learner_id),
            AuditEvent.action.in_(actions),
        )
        return await self._rows(query)

    async def forget(self, person_id: UUID, pseudonym: UUID) -> None:
        """Put a random id in the place of a person's, everywhere."""
        await self.session.execute(select(func.forget_in_audit(person_id, pseudonym)))

    async def trim(self, before: datetime) -> int:
        """Remove events older than `before`; the database keeps a year whatever is asked."""
        return int((await self.session.execute(select(func.trim_audit(before)))).scalar_one())

    async def _rows(self, query: Select[Any]) -> list[EventRow]:
        found = await self.session.execute(query)
        return [EventRow(*row) for row in found.all()]


def _newest(after: Mark | None, limit: int) -> Select[Any]:
    actor, learner = aliased(User), aliased(User)
    query: Select[Any] = (
        select(AuditEvent, actor.display_name, learner.display_name, Organisation.name)
        .outerjoin(actor, AuditEvent.actor_id == actor.id)
        .outerjoin(learner, AuditEvent.learner_id == learner.id)
        .outerjoin(Organisation, Organisation.id == AuditEvent.organisation_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(AuditEvent.at, AuditEvent.id) < (after.at, after.id))
    return query
