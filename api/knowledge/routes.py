"""Routes about documents and what is found in them."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.administration.switchboard import CurrentSwitches
from api.contract.levels import Level
from api.database import Database, Session
from api.errors import InvalidError, NotFoundError
from api.identity.auth import (
    AppSettings,
    BearerValue,
    CookieValue,
    CurrentPrincipal,
    Principal,
    asking,
    principal,
)
from api.knowledge import access, service
from api.knowledge.kinds import kind_of
from api.knowledge.models import DocumentScope
from api.knowledge.repository import Narrowed
from api.knowledge.retrieval import CurrentRetrieval
from api.knowledge.schemas import (
    ChunkOut,
    DocumentChange,
    DocumentOut,
    DocumentPage,
    NewDocument,
    SearchResult,
)
from api.knowledge.uploads import arriving
from api.pages import Cursor, decode_cursor
from api.rate_limit import Limiter
from api.storage import CurrentStorage, ObjectMissingError
from api.tenancy import act_for

router = APIRouter(prefix="/documents", tags=["documents"])
search_router = APIRouter(prefix="/knowledge", tags=["documents"])

_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "scope": {"type": "string", "enum": [scope.value for scope in DocumentScope]},
                        "program_id": {"type": "string", "format": "uuid"},
                        "title": {"type": "string", "maxLength": 200},
                        "subject": {"type": "string", "maxLength": 120},
                        "level": {"type": "string", "enum": [level.value for level in Level]},
                        "lesson_id": {"type": "string", "format": "uuid"},
                    },
                }
            }
        },
    }
}


async def bringing(
    request: Request, cookie: CookieValue, bearer: BearerValue, switches: CurrentSwitches, limits: Limiter
) -> Principal:
    """Who brings a file: found out before a byte of it is read, with no connection held meanwhile."""
    database: Database = request.app.state.database
    async with database.transaction() as session:
        person = await principal(request, await asking(request, session, cookie, bearer), switches)
    limits.upload.take(str(person.user.id))
    return person


@router.post("", status_code=201, response_model=DocumentOut, openapi_extra=_FORM)
async def bring_document(
    request: Request,
    person: Annotated[Principal, Depends(bringing)],
    settings: AppSettings,
    storage: CurrentStorage,
) -> DocumentOut:
    """Bring a file: PDF, DOCX, PPTX, text, Markdown, CSV, HTML, or a picture. It is read by a job."""
    database: Database = request.app.state.database
    async with arriving(request, settings.most_document_bytes) as arrived:
        wanted = _wanted(arrived.fields)
        kind = await run_in_threadpool(kind_of, arrived.path, arrived.name)
        async with database.transaction() as session:
            await act_for(session, person.organisation_id, person.user.id)
            return await service.bring(
                session, storage, settings, person, wanted=wanted, arrived=arrived, kind=kind
            )


def _wanted(fields: dict[str, str]) -> NewDocument:
    given = {name: value for name, value in fields.items() if value}
    try:
        return NewDocument.model_validate(given)
    except ValidationError as error:
        details = [
            {"field": ".".join(str(part) for part in one["loc"])[:120], "problem": one["msg"][:200]}
            for one in error.errors()[:20]
        ]
        raise InvalidError(details=details) from None


@router.get("", response_model=DocumentPage)
async def list_documents(  # noqa: PLR0917 - FastAPI passes each by name
    person: CurrentPrincipal,
    session: Session,
    settings: AppSettings,
    scope: DocumentScope | None = None,
    program_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DocumentPage:
    """The documents that the person may see: their own, their programs', the organisation's."""
    return await service.list_documents(
        session,
        settings,
        person,
        scope=scope,
        program_id=program_id,
        after=decode_cursor(cursor),
        limit=limit,
    )


@router.get("/{document_id}", response_model=DocumentOut)
async def read_document(document_id: UUID, person: CurrentPrincipal, session: Session) -> DocumentOut:
    """A document, with how far its reading is."""
    return await service.read(session, person, document_id)


@router.patch("/{document_id}", response_model=DocumentOut)
async def change_document(
    document_id: UUID, changes: DocumentChange, person: CurrentPrincipal, session: Session
) -> DocumentOut:
    """Rename a document, or say what it is about."""
    return await service.change(session, person, document_id, changes)


@router.post("/{document_id}/retry", status_code=202, response_model=DocumentOut)
async def retry_document(document_id: UUID, person: CurrentPrincipal, session: Session) -> DocumentOut:
    """Have a document that failed read once more."""
    return await service.retry(session, person, document_id)


@router.delete("/{document_id}", status_code=204)
async def remove_document(document_id: UUID, person: CurrentPrincipal, session: Session) -> None:
    """Remove a document with its passages and its file."""
    await service.remove(session, person, document_id)


@router.get("/{document_id}/content", response_class=StreamingResponse)
async def download(
    document_id: UUID, person: CurrentPrincipal, session: Session, storage: CurrentStorage
) -> StreamingResponse:
    """The file as it was brought. Pictures are shown; everything else is a download that no page runs."""
    document = await access.visible(session, person, document_id)
    shown = document.mime.startswith("image/")
    headers = {
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; "
        f"filename*=UTF-8''{quote(document.file_name)}",
        "Content-Length": str(document.size_bytes),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    content = storage.read(service.object_key(document_id), 0, document.size_bytes)
    return StreamingResponse(await _begun(content), 200, headers, document.mime)


async def _begun(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The content, after its first piece is there: a store that is away answers as an error."""
    try:
        first = await anext(content, b"")
    except ObjectMissingError:
        raise NotFoundError from None

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for piece in content:
            yield piece

    return whole()


@router.get("/{document_id}/chunks/{chunk_id}", response_model=ChunkOut)
async def read_chunk(
    document_id: UUID, chunk_id: UUID, person: CurrentPrincipal, session: Session
) -> ChunkOut:
    """A passage, as the chip of a source opens it."""
    return await service.chunk(session, person, document_id, chunk_id)


@search_router.get("/search", response_model=SearchResult)
async def search(  # noqa: PLR0917 - FastAPI passes each by name
    q: Annotated[str, Query(min_length=1, max_length=500)],
    person: CurrentPrincipal,
    session: Session,
    retrieval: CurrentRetrieval,
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
    document_id: UUID | None = None,
    program_id: UUID | None = None,
    lesson_id: UUID | None = None,
    level: Level | None = None,
) -> SearchResult:
    """Passages that fit, by meaning and by words, in what the person may see; none where nothing fits."""
    narrowed = Narrowed(document_id, program_id, lesson_id, level)
    return await service.search(session, retrieval, person, q, limit=limit, narrowed=narrowed)
