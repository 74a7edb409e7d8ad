"""Routes under /api/v1 about what people decide about their own data, and schools about their learners'."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from api.database import Database, Session
from api.identity.auth import AppSettings, CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.privacy import deletion, exports, retention
from api.privacy.schemas import (
    DeletedCallList,
    DeletedCallOut,
    ExportLink,
    ExportList,
    ExportOut,
    PolicyChange,
    PolicyOut,
    RetentionChange,
    RetentionOut,
)
from api.storage import CurrentStorage
from api.tenancy import act_for

router = APIRouter(tags=["privacy"])
Administrator = Annotated[Principal, Depends(RequireRole(MemberRole.ADMIN))]


@router.delete("/calls/{call_id}", response_model=DeletedCallOut)
async def delete_call(
    call_id: UUID, person: CurrentPrincipal, session: Session, settings: AppSettings
) -> DeletedCallOut:
    """Delete one of the learner's calls: hidden from everybody now, gone for good after some days."""
    return await deletion.delete_call(session, settings, person, call_id)


@router.post("/calls/{call_id}/restore", status_code=204, response_class=Response)
async def restore_call(call_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Bring a deleted call back."""
    await deletion.restore_call(session, person, call_id)
    return Response(status_code=204)


@router.get("/users/me/deleted-calls", response_model=DeletedCallList)
async def list_deleted_calls(
    request: Request, person: CurrentPrincipal, settings: AppSettings
) -> DeletedCallList:
    """The learner's deleted calls that can still be brought back."""
    database: Database = request.app.state.database
    async with database.transaction() as session:
        await act_for(session, person.organisation_id, person.user.id)
        return await deletion.deleted_calls(session, settings, person)


@router.get("/users/me/retention", response_model=RetentionOut)
async def read_retention(person: CurrentPrincipal, session: Session, settings: AppSettings) -> RetentionOut:
    """How long the person's calls are kept, and who decided what."""
    return await retention.retention_of(session, settings, person)


@router.put("/users/me/retention", response_model=RetentionOut)
async def choose_retention(
    change: RetentionChange, person: CurrentPrincipal, session: Session, settings: AppSettings
) -> RetentionOut:
    """Choose how long one's own calls are kept at most, wherever they are made."""
    return await retention.choose_retention(session, settings, person, change)


@router.get("/school/retention", response_model=PolicyOut)
async def read_policy(person: Administrator, session: Session, settings: AppSettings) -> PolicyOut:
    """How long the organisation keeps recordings and transcripts at most."""
    return await retention.policy_of(session, settings, person)


@router.put("/school/retention", response_model=PolicyOut)
async def choose_policy(
    change: PolicyChange, person: Administrator, session: Session, settings: AppSettings
) -> PolicyOut:
    """Choose how long the organisation keeps recordings and transcripts at most."""
    return await retention.choose_policy(session, settings, person, change)


@router.post("/school/purge", status_code=202, response_class=Response)
async def purge(person: Administrator, session: Session) -> Response:
    """Remove what the organisation keeps no longer now, and not in the night."""
    await retention.ask_purge(session, person)
    return Response(status_code=202)


@router.post("/users/me/exports", status_code=202, response_model=ExportOut)
async def ask_export(person: CurrentPrincipal, session: Session) -> ExportOut:
    """Have a copy of everything about the person made, as one archive; one at a time."""
    return await exports.ask(session, person)


@router.get("/users/me/exports", response_model=ExportList)
async def list_exports(person: CurrentPrincipal, session: Session) -> ExportList:
    """The latest copies, and how far they are."""
    return await exports.list_exports(session, person.user.id)


@router.post("/users/me/exports/{export_id}/link", response_model=ExportLink)
async def link_export(
    export_id: UUID, person: CurrentPrincipal, session: Session, settings: AppSettings
) -> ExportLink:
    """An address to fetch a copy from, good for some minutes."""
    return await exports.link(session, settings, person, export_id)


@router.delete("/users/me/exports/{export_id}", status_code=204, response_class=Response)
async def delete_export(
    export_id: UUID, person: CurrentPrincipal, session: Session, storage: CurrentStorage
) -> Response:
    """Delete a copy before its time."""
    await exports.remove(session, storage, person, export_id)
    return Response(status_code=204)


@router.get("/exports/{token}", response_class=StreamingResponse)
async def fetch_export(
    token: str, session: Session, settings: AppSettings, storage: CurrentStorage
) -> StreamingResponse:
    """A copy, by its signed address; nobody needs to be signed in."""
    export = await exports.of_link(session, settings, token)
    size = export.size_bytes or 0
    content: AsyncIterator[bytes] = storage.read(exports.object_key(export.id), 0, size)
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": f'attachment; filename="avaaz-{export.created_at:%Y-%m-%d}.zip"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(content, media_type="application/zip", headers=headers)
