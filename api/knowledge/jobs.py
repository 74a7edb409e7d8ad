"""Reading documents and embedding their passages, by the job worker."""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from pgqueuer.errors import RetryRequested

from api.database import Database, utc_now
from api.jobs import JobName, enqueue
from api.knowledge import service
from api.knowledge.chunking import Passage, Sizes, cut
from api.knowledge.embeddings import BATCH, Embeddings, EmbeddingsUnavailableError, Space
from api.knowledge.models import UNFINISHED, Document, DocumentState, Failure
from api.knowledge.parsing import Limits, UnreadableError, read
from api.knowledge.repository import ChunkRepository, DocumentRepository, to_embed
from api.settings import Settings
from api.storage import ObjectMissingError, Storage, StorageUnavailableError
from api.tenancy import act_for
from infra.telemetry import get_logger

log = get_logger(__name__)

STORAGE_PAUSE: Final = timedelta(minutes=1)
EMBEDDINGS_PAUSE: Final = timedelta(minutes=1)
"""A store or a model that is away is asked again so often, for as long as it takes."""
LEFT_BEHIND: Final = timedelta(minutes=15)
"""A reading that has not moved for so long has lost its worker."""
AFTER_PARSING: Final = 40
"""Percent of the work that is done once the text is there."""
AT_ONCE: Final = 2
"""Documents read at the same time by one worker."""


class DocumentGoneError(Exception):
    """The document was removed while it was read."""


@dataclass
class KnowledgeJobs:
    """The worker's hands for documents."""

    database: Database
    storage: Storage
    settings: Settings
    embeddings: Embeddings | None = None
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def close(self) -> None:
        """Give the connections back."""
        if self.embeddings is not None:
            await self.embeddings.close()

    async def read_document(self, organisation_id: str, document_id: str) -> None:
        """Read a document, cut it into passages, and embed them. Done again, it finds nothing to do.

        Raises:
            RetryRequested: The store is away.
        """
        reading = _Reading(self, UUID(organisation_id), UUID(document_id))
        async with self.gate:
            try:
                await reading.go()
            except DocumentGoneError:
                log.info("document gone", document_id=document_id)
            except StorageUnavailableError as error:
                raise RetryRequested(STORAGE_PAUSE, error.code) from error

    async def give_up(self, organisation_id: str, document_id: str) -> None:
        """Say that a document could not be read, and that it was not its fault."""
        reading = _Reading(self, UUID(organisation_id), UUID(document_id))
        try:
            await reading.fail(Failure.INTERNAL)
        except DocumentGoneError:
            return

    async def embed_organisation(self, organisation_id: str) -> None:
        """Embed the organisation's passages that have no vector of the model in use.

        Raises:
            RetryRequested: The model is away.
        """
        if self.embeddings is None:
            return
        try:
            space = (await self.embeddings.embed(["model"])).space
            done = await self._embed(self.embeddings, UUID(organisation_id), space)
        except EmbeddingsUnavailableError:
            raise RetryRequested(EMBEDDINGS_PAUSE, "embeddings_unavailable") from None
        log.info("passages embedded", organisation_id=organisation_id, count=done, model=space.model)

    async def _embed(self, embeddings: Embeddings, organisation_id: UUID, space: Space) -> int:
        done = 0
        while True:
            async with self.database.reading() as session:
                await act_for(session, organisation_id)
                waiting = await ChunkRepository(session).to_embed(space, BATCH)
            if not waiting:
                return done
            embedded = await embeddings.embed([text for _, text in waiting])
            if embedded.space != space:
                raise EmbeddingsUnavailableError
            async with self.database.transaction() as session:
                await act_for(session, organisation_id)
                keys = [key for key, _ in waiting]
                await ChunkRepository(session).embed(keys, embedded.vectors, embedded.space)
            done += len(waiting)

    async def look_after(self) -> None:
        """Queue what lost its worker, and what a change of the model has left without a vector."""
        async with self.database.transaction() as session:
            left = await DocumentRepository(session).left_behind(utc_now() - LEFT_BEHIND)
            for organisation, document in left:
                arguments = {"organisation_id": str(organisation), "document_id": str(document)}
                await enqueue(session, JobName.READ_DOCUMENT, arguments, occasion=uuid4().hex)
        try:
            await self._queue_embedding()
        except EmbeddingsUnavailableError:
            log.warning("no look at vectors: no embeddings")

    async def _queue_embedding(self) -> None:
        if self.embeddings is None:
            return
        space = (await self.embeddings.embed(["model"])).space
        async with self.database.transaction() as session:
            for key in await ChunkRepository(session).organisations_to_embed(space):
                await enqueue(session, JobName.EMBED_ORGANISATION, {"organisation_id": str(key)})

    async def forget(self, document_ids: list[str]) -> None:
        """Remove the files of documents that were removed.

        Raises:
            RetryRequested: The store is away.
        """
        try:
            for key in document_ids:
                await self.storage.delete(service.folder_of(UUID(key)))
        except StorageUnavailableError as error:
            raise RetryRequested(STORAGE_PAUSE, error.code) from error


