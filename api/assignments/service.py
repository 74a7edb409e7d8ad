"""Asking a learner to practise something, and the learner saying, or a lesson showing, that it is done."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.assignments.models import Assignment
from api.assignments.repository import AssignmentRepository
from api.assignments.schemas import AssignmentChange, AssignmentOut, AssignmentPage, NewAssignment
from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.curriculum import naming
from api.database import utc_now
from api.errors import ConflictError, ForbiddenError, NotFoundError
from api.identity.auth import Principal
from api.identity.models import MemberRole
from api.organisations import access
from api.pages import Mark, encode_cursor

MOST_ASSIGNMENTS = 500
"""Assignments that one learner's list takes."""


async def assign(
    session: AsyncSession, person: Principal, learner_id: UUID, data: NewAssignment
) -> AssignmentOut:
    """Ask a learner to practise something.

    Raises:
        NotFoundError: The learner is not theirs to see.
        NotFoundError: There is no such lesson to assign (`no_such_lesson`).
        ConflictError: The learner has as many assignments as the list takes (`too_many`).
    """
    await access.require_visible(session, person, learner_id)
    if data.lesson_id is not None:
        await naming.require_assignable(session, data.lesson_id)
    repository = AssignmentRepository(session, person.organisation_id)
    if await repository.count(learner_id) >= MOST_ASSIGNMENTS:
        raise ConflictError("This learner's list is full. Remove what is done.", code="too_many")
    made = Assignment(
        organisation_id=person.organisation_id,
        learner_id=learner_id,
        author_id=person.user.id,
        lesson_id=data.lesson_id,
        title=data.title,
        body=data.body,
        due_on=data.due_on,
    )
    await repository.add(made)
    await audit.record(
        session,
        person,
        AuditAction.ASSIGNMENT_MADE,
        subject=Subject("assignment", made.id),
        learner_id=learner_id,
    )
    return await _titled(session, made, person.user.display_name, person)


async def list_of_learner(
    session: AsyncSession, person: Principal, learner_id: UUID, *, after: Mark | None, limit: int
) -> AssignmentPage:
    """One page of a learner's assignments, newest first, for who looks after them.

    Raises:
        NotFoundError: The learner is not theirs to see.
    """
    await access.require_visible(session, person, learner_id)
    return await _page(session, person, learner_id, after, limit)


async def list_own(
    session: AsyncSession, person: Principal, *, after: Mark | None, limit: int
) -> AssignmentPage:
    """One page of the learner's own assignments, newest first."""
    return await _page(session, person, person.user.id, after, limit)


async def count_open(session: AsyncSession, person: Principal) -> int:
    """How many of the learner's assignments are not done."""
    repository = AssignmentRepository(session, person.organisation_id)
    return await repository.count(person.user.id, only_open=True)


async def change(
    session: AsyncSession, person: Principal, assignment_id: UUID, data: AssignmentChange
) -> AssignmentOut:
    """Change an assignment that one made; an administrator, anybody's.

    Raises:
        NotFoundError: There is none, or its learner is not theirs to see.
        ForbiddenError: Somebody else made it (`not_yours`).
        ConflictError: It was changed since it was read (`changed_meanwhile`, with the present one).
    """
    kept, author = await _own(session, person, assignment_id, data.version)
    for name in data.model_fields_set - {"version"}:
        if name == "due_on" or getattr(data, name) is not None:
            setattr(kept, name, getattr(data, name))
    kept.version += 1
    await session.flush()
    return await _titled(session, kept, author, person)


async def delete(session: AsyncSession, person: Principal, assignment_id: UUID, version: int) -> None:
    """Remove an assignment that one made; an administrator, anybody's.

    Raises:
        NotFoundError: There is none, or its learner is not theirs to see.
        ForbiddenError: Somebody else made it (`not_yours`).
        ConflictError: It was changed since it was read (`changed_meanwhile`, with the present one).
    """
    kept, _ = await _own(session, person, assignment_id, version)
    await AssignmentRepository(session, person.organisation_id).delete(kept)


async def mark_done(
    session: AsyncSession, person: Principal, assignment_id: UUID, *, done: bool
) -> AssignmentOut:
    """The learner has done it, or takes that back; said twice, the first time stands.

    Raises:
        NotFoundError: It is no assignment of theirs.
    """
    found = await AssignmentRepository(session, person.organisation_id).locked(assignment_id)
    if found is None or found[0].learner_id != person.user.id:
        raise NotFoundError
    kept, author = found
    if done != (kept.done_at is not None):
        kept.done_at = utc_now() if done else None
        kept.version += 1
        await session.flush()
    return await _titled(session, kept, author, person)


async def lesson_completed(
    session: AsyncSession, organisation_id: UUID, learner_id: UUID, lesson_id: UUID
) -> None:
    """A learner has gone through a lesson: what asked for it is done."""
    for kept in await AssignmentRepository(session, organisation_id).open_for_lesson(learner_id, lesson_id):
        kept.done_at = utc_now()
        kept.version += 1
    await session.flush()


async def assigned_lessons(session: AsyncSession, person: Principal) -> dict[UUID, date | None]:
    """The lessons that the learner was asked to go through and has not, each with the day it is due."""
    return await AssignmentRepository(session, person.organisation_id).open_lessons(person.user.id)


async def _page(
    session: AsyncSession, person: Principal, learner_id: UUID, after: Mark | None, limit: int
) -> AssignmentPage:
    repository = AssignmentRepository(session, person.organisation_id)
    rows = await repository.page(learner_id, after, limit + 1)
    shown = rows[:limit]
    last = shown[-1][0] if len(rows) > limit else None
    titles = await naming.titles(session, [one.lesson_id for one, _ in shown if one.lesson_id])
    return AssignmentPage(
        items=[_shown(one, author, person, titles) for one, author in shown],
        next_cursor=encode_cursor(Mark(0, last.created_at, last.id)) if last else None,
    )


async def _own(
    session: AsyncSession, person: Principal, assignment_id: UUID, version: int
) -> tuple[Assignment, str]:
    found = await AssignmentRepository(session, person.organisation_id).locked(assignment_id)
    if found is None:
        raise NotFoundError
    kept, author = found
    await access.require_visible(session, person, kept.learner_id)
    if kept.author_id != person.user.id and person.role != MemberRole.ADMIN:
        raise ForbiddenError("Somebody else made this.", code="not_yours")
    if kept.version != version:
        raise ConflictError(
            "This was changed since you read it. Look at it as it is now, then decide.",
            code="changed_meanwhile",
            details=[{"present": (await _titled(session, kept, author, person)).model_dump(mode="json")}],
        )
    return kept, author


async def _titled(
    session: AsyncSession, kept: Assignment, author_name: str, reader: Principal
) -> AssignmentOut:
    named = await naming.titles(session, [kept.lesson_id]) if kept.lesson_id else {}
    return _shown(kept, author_name, reader, named)


def _shown(kept: Assignment, author_name: str, reader: Principal, titles: dict[UUID, str]) -> AssignmentOut:
    return AssignmentOut(
        id=kept.id,
        learner_id=kept.learner_id,
        author_name=author_name,
        mine=kept.author_id == reader.user.id,
        title=kept.title,
        body=kept.body,
        lesson_id=kept.lesson_id,
        lesson_title=titles.get(kept.lesson_id) if kept.lesson_id else None,
        due_on=kept.due_on,
        done_at=kept.done_at,
        version=kept.version,
        created_at=kept.created_at,
    )
