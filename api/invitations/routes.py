"""Routes under /api/v1 about invitations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.database import Session
from api.identity.auth import AppSettings, CurrentUser, Principal, RequireRole
from api.identity.models import MemberRole
from api.identity.schemas import LinkBody
from api.invitations import service
from api.invitations.schemas import (
    InvitationList,
    InvitationLook,
    InvitationOut,
    JoinedOut,
    LinkWanted,
    MailsWanted,
)
from api.rate_limit import ClientAddress, Limiter

router = APIRouter(prefix="/invitations", tags=["invitations"])
Admin = Annotated[Principal, Depends(RequireRole(MemberRole.ADMIN))]


@router.post("/look", response_model=InvitationLook)
async def look(
    data: LinkBody, session: Session, settings: AppSettings, limiter: Limiter, address: ClientAddress
) -> InvitationLook:
    """What an invitation is to, before signing in: the school's name and the program's, and no more."""
    limiter.join.take(address)
    return await service.look(session, settings, data.token)


@router.post("/accept", response_model=JoinedOut)
async def accept(  # noqa: PLR0917 - FastAPI passes each by name
    data: LinkBody,
    user: CurrentUser,
    session: Session,
    settings: AppSettings,
    limiter: Limiter,
    address: ClientAddress,
) -> JoinedOut:
    """Join what an invitation is to, and act under it from then on.

    Is no consent to an under-age learner's practice: `GET /users/me` says whether that is still needed.
    """
    limiter.join.take(address)
    return await service.accept(session, settings, user, data.token)


@router.get("", response_model=InvitationList)
async def list_invitations(admin: Admin, session: Session, settings: AppSettings) -> InvitationList:
    """The newest invitations of the organisation; those that ended go after a month."""
    return InvitationList(items=await service.list_invitations(session, settings, admin))


@router.post("/links", status_code=201, response_model=InvitationOut)
async def invite_by_link(
    wanted: LinkWanted, admin: Admin, session: Session, settings: AppSettings, limiter: Limiter
) -> InvitationOut:
    """Make a link that lets learners in; whoever has it may use it, so often and so long as it says."""
    limiter.invitation.take(str(admin.user.id))
    return await service.invite_by_link(session, settings, admin, wanted)


@router.post("/mails", status_code=201, response_model=InvitationList)
async def invite_by_mail(
    wanted: MailsWanted, admin: Admin, session: Session, settings: AppSettings, limiter: Limiter
) -> InvitationList:
    """Invite people by mail: each letter works once, and for that address alone."""
    made = await service.invite_by_mail(session, settings, limiter, admin, wanted)
    return InvitationList(items=made)


@router.delete("/{invitation_id}", status_code=204, response_class=Response)
async def revoke(invitation_id: UUID, admin: Admin, session: Session) -> Response:
    """Take an invitation back."""
    await service.revoke(session, admin, invitation_id)
    return Response(status_code=204)
