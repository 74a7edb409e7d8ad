"""Documents: brought, listed, changed, opened, removed; and passages looked for."""

from pathlib import PurePath
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from api.authoring import scope
from api.calls.models import Call
from api.contract.calls import Retrieve, Retrieved
from api.contract.levels import Level
from api.database import utc_now
from api.errors import ConflictError, NotFoundError
from api.identity.auth import Principal
from api.jobs import JobName, enqueue
from api.knowledge import access
from api.knowledge.kinds import Kind
from api.knowledge.models import Document, DocumentScope, DocumentState, Failure
from api.knowledge.repository import (
    ChunkRepository,
    DocumentRepository,
    Narrowed,
    Reader,
)
from api.knowledge.retrieval import Retrieval
from api.knowledge.schemas import (
    SENTENCES,
    TRY_AGAIN,
    ChunkOut,
    DocumentChange,
    DocumentOut,
    DocumentPage,
    FailureOut,
    FoundPassage,
    NewDocument,
    SearchResult,
)
from api.knowledge.uploads import Arrived
from api.pages import Mark, encode_cursor
from api.settings import Settings
from api.storage import Storage
from infra.telemetry import get_logger

log = get_logger(__name__)


def folder_of(document_id: UUID) -> str:
    """Where everything is that is stored of a document."""
    return f"documents/{document_id}"


def object_key(document_id: UUID) -> str:
    """Where the file itself is stored."""
    return f"{folder_of(document_id)}/original"


async def bring(
    session: AsyncSession,
    storage: Storage,
    settings: Settings,
    person: Principal,
    *,
    wanted: NewDocument,
    arrived: Arrived,
    kind: Kind,
) -> DocumentOut:
    """Keep a file that arrived, and have it read.

    Raises:
        ForbiddenError: See `access.require_may_bring`, as for the others.
        ConflictError: The owner has this very file already (`document_exists`), or as many documents as they
            may have (`too_many_documents`).
        StorageUnavailableError: It cannot be stored now.
    """
    await access.require_may_bring(session, person, wanted)
    learner_id = person.user.id if wanted.scope is DocumentScope.LEARNER else None
    document = Document(
        id=uuid4(),
        organisation_id=person.organisation_id,
        scope=wanted.scope,
        program_id=wanted.program_id,
        learner_id=learner_id,
        uploaded_by=person.user.id,
        lesson_id=wanted.lesson_id,
        level=wanted.level,
        title=wanted.title or PurePath(arrived.name).stem[:200] or "file",
        subject=wanted.subject,
        file_name=arrived.name,
        mime=kind.mime,
        size_bytes=arrived.size,
        sha256=arrived.sha256,
        state=DocumentState.READY if kind.is_picture else DocumentState.QUEUED,
        progress=100 if kind.is_picture else 0,
        chunk_count=0,
    )
    await _require_place(session, settings, document)
    await storage.put_file(object_key(document.id), arrived.path)
    await DocumentRepository(session).add(document)
    if not kind.is_picture:
        await _queue(session, document)
    log.info("document brought", document_id=str(document.id), mime=kind.mime, size_bytes=arrived.size)
    return shown(document, may_change=True)


async def _require_place(session: AsyncSession, settings: Settings, document: Document) -> None:
    repository = DocumentRepository(session)
    same = await repository.same(document)
    if same is not None:
        details = [{"document_id": str(same.id), "title": same.title}]
        raise ConflictError("You have this file already.", code="document_exists", details=details)
    most = settings.learner_documents if document.learner_id else settings.school_documents
    if await repository.count(document.learner_id) >= most:
        raise ConflictError(f"There can be {most} documents. Remove one first.", code="too_many_documents")


async def _queue(session: AsyncSession, document: Document) -> None:
    """Have a document read; each occasion is a job of its own."""
    arguments = {"organisation_id": str(document.organisation_id), "document_id": str(document.id)}
    await enqueue(session, JobName.READ_DOCUMENT, arguments, occasion=uuid4().hex)


async def list_documents(
    session: AsyncSession,
    settings: Settings,
    person: Principal,
    *,
    scope: DocumentScope | None,
    program_id: UUID | None,
    after: Mark | None,
    limit: int,
) -> DocumentPage:
    """The documents that a person may see, newest first."""
    rows = await DocumentRepository(session).page(Reader.of(person), scope, program_id, after, limit + 1)
    changed = await access.changeable_programs(session, person)
    items = rows[:limit]
    last = items[-1] if len(rows) > limit else None
    return DocumentPage(
        items=[shown(one, may_change=access.may_change(person, one, changed)) for one in items],
        next_cursor=encode_cursor(Mark(0, last.created_at, last.id)) if last else None,
        most_bytes=settings.most_document_bytes,
    )


async def read(session: AsyncSession, person: Principal, document_id: UUID) -> DocumentOut:
    """A document.

    Raises:
        NotFoundError: There is none for this person.
    """
    document = await access.visible(session, person, document_id)
    changed = await access.changeable_programs(session, person)
    return shown(document, may_change=access.may_change(person, document, changed))


