"""Organisations: making a school, belonging to several, joining, leaving, and the end of one."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.database import utc_now
from api.errors import ConflictError, InvalidError, NotFoundError
from api.identity import consents
from api.identity.auth import Principal
from api.identity.models import MemberRole, Membership, Organisation, OrganisationKind, User
from api.jobs import JobName, enqueue
from api.organisations.models import EnrolmentRole
from api.organisations.repository import (
    EnrolmentRepository,
    MemberRepository,
    OrganisationRepository,
    Part,
    ProgramRepository,
)
from api.organisations.schemas import OrganisationOut, OwnOrganisationOut, PartOut
from api.sessions import service as sessions
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

MOST_SCHOOLS = 5
"""Schools that one person may administer."""
RANK = {MemberRole.LEARNER: 0, MemberRole.INSTRUCTOR: 1, MemberRole.ADMIN: 2}


@dataclass(frozen=True)
class Place:
    """What somebody is to be in an organisation, and in one of its programs."""

    organisation_id: UUID
    role: MemberRole
    program_id: UUID | None = None

    @property
    def part(self) -> EnrolmentRole:
        """What they do in the program."""
        return EnrolmentRole.LEARNER if self.role is MemberRole.LEARNER else EnrolmentRole.INSTRUCTOR


async def create(session: AsyncSession, person: Principal, name: str) -> Principal:
    """Make a school whose administrator the person is; they act under it from then on.

    Raises:
        ConflictError: They administer enough of them (`too_many_organisations`).
    """
    belongings = await OrganisationRepository(session).belongings(person.user.id)
    administered = [one for one in belongings if _is_school(one.organisation) and _is_admin(one.membership)]
    if len(administered) >= MOST_SCHOOLS:
        raise ConflictError(
            f"You may administer at most {MOST_SCHOOLS} schools.", code="too_many_organisations"
        )
    place = Place(uuid4(), MemberRole.ADMIN)
    await act_for(session, place.organisation_id, person.user.id)
    await OrganisationRepository(session).add(place.organisation_id, name)
    await join(session, person.user, place)
    admin = Principal(person.user, place.organisation_id, MemberRole.ADMIN)
    await audit.record(session, admin, AuditAction.ORGANISATION_MADE, subject=_subject(admin))
    log.info("organisation made", organisation_id=str(place.organisation_id), user_id=str(person.user.id))
    return admin


async def mine(session: AsyncSession, person: Principal) -> list[OwnOrganisationOut]:
    """The organisations that a person belongs to, and the programs they take part in."""
    repository = OrganisationRepository(session)
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for organisation_id, part in await repository.own_programs():
        parts[organisation_id].append(part)
    return [
        OwnOrganisationOut(
            id=organisation.id,
            name=organisation.name,
            kind=OrganisationKind(organisation.kind),
            role=MemberRole(membership.role),
            joined_at=membership.created_at,
            current=organisation.id == person.organisation_id,
            programs=parts_out(parts[organisation.id]),
        )
        for organisation, membership in await repository.belongings(person.user.id)
    ]


async def switch(session: AsyncSession, user: User, organisation_id: UUID) -> None:
    """Let a person act under another of their organisations from now on.

    Raises:
        NotFoundError: They do not belong to it.
    """
    membership = await _own_membership(session, user, organisation_id)
    await act_for(session, organisation_id, user.id)
    await MemberRepository(session).choose(organisation_id, user.id, utc_now())
    await _ensure_session(session, user, organisation_id, MemberRole(membership.role))


async def join(session: AsyncSession, user: User, place: Place) -> None:
    """Give a person a place in the organisation that is acted for; they act under it from then on.

    A member keeps a higher role than the one given, and a part in the program that they have.
    """
    member = await MemberRepository(session).add(place.organisation_id, user.id, place.role, utc_now())
    if RANK[place.role] > RANK[MemberRole(member.role)]:
        member.role = place.role
    if place.program_id is not None:
        await _take_part(session, user, place, place.program_id)
    await _ensure_session(session, user, place.organisation_id, MemberRole(member.role))
    log.info("member joined", organisation_id=str(place.organisation_id), user_id=str(user.id))


async def has(session: AsyncSession, user: User, place: Place) -> bool:
    """Whether a person has a place, or a better one, in the organisation that is acted for."""
    member = await MemberRepository(session).get(place.organisation_id, user.id)
    if member is None or RANK[MemberRole(member.role)] < RANK[place.role]:
        return False
    if place.program_id is None:
        return True
    return await EnrolmentRepository(session).role_in(place.program_id, user.id) is not None


async def leave(session: AsyncSession, user: User, organisation_id: UUID) -> None:
    """Take a person out of a school. What they said there stays with it.

    Raises:
        NotFoundError: They do not belong to it.
        ConflictError: It is their own (`personal_organisation`), or they are its last administrator
            (`last_admin`).
    """
    membership = await _own_membership(session, user, organisation_id)
    await act_for(session, organisation_id, user.id)
    await require_school(session, organisation_id)
    leaving = Principal(user, organisation_id, MemberRole(membership.role))
    await remove_member(session, leaving, user.id)
    log.info("member left", organisation_id=str(organisation_id), user_id=str(user.id))


async def overview(session: AsyncSession, organisation_id: UUID) -> OrganisationOut:
    """An organisation, with how many people and programs it has."""
    organisation = await _organisation(session, organisation_id)
    counts = await MemberRepository(session).counts(organisation_id)
    return OrganisationOut(
        id=organisation.id,
        name=organisation.name,
        kind=OrganisationKind(organisation.kind),
        created_at=organisation.created_at,
        learners=counts.get(MemberRole.LEARNER, 0),
        instructors=counts.get(MemberRole.INSTRUCTOR, 0),
        admins=counts.get(MemberRole.ADMIN, 0),
        programs=await ProgramRepository(session).count(organisation_id),
    )


async def rename(session: AsyncSession, person: Principal, name: str) -> OrganisationOut:
    """Give a school another name.

    Raises:
        ConflictError: It is a personal organisation (`personal_organisation`).
    """
    organisation = await require_school(session, person.organisation_id)
    organisation.name = name
    await session.flush()
    await audit.record(
        session,
        person,
        AuditAction.ORGANISATION_CHANGED,
        subject=_subject(person),
        details={"what": "name"},
    )
    return await overview(session, person.organisation_id)


async def close(session: AsyncSession, person: Principal, name: str) -> None:
    """End a school: everybody is out at once, and a job erases what was said in it.

    Its people keep their accounts and their personal organisations.

    Args:
        name: The school's own name, given to confirm.

    Raises:
        ConflictError: It is a personal organisation (`personal_organisation`).
        InvalidError: The name is another (`name_mismatch`).
    """
    organisation = await require_school(session, person.organisation_id)
    if organisation.name != name.strip():
        raise InvalidError("This is not the school's name.", code="name_mismatch")
    key = str(organisation.id)
    await audit.record(
        session,
        person,
        AuditAction.ORGANISATION_CHANGED,
        subject=_subject(person),
        details={"what": "closed"},
    )
    await OrganisationRepository(session).remove_people(organisation.id)
    await enqueue(session, JobName.ERASE_ORGANISATION, {"organisation_id": key})
    log.info("organisation closed", organisation_id=key)


async def require_school(session: AsyncSession, organisation_id: UUID) -> Organisation:
    """Return an organisation that several people can belong to.

    Raises:
        ConflictError: It is a personal one (`personal_organisation`).
    """
    organisation = await _organisation(session, organisation_id)
    if not _is_school(organisation):
        raise ConflictError("This is a personal organisation.", code="personal_organisation")
    return organisation


async def remove_member(session: AsyncSession, person: Principal, user_id: UUID) -> None:
    """Take somebody out of an organisation and its programs; its consent to their practice ends.

    Raises:
        NotFoundError: They do not belong to it.
        ConflictError: They are its last administrator (`last_admin`).
    """
    membership = await locked_member(session, person.organisation_id, user_id)
    await require_another_admin(session, membership)
    await consents.end_with_membership(session, person.organisation_id, user_id)
    await MemberRepository(session).remove(membership)
    await audit.record(
        session, person, AuditAction.MEMBER_REMOVED, subject=_subject(person), learner_id=user_id
    )


async def locked_member(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> Membership:
    """A membership that is to be changed, while nobody else changes one of the same organisation.

    Raises:
        NotFoundError: The person does not belong to it.
    """
    await OrganisationRepository(session).get(organisation_id, lock=True)
    membership = await MemberRepository(session).get(organisation_id, user_id, lock=True)
    if membership is None:
        raise NotFoundError
    return membership


async def require_another_admin(session: AsyncSession, membership: Membership) -> None:
    """Refuse where an organisation would be left without an administrator.

    Raises:
        ConflictError: This is the last one (`last_admin`).
    """
    if not _is_admin(membership):
        return
    counts = await MemberRepository(session).counts(membership.organisation_id)
    if counts.get(MemberRole.ADMIN, 0) <= 1:
        raise ConflictError("A school keeps at least one administrator.", code="last_admin")


def parts_out(parts: list[Part]) -> list[PartOut]:
    """Programs as they are shown beside a person."""
    return [PartOut(id=part.program_id, name=part.name, role=EnrolmentRole(part.role)) for part in parts]


async def _take_part(session: AsyncSession, user: User, place: Place, program_id: UUID) -> None:
    enrolments = EnrolmentRepository(session)
    program = await ProgramRepository(session).get(place.organisation_id, program_id)
    if program is None or await enrolments.role_in(program_id, user.id) is not None:
        return
    await enrolments.put(program, user.id, place.part)


async def _ensure_session(session: AsyncSession, user: User, organisation_id: UUID, role: MemberRole) -> None:
    await sessions.create_default(session, Principal(user, organisation_id, role))


async def _own_membership(session: AsyncSession, user: User, organisation_id: UUID) -> Membership:
    membership = await MemberRepository(session).get(organisation_id, user.id)
    if membership is None:
        raise NotFoundError
    return membership


async def _organisation(session: AsyncSession, organisation_id: UUID) -> Organisation:
    organisation = await OrganisationRepository(session).get(organisation_id)
    if organisation is None:
        raise NotFoundError
    return organisation


def _subject(person: Principal) -> Subject:
    return Subject("organisation", person.organisation_id)


def _is_school(organisation: Organisation) -> bool:
    return organisation.kind == OrganisationKind.SCHOOL


def _is_admin(membership: Membership) -> bool:
    return membership.role == MemberRole.ADMIN
