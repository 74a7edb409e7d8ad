"""Whom an instructor or administrator may see: other domains ask here."""

from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import NotFoundError
from api.identity.auth import Principal
from api.organisations import repository


def visible_learners(person: Principal, program_id: UUID | None = None) -> Select[tuple[UUID]]:
    """The ids (`user_id`) of the learners that a person may look at, for a condition in another query.

    Administrators: the learners of their organisation. Instructors: those of the programs that they teach.
    Learners: nobody.

    Args:
        person: Who looks.
        program_id: Only learners of this program.
    """
    return repository.visible_learners(person, program_id)


async def require_visible(session: AsyncSession, person: Principal, learner_id: UUID) -> None:
    """Admit only who may look at this learner.

    Raises:
        NotFoundError: The learner does not exist or is not theirs to see.
    """
    if not await repository.EnrolmentRepository(session).is_visible(person, learner_id):
        raise NotFoundError
