"""Members of a school: who they are, what they may do, and who must still agree to their practice."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.errors import NotFoundError
from api.identity import consents
from api.identity.auth import Principal
from api.identity.models import MemberRole, Membership, User
from api.identity.schemas import ConsentState
from api.organisations import service
from api.organisations.repository import EnrolmentRepository, MemberFilter, MemberRepository, Part
from api.organisations.schemas import MemberOut, MemberPage
from api.pages import Mark, encode_cursor
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)


async def list_members(
    session: AsyncSession, settings: Settings, wanted: MemberFilter, *, after: Mark | None, limit: int
) -> MemberPage:
    """One page of an organisation's members, the newest first."""
    members = MemberRepository(session)
    rows = await members.page(wanted, after, limit + 1)
    shown = rows[:limit]
    last = shown[-1][0] if len(rows) > limit else None
    return MemberPage(
        items=await _out(session, settings, wanted.organisation_id, shown),
        next_cursor=encode_cursor(Mark(0, last.created_at, last.id)) if last else None,
        total=await members.count(wanted),
    )


async def set_role(
    session: AsyncSession, settings: Settings, person: Principal, user_id: UUID, role: MemberRole
) -> MemberOut:
    """Give a member another role; who becomes a learner teaches no program any more.

    Raises:
        NotFoundError: They do not belong to the organisation.
        ConflictError: It is a personal organisation (`personal_organisation`), or they are the last
            administrator (`last_admin`).
    """
    organisation_id = person.organisation_id
    await service.require_school(session, organisation_id)
    membership = await service.locked_member(session, organisation_id, user_id)
    if role is not MemberRole.ADMIN:
        await service.require_another_admin(session, membership)
    if role is MemberRole.LEARNER:
        await EnrolmentRepository(session).stop_teaching(organisation_id, user_id)
    await audit.record(
        session,
        person,
        AuditAction.MEMBER_CHANGED,
        subject=Subject("organisation", organisation_id),
        learner_id=user_id,
        details={"before": membership.role, "role": role.value},
    )
    membership.role = role
    await session.flush()
    log.info("role set", user_id=str(user_id), role=role)
    found = await MemberRepository(session).account(organisation_id, user_id)
    if found is None:
        raise NotFoundError
    return (await _out(session, settings, organisation_id, [found]))[0]


async def remove(session: AsyncSession, person: Principal, user_id: UUID) -> None:
    """Take somebody out of the organisation. Their account stays, what they said here stays here.

    Raises:
        NotFoundError: They do not belong to it.
        ConflictError: It is a personal organisation (`personal_organisation`), or they are the last
            administrator (`last_admin`).
    """
    await service.require_school(session, person.organisation_id)
    await service.remove_member(session, person, user_id)
    log.info("member removed", user_id=str(user_id), by=str(person.user.id))


async def _out(
    session: AsyncSession,
    settings: Settings,
    organisation_id: UUID,
    rows: Sequence[tuple[Membership, User]],
) -> list[MemberOut]:
    users = [user for _, user in rows]
    learners = [user for membership, user in rows if membership.role == MemberRole.LEARNER]
    states = await consents.states_of(session, settings, learners)
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for part in await EnrolmentRepository(session).parts_of(organisation_id, [user.id for user in users]):
        parts[part.user_id].append(part)
    return [
        MemberOut(
            id=user.id,
            display_name=user.display_name,
            email=user.email,
            role=MemberRole(membership.role),
            joined_at=membership.created_at,
            programs=service.parts_out(parts[user.id]),
            consent=states.get(user.id, ConsentState.NOT_NEEDED),
        )
        for membership, user in rows
    ]
