"""Lesson packs: an organisation's lessons as one JSON document, out and in again."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.curriculum import content as contents
from api.curriculum import service
from api.curriculum.repository import LessonRepository
from api.curriculum.schemas import MOST_IN_PACK, LessonPack, PackImport, PackImported
from api.errors import AvaazError, InvalidError, NotFoundError
from api.identity.auth import Principal


async def export(session: AsyncSession, person: Principal, lesson_ids: list[UUID]) -> LessonPack:
    """The organisation's own lessons as they are offered, or those of them that are named.

    Raises:
        NotFoundError: One that is named is not the organisation's, or there is nothing to export
            (`nothing_to_export`).
        InvalidError: There are more than a pack takes (`pack_too_large`): name some.
    """
    offered = await LessonRepository(session).published_of(person.organisation_id, lesson_ids)
    if len(offered) < len(set(lesson_ids)):
        raise NotFoundError
    if not offered:
        raise NotFoundError("There is no lesson of yours that is published.", code="nothing_to_export")
    if len(offered) > MOST_IN_PACK:
        raise InvalidError(f"A pack takes {MOST_IN_PACK} lessons. Choose some.", code="pack_too_large")
    return LessonPack(lessons=[contents.parse(version) for version in offered])


async def take_in(session: AsyncSession, person: Principal, pack: PackImport) -> PackImported:
    """Add a pack's lessons, all or none; one that is offered here in the same words is left out.

    Raises:
        ForbiddenError: A learner asks (`authors_only`).
        ConflictError: There are as many lessons as there may be (`too_many_lessons`).
        InvalidError: A lesson is refused; the details name its place in the pack.
    """
    here = await LessonRepository(session).hashes_of(person.organisation_id)
    made: list[UUID] = []
    already_here: list[str] = []
    for place, content in enumerate(pack.lessons):
        if contents.hash_of(content) in here:
            already_here.append(content.key)
            continue
        try:
            work = await service.create_draft(session, person, content)
        except InvalidError as error:
            raise _at(place, error) from error
        if pack.publish:
            await service.publish(session, person, work.lesson.id, revision=1)
        here.add(contents.hash_of(content))
        made.append(work.lesson.id)
    details = {"lessons": len(made), "published": pack.publish}
    await audit.record(session, person, AuditAction.LESSONS_IMPORTED, details={**details})
    return PackImported(made=made, already_here=already_here)


def _at(place: int, error: AvaazError) -> InvalidError:
    details = [
        {**one, "field": f"lessons.{place}.{one['field']}" if "field" in one else f"lessons.{place}"}
        for one in error.details or [{}]
    ]
    return InvalidError(error.message, code=error.code, details=details)
