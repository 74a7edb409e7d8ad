"""All SQL about invitations."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.models import Organisation
from api.invitations.models import Invitation
from api.organisations.models import Program


class Found(NamedTuple):
    """An invitation with what it is to."""

    invitation: Invitation
    organisation: Organisation
    program: Program | None


class InvitationRepository:
    """Invitations; all but `organisation_of` are asked within the organisation that is acted for."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def organisation_of(self, invitation_id: UUID) -> UUID | None:
        """Whose an invitation is, before it is known whose rows are meant."""
        found: UUID | None = await self.session.scalar(
            select(func.organisation_of_invitation(invitation_id, type_=Uuid()))
        )
        return found

    async def add(self, *invitations: Invitation) -> None:
        """Add invitations."""
        self.session.add_all(invitations)
        await self.session.flush()

    async def find(self, organisation_id: UUID, invitation_id: UUID, *, lock: bool = False) -> Found | None:
        """An invitation of an organisation; held until the transaction ends where `lock` says so."""
        query = _found(organisation_id).where(Invitation.id == invitation_id)
        if lock:
            query = query.with_for_update(of=Invitation)
        row = (await self.session.execute(query)).one_or_none()
        return Found(*row) if row else None

    async def newest(self, organisation_id: UUID, most: int) -> list[Found]:
        """The newest invitations of an organisation."""
        query = _found(organisation_id).order_by(Invitation.created_at.desc(), Invitation.id).limit(most)
        return [Found(*row) for row in await self.session.execute(query)]

    async def count_open(self, organisation_id: UUID, now: datetime) -> int:
        """How many invitations of an organisation can still be accepted."""
        query = select(func.count(Invitation.id)).where(
            Invitation.organisation_id == organisation_id, _is_open(now)
        )
        return int(await self.session.scalar(query) or 0)

    async def replace(
        self, organisation_id: UUID, program_id: UUID | None, emails: Sequence[str], now: datetime
    ) -> None:
        """Take back the open invitations of these addresses to the same place."""
        await self.session.execute(
            update(Invitation)
            .where(
                Invitation.organisation_id == organisation_id,
                Invitation.program_id.is_not_distinct_from(program_id),
                Invitation.email.in_(emails),
                _is_open(now),
            )
            .values(revoked_at=now)
        )

    async def delete_ended_before(self, organisation_id: UUID, moment: datetime) -> None:
        """Remove an organisation's invitations that ended before `moment`, with their addresses."""
        used_up = and_(Invitation.uses >= Invitation.max_uses, Invitation.updated_at < moment)
        await self.session.execute(
            delete(Invitation).where(
                Invitation.organisation_id == organisation_id,
                or_(Invitation.expires_at < moment, Invitation.revoked_at < moment, used_up),
            )
        )

    async def delete_all(self, organisation_id: UUID) -> None:
        """Remove every invitation of an organisation."""
        await self.session.execute(delete(Invitation).where(Invitation.organisation_id == organisation_id))


def _found(organisation_id: UUID) -> Select[tuple[Invitation, Organisation, Program]]:
    return (
        select(Invitation, Organisation, Program)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Program, Program.id == Invitation.program_id)
        .where(Invitation.organisation_id == organisation_id)
    )


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
        Invitation.uses < Invitation.max_uses,
    )
