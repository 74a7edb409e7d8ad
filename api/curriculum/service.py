"""Writing lessons: drafts, publishing, archiving, deleting. `api.authoring` and packs build on it.

A school's lessons are written by its instructors and administrators, together; a learner's own lesson by that
learner alone. The installation's lessons (without organisation) are nobody's to change: they are copied.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.contract.lessons import LessonContent
from api.curriculum import content as contents
from api.curriculum.attempts import service as attempts
from api.curriculum.models import Lesson, LessonVersion, VersionState
from api.curriculum.repository import LessonRepository, ObjectiveRepository
from api.database import utc_now
from api.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from api.identity.auth import Principal
from api.identity.models import MemberRole
from api.pages import Mark

MOST_LESSONS = 2_000
"""Lessons that an organisation may have."""
MOST_OWN_LESSONS = 100
"""Lessons that a learner may have for themselves."""
AUTHORS = frozenset({MemberRole.INSTRUCTOR, MemberRole.ADMIN})


@dataclass(frozen=True)
class Work:
    """A lesson as its authors see it: what is written, and what is offered."""

    lesson: Lesson
    draft: LessonVersion | None
    published: LessonVersion | None
    archived: LessonVersion | None = None
    """The newest archived version."""


async def create_draft(
    session: AsyncSession, person: Principal, content: LessonContent, *, personal: bool = False
) -> Work:
    """Begin a lesson with a draft of it.

    Args:
        session: The request's writing session.
        person: Its author.
        content: The whole lesson; where its key is taken already, a number is put behind it.
        personal: Whether it is the learner's own, which nobody else is shown.

    Raises:
        ForbiddenError: A learner writes for the organisation (`authors_only`).
        ConflictError: There are as many lessons as there may be (`too_many_lessons`).
        InvalidError: The content is refused (see `api.curriculum.content`), or names an objective that does
            not exist (`unknown_objective`).
    """
    if not personal and person.role not in AUTHORS:
        raise ForbiddenError("Instructors write the lessons of an organisation.", code="authors_only")
    learner_id = person.user.id if personal else None
    repository = LessonRepository(session)
    await repository.hold_keys(person.organisation_id)
    most = MOST_OWN_LESSONS if personal else MOST_LESSONS
    if await repository.count(person.organisation_id, learner_id) >= most:
        raise ConflictError("There are as many lessons as there may be.", code="too_many_lessons")
    key = await _free_key(repository, person.organisation_id, learner_id, content.key)
    lesson = Lesson(
        organisation_id=person.organisation_id, learner_id=learner_id, author_id=person.user.id, key=key
    )
    await repository.add(lesson)
    draft = await _new_version(session, lesson, content, 1, VersionState.DRAFT)
    return Work(lesson, draft, None)


async def save_draft(
    session: AsyncSession,
    person: Principal,
    lesson_id: UUID,
    content: LessonContent,
    *,
    revision: int | None = None,
) -> Work:
    """Keep a draft: the one that there is, or a new one beside the version that is offered.

    Args:
        session: The request's writing session.
        person: One of its authors.
        lesson_id: The lesson.
        content: The whole lesson; the lesson keeps its own key.
        revision: The draft's revision that was read; None where there was no draft.

    Raises:
        NotFoundError: There is no such lesson, or it is not the person's to see.
        ForbiddenError: It is the installation's, or a learner asks (`authors_only`).
        ConflictError: The draft was saved since it was read (`changed_meanwhile`).
        InvalidError: The content is refused.
    """
    work = await _own(session, person, lesson_id)
    require_revision(work.draft, revision)
    if work.draft is None:
        number = await LessonRepository(session).last_number(lesson_id) + 1
        draft = await _new_version(session, work.lesson, content, number, VersionState.DRAFT)
        return Work(work.lesson, draft, work.published, work.archived)
    await _fill(session, work.lesson, work.draft, content)
    work.draft.revision += 1
    await session.flush()
    return work


async def discard_draft(session: AsyncSession, person: Principal, lesson_id: UUID, revision: int) -> Work:
    """Throw a draft away; what is offered stays. A lesson that was never published is deleted instead.

    Raises:
        NotFoundError: There is no such lesson, or no draft of it.
        ForbiddenError: It is not the person's to change.
        ConflictError: The draft was saved since it was read (`changed_meanwhile`), or it is all there is of
            the lesson (`nothing_else`).
    """
    work = await _own(session, person, lesson_id)
    draft = _draft_of(work)
    require_revision(draft, revision)
    if work.published is None and work.archived is None:
        raise ConflictError(
            "This draft is all there is of the lesson: delete the lesson.", code="nothing_else"
        )
    await LessonRepository(session).delete_version(draft)
    return Work(work.lesson, None, work.published, work.archived)


async def publish(session: AsyncSession, person: Principal, lesson_id: UUID, revision: int) -> Work:
    """Offer the draft from now on; what was offered before is archived, and attempts go on with it.

    Raises:
        NotFoundError: There is no such lesson, or no draft of it.
        ForbiddenError: It is not the person's to change.
        ConflictError: The draft was saved since it was read (`changed_meanwhile`).
    """
    work = await _own(session, person, lesson_id)
    draft = _draft_of(work)
    require_revision(draft, revision)
    repository = LessonRepository(session)
    await repository.archive_published(lesson_id)
    draft.state, draft.published_at = VersionState.PUBLISHED, utc_now()
    await session.flush()
    await _note(session, person, AuditAction.LESSON_PUBLISHED, work.lesson)
    return Work(work.lesson, None, draft, work.published or work.archived)


async def archive(session: AsyncSession, person: Principal, lesson_id: UUID) -> Work:
    """Offer a lesson no more; attempts go on to their end, a draft stays. Said twice, nothing changes.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    work = await _own(session, person, lesson_id)
    if work.published is None:
        return work
    await LessonRepository(session).archive_published(lesson_id)
    await session.refresh(work.published)
    await _note(session, person, AuditAction.LESSON_ARCHIVED, work.lesson)
    return Work(work.lesson, work.draft, None, work.published)


