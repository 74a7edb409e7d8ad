"""Trying a draft, publishing, archiving, deleting, the history of a lesson, and giving it to learners."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.assignments import service as assignments
from api.assignments.schemas import TITLE_CHARACTERS, NewAssignment
from api.authoring.checking import check
from api.authoring.drafts import (
    Desk,
    desk_of,
    held_desk,
    require_seen,
    require_usable,
    shown,
)
from api.authoring.history import changes
from api.authoring.repository import DraftRepository
from api.authoring.schemas import (
    AssignedOut,
    AttemptBegun,
    ChangeOut,
    DraftOut,
    LessonAssignment,
    VersionDetail,
    VersionList,
    VersionOut,
)
from api.authoring.wishes import known
from api.curriculum import content as contents
from api.curriculum import naming
from api.curriculum import service as curriculum
from api.curriculum.attempts import service as attempts
from api.curriculum.attempts.service import Taken
from api.curriculum.models import LessonVersion, VersionState
from api.errors import ConflictError, NotFoundError
from api.identity.auth import Principal
from api.organisations import access

MOST_AT_ONCE: Final = 300
"""Learners that a lesson is given to in one go."""


async def preview(session: AsyncSession, person: Principal, lesson_id: UUID) -> AttemptBegun:
    """Let the author talk to the lesson as it stands, in their next call; nothing of it counts.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
        InvalidError: It is not whole (`lesson_unfinished`).
    """
    desk = await desk_of(session, person, lesson_id)
    await _require_usable(session, desk)
    return begun(await attempts.try_draft(session, person, desk.base))


async def publish(session: AsyncSession, person: Principal, lesson_id: UUID, version: str) -> DraftOut:
    """Offer the draft to learners from now on; who is in the middle goes on with what they began.

    Raises:
        NotFoundError: There is no such lesson, or nothing new in it.
        ForbiddenError: It is not the person's to change.
        ConflictError: It was saved since it was read (`changed_meanwhile`).
        InvalidError: It is not whole (`lesson_unfinished`).
    """
    desk = await held_desk(session, person, lesson_id)
    await require_seen(session, desk, version)
    await _require_usable(session, desk)
    if desk.work.draft is None:
        raise NotFoundError("There is no draft of this lesson.", code="no_draft")
    work = await curriculum.publish(session, person, lesson_id, desk.work.draft.revision)
    return await shown(session, Desk(work, None))


async def archive(session: AsyncSession, person: Principal, lesson_id: UUID) -> DraftOut:
    """Offer a lesson no more; who is in the middle comes to its end.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    desk = await held_desk(session, person, lesson_id)
    work = await curriculum.archive(session, person, lesson_id)
    return await shown(session, Desk(work, desk.unfinished))


async def delete(session: AsyncSession, person: Principal, lesson_id: UUID) -> None:
    """Delete a lesson; attempts at it stay.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    await curriculum.delete(session, person, lesson_id)


async def discard(session: AsyncSession, person: Principal, lesson_id: UUID, version: str) -> DraftOut:
    """Throw the draft away and go back to what is offered.

    Raises:
        NotFoundError: There is no such lesson, or no draft of it.
        ForbiddenError: It is not the person's to change.
        ConflictError: It was saved since it was read (`changed_meanwhile`), or the draft is all there is
            (`nothing_else`).
    """
    desk = await held_desk(session, person, lesson_id)
    await require_seen(session, desk, version)
    work = desk.work
    if work.published is None and work.archived is None:
        raise ConflictError(
            "This draft is all there is of the lesson: delete the lesson.", code="nothing_else"
        )
    if desk.unfinished is not None:
        await DraftRepository(session).delete(desk.unfinished)
    elif work.draft is None:
        raise NotFoundError("There is no draft of this lesson.", code="no_draft")
    if work.draft is not None:
        work = await curriculum.discard_draft(session, person, lesson_id, work.draft.revision)
    return await shown(session, Desk(work, None))


async def list_versions(session: AsyncSession, person: Principal, lesson_id: UUID) -> VersionList:
    """All versions of a lesson, newest first.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    versions = await curriculum.list_versions(session, person, lesson_id)
    return VersionList(items=[VersionOut(**_version(one)) for one in versions])


async def read_version(
    session: AsyncSession, person: Principal, lesson_id: UUID, number: int
) -> VersionDetail:
    """A version with what it changed.

    Raises:
        NotFoundError: There is no such lesson, or no such version of it.
        ForbiddenError: It is not the person's to change.
    """
    versions = await curriculum.list_versions(session, person, lesson_id)
    version = _numbered(versions, number)
    before = next((one for one in versions if one.number < number), None)
    differs = changes(before.content, version.content) if before else []
    return VersionDetail(
        **_version(version),
        content=version.content,
        against=before.number if before else None,
        changes=[ChangeOut(**vars(one)) for one in differs],
    )


async def revert(
    session: AsyncSession, person: Principal, lesson_id: UUID, number: int, seen: str
) -> DraftOut:
    """Make an older version the draft again; it is offered once it is published.

    Raises:
        NotFoundError: There is no such lesson, or no such version of it.
        ForbiddenError: It is not the person's to change.
        ConflictError: It was saved since it was read (`changed_meanwhile`).
        InvalidError: The version is refused today, because an objective is gone (`unknown_objective`).
    """
    desk = await held_desk(session, person, lesson_id)
    await require_seen(session, desk, seen)
    version = _numbered(await curriculum.list_versions(session, person, lesson_id), number)
    if desk.unfinished is not None:
        await DraftRepository(session).delete(desk.unfinished)
    draft = desk.work.draft
    work = await curriculum.save_draft(
        session, person, lesson_id, contents.parse(version), revision=draft.revision if draft else None
    )
    return await shown(session, Desk(work, None))


async def assign(
    session: AsyncSession, person: Principal, lesson_id: UUID, data: LessonAssignment
) -> AssignedOut:
    """Give a lesson to a learner, or to everybody in a program whom the person may see.

    Raises:
        NotFoundError: There is no such lesson to assign (`no_such_lesson`), or nobody to give it to.
        ConflictError: The learner's list is full (`too_many`).
    """
    lesson = await naming.require_assignable(session, lesson_id)
    task = NewAssignment(
        title=lesson.title[:TITLE_CHARACTERS], body=data.body, due_on=data.due_on, lesson_id=lesson_id
    )
    if data.learner_id is not None:
        await assignments.assign(session, person, data.learner_id, task)
        return AssignedOut(assigned=1, full=0)
    visible = access.visible_learners(person, data.program_id)
    learners = await DraftRepository(session).learners(visible, MOST_AT_ONCE)
    if not learners:
        raise NotFoundError
    full = 0
    for learner_id in learners:
        try:
            await assignments.assign(session, person, learner_id, task)
        except ConflictError:
            full += 1
    return AssignedOut(assigned=len(learners) - full, full=full)


def begun(taken: Taken) -> AttemptBegun:
    """That a lesson is the plan of the person's next call."""
    return AttemptBegun(
        attempt_id=taken.attempt.id,
        lesson_id=taken.attempt.lesson_id,
        title=taken.version.title,
        open_call_id=taken.open_call_id,
    )


async def _require_usable(session: AsyncSession, desk: Desk) -> None:
    require_usable(check(desk.content, await known(session)))


def _numbered(versions: Sequence[LessonVersion], number: int) -> LessonVersion:
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise NotFoundError
    return found


def _version(version: LessonVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "state": VersionState(version.state),
        "title": version.title,
        "published_at": version.published_at,
        "changed_at": version.updated_at,
    }
