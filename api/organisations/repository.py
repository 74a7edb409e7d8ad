"""All SQL about programs and who takes part in them."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from api.identity.auth import Principal
from api.identity.models import MemberRole, Membership
from api.organisations.models import Enrolment, EnrolmentRole


def visible_learners(person: Principal, program_id: UUID | None = None) -> Select[tuple[UUID]]:
    """The ids of the learners that a person may look at, as a subquery.

    Administrators: the learners of their organisation. Instructors: those of the programs that they teach.
    Learners: nobody.

    Args:
        person: Who looks.
        program_id: Only learners of this program.
    """
    if person.role == MemberRole.ADMIN:
        return _of_organisation(person, program_id)
    return _of_taught(person, program_id)


def _of_organisation(person: Principal, program_id: UUID | None) -> Select[tuple[UUID]]:
    if program_id is None:
        return select(Membership.user_id).where(
            Membership.organisation_id == person.organisation_id, Membership.role == MemberRole.LEARNER
        )
    return select(Enrolment.user_id).where(
        Enrolment.organisation_id == person.organisation_id,
        Enrolment.program_id == program_id,
        Enrolment.role == EnrolmentRole.LEARNER,
    )


def _of_taught(person: Principal, program_id: UUID | None) -> Select[tuple[UUID]]:
    taught = aliased(Enrolment)
    query = (
        select(Enrolment.user_id)
        .join(taught, taught.program_id == Enrolment.program_id)
        .where(
            Enrolment.organisation_id == person.organisation_id,
            Enrolment.role == EnrolmentRole.LEARNER,
            taught.user_id == person.user.id,
            taught.role == EnrolmentRole.INSTRUCTOR,
        )
    )
    if program_id is not None:
        query = query.where(Enrolment.program_id == program_id)
    return query.distinct()


class EnrolmentRepository:
    """Who takes part in programs."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def is_visible(self, person: Principal, learner_id: UUID) -> bool:
        """Whether a person may look at this learner."""
        visible = visible_learners(person).subquery()
        found = await self.session.execute(select(visible).where(visible.c.user_id == learner_id))
        return found.first() is not None