@dataclass
class _Reading:
    """One document on its way."""

    jobs: KnowledgeJobs
    organisation_id: UUID
    document_id: UUID
    embedded: bool = True
    """False once the model has not answered."""

    async def go(self) -> None:
        """Read it from beginning to end."""
        document = await self._document()
        if document is None or document.state not in UNFINISHED:
            return
        await self.note(state=DocumentState.PARSING, progress=5, failure=None)
        try:
            passages, pages = await self._passages(document)
        except UnreadableError as error:
            await self.fail(error.failure)
            return
        await self._keep(document, passages, pages)
        await self.note(state=DocumentState.READY, progress=100)
        log.info("document read", document_id=str(self.document_id), passages=len(passages), pages=pages)

    async def fail(self, failure: Failure) -> None:
        """Say why it cannot be read."""
        await self.note(state=DocumentState.FAILED, failure=failure, progress=0)
        log.info("document failed", document_id=str(self.document_id), failure=failure)

    async def note(self, **values: Any) -> None:
        """Note how far it is.

        Raises:
            DocumentGoneError: It was removed.
        """
        async with self.jobs.database.transaction() as session:
            await act_for(session, self.organisation_id)
            if not await DocumentRepository(session).note(self.document_id, **values):
                raise DocumentGoneError

    async def _document(self) -> Document | None:
        async with self.jobs.database.reading() as session:
            await act_for(session, self.organisation_id)
            return await DocumentRepository(session).get(self.document_id)

    async def _passages(self, document: Document) -> tuple[list[Passage], int | None]:
        settings = self.jobs.settings
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="avaaz-read-"))
        try:
            path = folder / "document"
            await self._fetch(path, document.size_bytes)
            limits = Limits(settings.document_read_s, settings.document_read_mb)
            pages = await read(path, document.mime, limits)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        sizes = Sizes(settings.chunk_tokens, settings.chunk_overlap_tokens)
        passages = await asyncio.to_thread(cut, pages, sizes)
        if not passages:
            raise UnreadableError(Failure.EMPTY)
        return passages, max((page.number or 0 for page in pages), default=0) or None

    async def _fetch(self, path: Path, size: int) -> None:
        with path.open("wb") as file:
            try:
                async for piece in self.jobs.storage.read(service.object_key(self.document_id), 0, size):
                    await asyncio.to_thread(file.write, piece)
            except ObjectMissingError:
                raise DocumentGoneError from None

    async def _keep(self, document: Document, passages: list[Passage], pages: int | None) -> None:
        whose = {
            "organisation_id": self.organisation_id,
            "document_id": self.document_id,
            "scope": document.scope,
            "program_id": document.program_id,
            "learner_id": document.learner_id,
        }
        rows = [
            {
                **whose,
                "position": position,
                "page": passage.page,
                "heading": passage.heading,
                "text": passage.text,
                "tokens": passage.tokens,
            }
            for position, passage in enumerate(passages)
        ]
        await self.note(
            state=DocumentState.EMBEDDING, progress=AFTER_PARSING, pages=pages, chunk_count=len(rows)
        )
        await self._add([])
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            await self._give_vectors(batch)
            await self._add(batch)
            done = start + len(batch)
            await self.note(progress=min(99, AFTER_PARSING + (100 - AFTER_PARSING) * done // len(rows)))
        if self.jobs.embeddings is not None and not self.embedded:
            await self._embed_later()

    async def _give_vectors(self, batch: list[dict[str, Any]]) -> None:
        """Give passages their vectors. While no model answers they are found by their words, and wait."""
        nothing = {"embedding": None, "model": None, "dimension": None}
        for row in batch:
            row.update(nothing)
        if self.jobs.embeddings is None or not self.embedded:
            return
        try:
            found = await self.jobs.embeddings.embed([to_embed(row["heading"], row["text"]) for row in batch])
        except EmbeddingsUnavailableError:
            self.embedded = False
            return
        of = {"model": found.space.model, "dimension": found.space.dimension}
        for row, vector in zip(batch, found.vectors, strict=True):
            row.update(of, embedding=vector)

    async def _add(self, batch: list[dict[str, Any]]) -> None:
        """Keep passages; none at all removes those of an earlier reading."""
        async with self.jobs.database.transaction() as session:
            await act_for(session, self.organisation_id)
            if batch:
                await ChunkRepository(session).add(batch)
            else:
                await ChunkRepository(session).clear(self.document_id)

    async def _embed_later(self) -> None:
        async with self.jobs.database.transaction() as session:
            await enqueue(
                session,
                JobName.EMBED_ORGANISATION,
                {"organisation_id": str(self.organisation_id)},
                delay=EMBEDDINGS_PAUSE,
            )