async def delete(session: AsyncSession, person: Principal, lesson_id: UUID) -> None:
    """Delete a lesson. Where learners have tried it, it stays for their attempts alone.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    work = await _own(session, person, lesson_id)
    await _note(session, person, AuditAction.LESSON_DELETED, work.lesson)
    repository = LessonRepository(session)
    if await attempts.were_made(session, lesson_id):
        await repository.mark_deleted(work.lesson, utc_now())
    else:
        await repository.delete(work.lesson)


async def copy(session: AsyncSession, person: Principal, lesson_id: UUID, *, personal: bool = False) -> Work:
    """Begin a lesson of one's own with what another one offers, such as one of the installation's.

    Raises:
        NotFoundError: The person is offered no such lesson.
        ForbiddenError, ConflictError, InvalidError: As `create_draft`.
    """
    found = await LessonRepository(session).offered_to(person.user.id, lesson_id)
    if found is None:
        raise NotFoundError
    return await create_draft(session, person, contents.parse(found[1]), personal=personal)


async def read_work(session: AsyncSession, person: Principal, lesson_id: UUID) -> Work:
    """A lesson as its authors see it.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    return await _own(session, person, lesson_id, lock=False)


async def list_work(
    session: AsyncSession, person: Principal, *, personal: bool = False, after: Mark | None, limit: int
) -> tuple[list[Work], Mark | None]:
    """One page of the organisation's lessons, or of the learner's own, newest first, and where it ended.

    Raises:
        ForbiddenError: A learner asks for the organisation's (`authors_only`).
    """
    if not personal and person.role not in AUTHORS:
        raise ForbiddenError("Instructors write the lessons of an organisation.", code="authors_only")
    repository = LessonRepository(session)
    learner_id = person.user.id if personal else None
    rows = await repository.authored(person.organisation_id, learner_id, after, limit + 1)
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return await _works(repository, shown), Mark(0, last.created_at, last.id) if last else None


