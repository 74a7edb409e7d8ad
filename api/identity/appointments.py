"""The first people of an installation: accounts made, or given more to do, by whoever holds the server."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from api.database import utc_now
from api.errors import ConflictError
from api.identity import service
from api.identity.auth import Principal, UserManager
from api.identity.models import MemberRole, Organisation, OrganisationKind, User
from api.identity.repository import MembershipRepository, UserRepository
from api.identity.schemas import Register
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class Appointment:
    """What somebody is to be: operator of the installation, administrator of a school, or both."""

    operator: bool = False
    school: str | None = None
    """The school's name; it is made where there is none of that name."""


async def known(session: AsyncSession, email: str) -> User | None:
    """The account of an address."""
    return await UserRepository(session).get_by_email(email.lower())


async def make(session: AsyncSession, manager: UserManager, data: Register) -> Principal:
    """Make an account whose address counts as confirmed: who holds the server vouches for it.

    Raises:
        InvalidError: The password breaks the rules (`weak_password`).
        ConflictError: The address has an account already (`email_taken`).
    """
    person = await service.sign_up(session, manager, data)
    _vouch(person.user)
    return person


async def appoint(session: AsyncSession, user: User, appointment: Appointment) -> Principal | None:
    """Give a person what they are appointed to; done twice, it changes nothing. A closed account opens.

    Returns:
        Their place in the school that they administer now, for which the session acts from then on.

    Raises:
        ConflictError: Several schools have the name (`school_ambiguous`).
    """
    _vouch(user)
    user.is_active = True
    user.is_superuser = user.is_superuser or appointment.operator
    log.info("appointed", user_id=str(user.id), operator=appointment.operator)
    return None if appointment.school is None else await _administer(session, user, appointment.school)


def _vouch(user: User) -> None:
    if not user.is_verified:
        user.is_verified, user.email_verified_at = True, utc_now()


async def _administer(session: AsyncSession, user: User, name: str) -> Principal:
    """Let somebody administer a school; they act under it from then on."""
    members = MembershipRepository(session)
    await act_for(session, None, user.id, operator=True)
    organisation_id = await _school(members, name)
    await act_for(session, organisation_id, user.id, operator=True)
    membership = await members.member(organisation_id, user.id)
    if membership is None:
        membership = await members.add(organisation_id, user.id, MemberRole.ADMIN)
    membership.role, membership.chosen_at = MemberRole.ADMIN, utc_now()
    return Principal(user, organisation_id, MemberRole.ADMIN)


async def _school(members: MembershipRepository, name: str) -> UUID:
    found = await members.schools_named(name)
    if len(found) > 1:
        raise ConflictError("Several schools have this name.", code="school_ambiguous")
    if found:
        return found[0].id
    made: Organisation = await members.create_organisation(uuid4(), name, OrganisationKind.SCHOOL)
    return made.id
