"""What others need to know of a lesson by its key: whether it can be assigned, and what it is called."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.curriculum.models import LessonVersion, VersionState
from api.curriculum.repository import LessonRepository
from api.errors import NotFoundError


async def require_assignable(session: AsyncSession, lesson_id: UUID) -> LessonVersion:
    """The published version of a lesson that an instructor may ask learners to go through.

    Raises:
        NotFoundError: The organisation is offered no such lesson, or it is a learner's own
            (`no_such_lesson`).
    """
    repository = LessonRepository(session)
    lesson = await repository.get(lesson_id)
    published = await repository.version(lesson_id, VersionState.PUBLISHED)
    if lesson is None or lesson.learner_id is not None or published is None:
        raise NotFoundError("There is no such lesson.", code="no_such_lesson")
    return published


async def titles(session: AsyncSession, lesson_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What lessons are called: by the version that is offered, else by the newest that was."""
    if not lesson_ids:
        return {}
    versions = await LessonRepository(session).standing_versions(lesson_ids)
    order = (VersionState.DRAFT, VersionState.ARCHIVED, VersionState.PUBLISHED)
    versions.sort(key=lambda one: order.index(VersionState(one.state)))
    return {one.lesson_id: one.title for one in versions}
