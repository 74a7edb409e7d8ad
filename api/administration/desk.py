"""Who may run what: operators the installation, administrators their own organisation."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.repository import OrganisationRepository
from api.errors import ForbiddenError, NotFoundError
from api.identity.auth import CurrentPrincipal, Principal
from api.identity.models import MemberRole


@dataclass(frozen=True)
class Desk:
    """Somebody who runs the installation, or one organisation.

    `organisation_id` is what their pages are restricted to; None for an operator, who sees everything.
    """

    person: Principal
    organisation_id: UUID | None

    @property
    def is_operator(self) -> bool:
        """Whether the whole installation is theirs to run."""
        return self.organisation_id is None

    async def narrowed(self, session: AsyncSession, organisation_id: UUID | None) -> UUID | None:
        """The organisation that a request is about, where it names one.

        Raises:
            NotFoundError: It does not exist, or is not theirs.
        """
        if organisation_id is None or organisation_id == self.organisation_id:
            return self.organisation_id
        if not self.is_operator or await OrganisationRepository(session).one(organisation_id) is None:
            raise NotFoundError
        return organisation_id


async def desk(person: CurrentPrincipal) -> Desk:
    """Admit operators and administrators.

    Raises:
        ForbiddenError: The person is neither.
    """
    if person.user.is_superuser:
        return Desk(person, None)
    if person.role is MemberRole.ADMIN:
        return Desk(person, person.organisation_id)
    raise ForbiddenError


CurrentDesk = Annotated[Desk, Depends(desk)]


async def operators_desk(found: CurrentDesk) -> Desk:
    """Admit operators alone.

    Raises:
        ForbiddenError: The person is none.
    """
    if not found.is_operator:
        raise ForbiddenError
    return found


OperatorsDesk = Annotated[Desk, Depends(operators_desk)]
