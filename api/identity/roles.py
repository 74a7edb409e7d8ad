"""Giving roles: an operator's business, not a person's."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import NotFoundError
from api.identity.models import MemberRole
from api.identity.repository import MembershipRepository, UserRepository
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)


async def set_role(session: AsyncSession, email: str, role: MemberRole) -> None:
    """Give a person another role in the organisation they act under; it holds from their next request.

    Raises:
        NotFoundError: Nobody has the address, or they belong to no organisation.
    """
    user = await UserRepository(session).get_by_email(email.lower())
    if user is None:
        raise NotFoundError
    await act_for(session, None, user.id)
    membership = await MembershipRepository(session).of_user(user.id)
    if membership is None:
        raise NotFoundError
    await act_for(session, membership.organisation_id)
    log.info("role set", user_id=str(membership.user_id), before=membership.role, role=role)
    membership.role = role
