"""People: finding them, their roles, closing and opening accounts. What they said is never among it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.desk import Desk
from api.administration.repository import PeopleRepository, Place
from api.administration.schemas import PersonOut, PersonPage, PlaceOut, RoleChange
from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.credentials import service as credentials
from api.errors import ConflictError, ForbiddenError, NotFoundError
from api.identity import recovery
from api.identity import service as identity
from api.identity.auth import Principal
from api.identity.models import MemberRole, User
from api.organisations import members
from api.pages import Mark, encode_cursor
from api.privacy import erasure
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)


async def page(
    session: AsyncSession, organisation_id: UUID | None, search: str, *, after: Mark | None, limit: int
) -> PersonPage:
    """People whose name holds `search`, or whose whole address it is; the newest accounts first.

    Args:
        session: Acts for the desk.
        organisation_id: Only its members; None for everybody.
        search: Empty for all.
        after: Where the last page ended.
        limit: Most people of the page.
    """
    people = PeopleRepository(session)
    found = await people.page(organisation_id, search.strip(), after, limit + 1)
    shown = found[:limit]
    places = await people.places([user.id for user in shown], organisation_id)
    last = shown[-1] if len(found) > limit else None
    return PersonPage(
        items=[_shown(user, places) for user in shown],
        next_cursor=encode_cursor(Mark(0, last.created_at, last.id)) if last else None,
    )


async def read(session: AsyncSession, desk: Desk, user: User) -> PersonOut:
    """One person."""
    return _shown(user, await PeopleRepository(session).places([user.id], desk.organisation_id))


async def find(session: AsyncSession, desk: Desk, user_id: UUID) -> User:
    """A person of the desk's.

    Raises:
        NotFoundError: There is none, or they belong to another organisation.
    """
    user = await PeopleRepository(session).one(user_id, desk.organisation_id)
    if user is None:
        raise NotFoundError
    return user


async def set_role(
    session: AsyncSession, settings: Settings, desk: Desk, user: User, change: RoleChange
) -> None:
    """Give a person another role in an organisation; it holds from their next request.

    Raises:
        NotFoundError: The person is no member of it, or it is not the desk's.
        ConflictError: It is the last administrator's (`last_admin`), or a personal organisation.
    """
    organisation_id = await desk.narrowed(session, change.organisation_id)
    if organisation_id is None:
        raise NotFoundError
    who = desk.person.user
    await act_for(session, organisation_id, who.id, operator=desk.is_operator)
    acting = Principal(who, organisation_id, MemberRole.ADMIN)
    await members.set_role(session, settings, acting, user.id, change.role)


async def set_active(session: AsyncSession, desk: Desk, user: User, *, active: bool) -> None:
    """Close an account, so that nothing opens it, or open it again. What was kept stays.

    Raises:
        ConflictError: It is one's own account (`own_account`).
    """
    _require_other(desk, user)
    if user.is_active == active:
        return
    user.is_active = active
    if not active:
        await _sign_out(session, user)
    await _note(session, desk, user, "reactivated" if active else "deactivated")


async def erase(session: AsyncSession, settings: Settings, desk: Desk, user: User, email: str) -> None:
    """Erase a person for good, as they could themselves: on their word, by letter, when they cannot sign in.

    Raises:
        ConflictError: It is one's own account (`own_account`), an operator's (`operators_account`), or the
            address is not theirs (`address_differs`).
    """
    _require_other(desk, user)
    if user.is_superuser:
        raise ConflictError("This is an operator's account.", code="operators_account")
    if email.lower() != user.email:
        raise ConflictError("This is not the address of the account.", code="address_differs")
    places = await PeopleRepository(session).places([user.id], None)
    here = places[0].organisation_id if places else desk.person.organisation_id
    await act_for(session, here, user.id)
    await erasure.erase_account(session, settings, Principal(user, here, MemberRole.LEARNER))
    who = desk.person
    await act_for(session, who.organisation_id, who.user.id, operator=True)
    await audit.record(session, who, AuditAction.ACCOUNT_ERASED, details={"by": "operator"})
    log.info("account erased by administration")


async def sign_out(session: AsyncSession, desk: Desk, user: User) -> None:
    """Sign a person's browsers and API clients out. Their API keys stay.

    Raises:
        ForbiddenError: The person is an operator and the desk is none (`operators_account`).
    """
    _require_reach(desk, user)
    await _sign_out(session, user)
    await _note(session, desk, user, "signed_out")


async def resend_verification(session: AsyncSession, desk: Desk, user: User) -> None:
    """Mail the link that confirms the address once more.

    Raises:
        ConflictError: It is confirmed already (`already_verified`).
    """
    await recovery.send_verification(session, user)
    await _note(session, desk, user, "verification_sent")


async def _sign_out(session: AsyncSession, user: User) -> None:
    await identity.end_all_devices(session, user)
    await credentials.revoke_all_clients(session, user.id)


def _require_other(desk: Desk, user: User) -> None:
    if user.id == desk.person.user.id:
        raise ConflictError("Somebody else has to do this to your own account.", code="own_account")


def _require_reach(desk: Desk, user: User) -> None:
    if user.is_superuser and not desk.is_operator:
        raise ForbiddenError("This is an operator's account.", code="operators_account")


async def _note(session: AsyncSession, desk: Desk, user: User, what: str) -> None:
    await audit.record(
        session,
        desk.person,
        AuditAction.ACCOUNT_CHANGED,
        subject=Subject("user", user.id),
        learner_id=user.id,
        details={"change": what},
    )
    log.info("account changed by administration", user_id=str(user.id), change=what)


def _shown(user: User, places: list[Place]) -> PersonOut:
    return PersonOut(
        id=user.id,
        email=user.email,
        display_name=user.display_name,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
        is_active=user.is_active,
        email_verified=user.is_verified,
        is_operator=user.is_superuser,
        places=[PlaceOut.model_validate(place) for place in places if place.user_id == user.id],
    )
