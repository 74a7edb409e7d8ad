"""Noting who did, saw or heard what, and reading it.

What is changed is noted in the request's own transaction (`record`). What is only read is noted before it is
given out, in a transaction of its own (`Witness`), because reading requests cannot write; where it cannot be
noted nothing is given out.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit.models import AuditAction, AuditEvent
from api.audit.repository import AuditRepository, EventRow
from api.audit.schemas import AuditEventOut, AuditFilter, AuditPage, Detail, Happening, Subject
from api.database import Database, utc_now
from api.identity.auth import Principal
from api.pages import Mark, encode_cursor
from api.tenancy import act_for
from infra.telemetry import correlation_id

KEPT: Final = timedelta(days=730)
"""Events are removed after two years."""
ONCE_IN: Final = timedelta(minutes=10)
"""The same person reading the same thing again within this time is one event."""
SHOWN_TO_LEARNER: Final = (
    AuditAction.LEARNER_SEEN,
    AuditAction.CALL_READ,
    AuditAction.CALL_HEARD,
    AuditAction.CALL_LISTENED_IN,
    AuditAction.CALL_EXPORTED,
    AuditAction.REPORT_READ,
    AuditAction.RESULT_EXPORTED,
    AuditAction.MARK_GIVEN,
    AuditAction.CONSENT_GIVEN,
    AuditAction.CONSENT_WITHDRAWN,
    AuditAction.ACCOUNT_CHANGED,
    AuditAction.MEMBER_CHANGED,
    AuditAction.MEMBER_REMOVED,
    AuditAction.EXTRA_TIME_GRANTED,
)
"""What a learner is told: who saw or heard what of theirs, and who decided for them."""


async def record(
    session: AsyncSession,
    person: Principal | None,
    action: AuditAction,
    *,
    subject: Subject | None = None,
    learner_id: UUID | None = None,
    organisation_id: UUID | None = None,
    details: dict[str, Detail] | None = None,
) -> None:
    """Note an event in the session's transaction: it is kept if, and only if, what it tells of is.

    Args:
        session: The request's or job's writing session, acting for the organisation.
        person: Who did it; None where the program itself did.
        action: What was done.
        subject: What it was done with.
        learner_id: Whose words or person it touches.
        organisation_id: Where it happened, if not in the organisation that the person acts under.
        details: A few figures and plain words; never a text, a name or an address.

    Raises:
        ValueError: The details are no plain words.
    """
    happening = Happening(action, subject, learner_id, details or {})
    await AuditRepository(session).add(_event(person, happening, organisation_id))


@dataclass(frozen=True)
class Witness:
    """Notes what is read, before it is given out.

    As a dependency: `witness: CurrentWitness`, and in the route, once it is known that the person may see it,
    `await witness.note(person, AuditAction.CALL_READ, subject=Subject("call", call_id), learner_id=...)`.
    """

    database: Database

    async def note(
        self,
        person: Principal,
        action: AuditAction,
        *,
        subject: Subject | None = None,
        learner_id: UUID | None = None,
        details: dict[str, Detail] | None = None,
        once_in: timedelta = ONCE_IN,
    ) -> None:
        """Note that a person is about to be shown something; their own things are no event.

        An error of the database goes through to the caller, so that nothing is shown that was not noted.

        Args:
            person: Who reads.
            action: What they do with it.
            subject: What they read.
            learner_id: Whose it is.
            details: A few figures and plain words.
            once_in: The same event within this time is not noted again; zero notes each.
        """
        if learner_id == person.user.id:
            return
        event = _event(person, Happening(action, subject, learner_id, details or {}), None)
        async with self.database.transaction() as session:
            await act_for(session, person.organisation_id, person.user.id, operator=person.user.is_superuser)
            repository = AuditRepository(session)
            if not once_in or not await repository.is_noted(event, utc_now() - once_in):
                await repository.add(event)


async def witness(request: Request) -> Witness:
    """The witness over the application's database."""
    return Witness(request.app.state.database)


CurrentWitness = Annotated[Witness, Depends(witness)]


async def list_events(
    session: AsyncSession,
    organisation_id: UUID | None,
    wanted: AuditFilter,
    *,
    after: Mark | None,
    limit: int,
) -> AuditPage:
    """One page of events, newest first.

    Args:
        session: A session that acts for the organisation, or for an operator.
        organisation_id: Events of this organisation; None for all that the session shows, to an operator.
        wanted: The filter.
        after: Where the last page ended.
        limit: Most events of the page.
    """
    rows = await AuditRepository(session).page_of_organisation(organisation_id, wanted, after, limit + 1)
    return _page(rows, limit)


async def list_of_learner(
    session: AsyncSession, learner_id: UUID, *, after: Mark | None, limit: int
) -> AuditPage:
    """Who saw or heard what of a learner's, and who decided for them, in every organisation, newest first."""
    rows = await AuditRepository(session).page_of_learner(learner_id, SHOWN_TO_LEARNER, after, limit + 1)
    return _page(rows, limit)


async def forget_person(session: AsyncSession, person_id: UUID) -> None:
    """A person is erased: their events stay under a random id that stands for nobody."""
    await AuditRepository(session).forget(person_id, uuid4())


async def remove_old(session: AsyncSession) -> int:
    """Remove events older than two years; return how many."""
    return await AuditRepository(session).trim(utc_now() - KEPT)


def _event(person: Principal | None, happening: Happening, organisation_id: UUID | None) -> AuditEvent:
    subject = happening.subject
    acting_in = person.organisation_id if person else None
    return AuditEvent(
        organisation_id=organisation_id or acting_in,
        actor_id=person.user.id if person else None,
        actor_role=_role(person),
        action=happening.action,
        subject_kind=subject.kind if subject else None,
        subject_id=subject.id if subject else None,
        learner_id=happening.learner_id,
        correlation_id=correlation_id.get(),
        details=dict(happening.details),
    )


def _role(person: Principal | None) -> str:
    if person is None:
        return "system"
    return "operator" if person.user.is_superuser else str(person.role)


def _page(rows: list[EventRow], limit: int) -> AuditPage:
    shown = rows[:limit]
    last = shown[-1].event if len(rows) > limit else None
    return AuditPage(
        items=[_shown(row) for row in shown],
        next_cursor=encode_cursor(Mark(0, last.at, last.id)) if last else None,
    )


def _shown(row: EventRow) -> AuditEventOut:
    event = row.event
    return AuditEventOut(
        id=event.id,
        at=event.at,
        action=AuditAction(event.action),
        actor_id=event.actor_id,
        actor_name=row.actor_name,
        actor_role=event.actor_role,
        learner_id=event.learner_id,
        learner_name=row.learner_name,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        organisation_id=event.organisation_id,
        organisation_name=row.organisation_name,
        correlation_id=event.correlation_id,
        details=event.details,
    )