async def change(
    session: AsyncSession, person: Principal, document_id: UUID, changes: DocumentChange
) -> DocumentOut:
    """Rename a document, or say what it is about.

    Raises:
        NotFoundError: There is none for this person.
        ForbiddenError: They may only read it.
    """
    document = await access.changeable(session, person, document_id)
    document.title = changes.title or document.title
    document.subject = document.subject if changes.subject is None else changes.subject
    if "level" in changes.model_fields_set:
        document.level = changes.level
    await session.flush()
    return shown(document, may_change=True)


async def retry(session: AsyncSession, person: Principal, document_id: UUID) -> DocumentOut:
    """Have a document read once more.

    Raises:
        NotFoundError: There is none for this person.
        ForbiddenError: They may only read it.
        ConflictError: It has not failed (`document_not_failed`).
    """
    document = await access.changeable(session, person, document_id)
    if document.state != DocumentState.FAILED:
        raise ConflictError("This document has not failed.", code="document_not_failed")
    document.state, document.failure, document.progress = DocumentState.QUEUED, None, 0
    await session.flush()
    await _queue(session, document)
    return shown(document, may_change=True)


async def remove(session: AsyncSession, person: Principal, document_id: UUID) -> None:
    """Remove a document: its passages at once, its file by a job.

    Raises:
        NotFoundError: There is none for this person.
        ForbiddenError: They may only read it.
    """
    document = await access.changeable(session, person, document_id)
    await DocumentRepository(session).delete(document.id)
    await _forget_objects(session, [document.id])
    log.info("document removed", document_id=str(document_id))


async def erase_some(session: AsyncSession, most: int) -> int:
    """Remove some documents of the organisation that is acted for; return how many."""
    repository = DocumentRepository(session)
    keys = await repository.some_of_all(most)
    for key in keys:
        await repository.delete(key)
    await _forget_objects(session, list(keys))
    return len(keys)


async def _forget_objects(session: AsyncSession, keys: list[UUID]) -> None:
    if keys:
        await enqueue(session, JobName.FORGET_DOCUMENTS, {"document_ids": [str(key) for key in keys]})


async def own_of(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Keys of a learner's own documents in the organisation that is acted for."""
    return [document.id for document in await DocumentRepository(session).of_learner(user_id)]


async def chunk(session: AsyncSession, person: Principal, document_id: UUID, chunk_id: UUID) -> ChunkOut:
    """A passage with what stands around it.

    Raises:
        NotFoundError: There is none for this person.
    """
    found = (await ChunkRepository(session).read([chunk_id], Reader.of(person))).get(chunk_id)
    if found is None or found.document.id != document_id:
        raise NotFoundError
    changed = await access.changeable_programs(session, person)
    return ChunkOut(
        id=chunk_id,
        document=shown(found.document, may_change=access.may_change(person, found.document, changed)),
        position=found.chunk.position,
        page=found.chunk.page,
        heading=found.chunk.heading,
        text=found.chunk.text,
        before=found.before,
        after=found.after,
    )


async def search(
    session: AsyncSession,
    retrieval: Retrieval,
    person: Principal,
    question: str,
    *,
    limit: int,
    narrowed: Narrowed,
) -> SearchResult:
    """Passages that fit what a person looks for, in what they may see."""
    found = await retrieval.find(session, Reader.of(person), question, limit=limit, narrowed=narrowed)
    return SearchResult(
        items=[
            FoundPassage(
                source=one.source, heading=one.read.chunk.heading, text=one.read.chunk.text, score=one.score
            )
            for one in found
        ]
    )


async def has_material(session: AsyncSession, learner_id: UUID) -> bool:
    """Whether a learner's calls have anything to look into."""
    return await DocumentRepository(session).any_read(Reader(learner_id))


async def retrieve(session: AsyncSession, retrieval: Retrieval, call: Call, wanted: Retrieve) -> Retrieved:
    """Passages for a call: of what its learner may see, within what its lesson is made from if anything.

    The reranker would take too much of its time.
    """
    learner_id = await DocumentRepository(session).learner_of(call.session_id)
    if learner_id is None:
        return Retrieved()
    narrowed = Narrowed(document_ids=tuple(await scope.documents_of_call(session, call.id)))
    found = await retrieval.find(
        session, Reader(learner_id), wanted.query, limit=wanted.limit, narrowed=narrowed, reranked=False
    )
    return Retrieved(passages=[one.passage for one in found])


def shown(document: Document, *, may_change: bool) -> DocumentOut:
    """A document as browsers get it."""
    failure = Failure(document.failure) if document.failure else None
    return DocumentOut(
        id=document.id,
        scope=DocumentScope(document.scope),
        program_id=document.program_id,
        lesson_id=document.lesson_id,
        level=Level(document.level) if document.level else None,
        title=document.title,
        subject=document.subject,
        file_name=document.file_name,
        mime=document.mime,
        size_bytes=document.size_bytes,
        state=DocumentState(document.state),
        progress=document.progress,
        failure=FailureOut(code=failure, message=SENTENCES[failure], may_retry=failure in TRY_AGAIN)
        if failure
        else None,
        pages=document.pages,
        chunk_count=document.chunk_count,
        may_change=may_change,
        created_at=document.created_at or utc_now(),
    )
