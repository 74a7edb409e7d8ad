"""Routes under /api/v1 about the audit log: an organisation's, and what concerns oneself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.audit import service
from api.audit.schemas import AuditFilter, AuditPage, audit_filter
from api.database import Session
from api.identity.auth import CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.pages import Cursor, decode_cursor

router = APIRouter(tags=["audit"])
Administrator = Annotated[Principal, Depends(RequireRole(MemberRole.ADMIN))]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/school/audit", response_model=AuditPage)
async def list_events(
    person: Administrator,
    session: Session,
    wanted: Annotated[AuditFilter, Depends(audit_filter)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AuditPage:
    """Who did, saw or heard what in the organisation, newest first."""
    after = decode_cursor(cursor)
    return await service.list_events(session, person.organisation_id, wanted, after=after, limit=limit)


@router.get("/users/me/audit", response_model=AuditPage)
async def list_my_events(
    person: CurrentPrincipal, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> AuditPage:
    """Who saw or heard what of mine, in every organisation, newest first."""
    return await service.list_of_learner(session, person.user.id, after=decode_cursor(cursor), limit=limit)