async def list_versions(session: AsyncSession, person: Principal, lesson_id: UUID) -> list[LessonVersion]:
    """All versions of a lesson, newest first, for its authors.

    Raises:
        NotFoundError: There is no such lesson.
        ForbiddenError: It is not the person's to change.
    """
    await _own(session, person, lesson_id, lock=False)
    return await LessonRepository(session).versions(lesson_id)


def require_revision(draft: LessonVersion | None, revision: int | None) -> None:
    """Refuse to write over what was saved since it was read.

    Raises:
        ConflictError: It was saved meanwhile (`changed_meanwhile`, with the present revision).
    """
    present = draft.revision if draft else None
    if present != revision:
        raise ConflictError(
            "This was changed since you read it. Look at it as it is now, then decide.",
            code="changed_meanwhile",
            details=[{"revision": present}],
        )


def _draft_of(work: Work) -> LessonVersion:
    if work.draft is None:
        raise NotFoundError("There is no draft of this lesson.")
    return work.draft


async def _own(session: AsyncSession, person: Principal, lesson_id: UUID, *, lock: bool = True) -> Work:
    """A lesson that the person may change, held until the request ends where `lock` says so."""
    repository = LessonRepository(session)
    lesson = await repository.get(lesson_id)
    if lesson is None or (lesson.learner_id not in {None, person.user.id}):
        raise NotFoundError
    if lesson.organisation_id is None:
        raise ForbiddenError("This lesson is not yours: copy it, and change the copy.", code="not_yours")
    if lesson.learner_id is None and person.role not in AUTHORS:
        raise ForbiddenError("Instructors write the lessons of an organisation.", code="authors_only")
    if lock:
        await repository.get(lesson_id, lock=True)
    [work] = await _works(repository, [lesson])
    return work


async def _works(repository: LessonRepository, lessons: list[Lesson]) -> list[Work]:
    versions = await repository.standing_versions([lesson.id for lesson in lessons])
    standing = {(one.lesson_id, one.state): one for one in versions}
    return [Work(lesson, *(standing.get((lesson.id, state)) for state in VersionState)) for lesson in lessons]


async def _free_key(
    repository: LessonRepository, organisation_id: UUID, learner_id: UUID | None, wanted: str
) -> str:
    """The wanted key, or the first free one with a number behind it."""
    key, number = wanted, 1
    while await repository.key_taken(organisation_id, learner_id, key):
        number += 1
        key = f"{wanted[:58]}-{number}"
    return key


async def _new_version(
    session: AsyncSession, lesson: Lesson, content: LessonContent, number: int, state: VersionState
) -> LessonVersion:
    version = LessonVersion(
        lesson_id=lesson.id, organisation_id=lesson.organisation_id, number=number, state=state, revision=1
    )
    await _fill(session, lesson, version, content)
    return version


async def _fill(
    session: AsyncSession, lesson: Lesson, version: LessonVersion, content: LessonContent
) -> None:
    """Put a content into a version, under the lesson's own key."""
    content = content.model_copy(update={"key": lesson.key})
    contents.require_plain(content)
    await require_objectives(session, content)
    contents.fill(version, content)
    repository = LessonRepository(session)
    await repository.add_version(version)
    await repository.map_objectives(version, content.objectives)


async def require_objectives(session: AsyncSession, content: LessonContent) -> None:
    """Refuse objectives that do not exist.

    Raises:
        InvalidError: The first one that is unknown (`unknown_objective`).
    """
    known = await ObjectiveRepository(session).known(content.objectives)
    for place, key in enumerate(content.objectives):
        if key not in known:
            problem = f"There is no objective {key}."
            raise InvalidError(
                problem,
                code="unknown_objective",
                details=[{"field": f"objectives.{place}", "problem": problem}],
            )


async def _note(session: AsyncSession, person: Principal, action: AuditAction, lesson: Lesson) -> None:
    await audit.record(session, person, action, subject=Subject("lesson", lesson.id))
