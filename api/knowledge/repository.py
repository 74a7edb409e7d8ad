"""All SQL about documents, their chunks, and the search over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Float,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from api.database import utc_now
from api.identity.auth import Principal
from api.identity.models import MemberRole
from api.knowledge.embeddings import Space
from api.knowledge.fusion import Candidate
from api.knowledge.models import Document, DocumentChunk, DocumentScope, DocumentState
from api.knowledge.vectors import Numbers, written
from api.organisations.models import Enrolment, EnrolmentRole, Program
from api.pages import Mark
from api.sessions.models import PracticeSession

Row = dict[str, Any]

_SEARCH: Final = (
    func.search_chunks(
        bindparam("question", type_=Text()),
        bindparam("skipped", type_=ARRAY(Text())),
        bindparam("point", type_=Text()),
        bindparam("of_model", type_=Text()),
        bindparam("length", type_=Integer()),
        bindparam("person", type_=Uuid()),
        bindparam("whole_school", type_=Boolean()),
        bindparam("within", type_=ARRAY(Uuid())),
        bindparam("most", type_=Integer()),
    )
    .table_valued(column("chunk_id", Uuid()), column("distance", Float()), column("coverage", Float()))
    .render_derived()
)


@dataclass(frozen=True)
class Reader:
    """Who looks for something: their own material, their programs' and the organisation's is shown."""

    user_id: UUID
    whole_school: bool = False
    """Whether all programs are theirs to see."""

    @classmethod
    def of(cls, person: Principal) -> "Reader":
        """A signed-in person."""
        return cls(person.user.id, person.role is MemberRole.ADMIN)


@dataclass(frozen=True)
class Narrowed:
    """What a search is narrowed to; None for everything that the reader may see."""

    document_id: UUID | None = None
    program_id: UUID | None = None
    lesson_id: UUID | None = None
    level: str | None = None
    document_ids: tuple[UUID, ...] = ()
    """Only these documents, where there are any."""

    @property
    def is_all(self) -> bool:
        """Whether it is not narrowed."""
        return self == Narrowed()


@dataclass(frozen=True)
class Read:
    """A chunk with what stands around it, and its document."""

    chunk: DocumentChunk
    document: Document
    before: str
    after: str


def to_embed(heading: str, text: str) -> str:
    """A chunk as its vector is made of it: what stands above it tells what it is about."""
    return f"{heading}\n{text}".strip()


def visible_to(reader: Reader) -> ColumnElement[bool]:
    """The documents that a person may see."""
    programs = select(Program.id)
    if not reader.whole_school:
        programs = select(Enrolment.program_id).where(Enrolment.user_id == reader.user_id)
    return or_(
        Document.scope == DocumentScope.ORGANISATION,
        Document.learner_id == reader.user_id,
        and_(Document.scope == DocumentScope.PROGRAM, Document.program_id.in_(programs)),
    )


class DocumentRepository:
    """Documents."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, document: Document) -> None:
        """Keep a document."""
        self.session.add(document)
        await self.session.flush()

    async def get(self, document_id: UUID, *, lock: bool = False) -> Document | None:
        """A document of the organisation that is acted for."""
        query = select(Document).where(Document.id == document_id)
        return (await self.session.scalars(query.with_for_update() if lock else query)).one_or_none()

    async def visible(self, reader: Reader, document_id: UUID) -> Document | None:
        """A document that a person may see."""
        query = select(Document).where(Document.id == document_id, visible_to(reader))
        return (await self.session.scalars(query)).one_or_none()

    async def any_read(self, reader: Reader) -> bool:
        """Whether a person may see a document in which something was found to read."""
        query = select(exists().where(visible_to(reader), Document.chunk_count > 0))
        return bool(await self.session.scalar(query))

    async def page(
        self,
        reader: Reader,
        scope: DocumentScope | None,
        program_id: UUID | None,
        after: Mark | None,
        limit: int,
    ) -> Sequence[Document]:
        """The documents that a person may see, newest first."""
        query = select(Document).where(visible_to(reader))
        if scope is not None:
            query = query.where(Document.scope == scope)
        if program_id is not None:
            query = query.where(Document.program_id == program_id)
        if after is not None:
            query = query.where(tuple_(Document.created_at, Document.id) < (after.at, after.id))
        query = query.order_by(Document.created_at.desc(), Document.id.desc()).limit(limit)
        return (await self.session.scalars(query)).all()

    async def taught_programs(self, user_id: UUID) -> set[UUID]:
        """The programs that a person teaches."""
        query = select(Enrolment.program_id).where(
            Enrolment.user_id == user_id, Enrolment.role == EnrolmentRole.INSTRUCTOR
        )
        return set((await self.session.scalars(query)).all())

    async def count(self, learner_id: UUID | None) -> int:
        """How many documents a learner has here, or the school itself."""
        whose = Document.learner_id == learner_id if learner_id else Document.learner_id.is_(None)
        query = select(func.count(Document.id)).where(whose)
        return (await self.session.execute(query)).scalar_one()

    async def same(self, document: Document) -> Document | None:
        """A document of the same content and the same owner."""
        query = select(Document).where(
            Document.sha256 == document.sha256,
            Document.scope == document.scope,
            Document.program_id.is_not_distinct_from(document.program_id),
            Document.learner_id.is_not_distinct_from(document.learner_id),
            Document.state != DocumentState.FAILED,
        )
        return (await self.session.scalars(query.limit(1))).one_or_none()

    async def note(self, document_id: UUID, **values: Any) -> bool:
        """Note how far a document is; False where it is gone."""
        changed = await self.session.execute(
            update(Document)
            .where(Document.id == document_id)
            .values(updated_at=utc_now(), **values)
            .returning(Document.id)
        )
        return changed.one_or_none() is not None

    async def delete(self, document_id: UUID) -> None:
        """Remove a document with its chunks."""
        await self.session.execute(delete(Document).where(Document.id == document_id))

    async def of_learner(self, user_id: UUID) -> Sequence[Document]:
        """A learner's own documents in the organisation that is acted for."""
        query = select(Document).where(Document.learner_id == user_id).order_by(Document.created_at)
        return (await self.session.scalars(query)).all()

    async def some_of_all(self, most: int) -> Sequence[UUID]:
        """Some documents of the organisation that is acted for."""
        return (await self.session.scalars(select(Document.id).limit(most))).all()

    async def left_behind(self, before: datetime) -> list[tuple[UUID, UUID]]:
        """Documents of all organisations whose reading has not moved since then: organisation and key."""
        found = func.documents_left_behind(before).table_valued(
            column("organisation_id", Uuid()), column("document_id", Uuid())
        )
        rows = await self.session.execute(select(found.c.organisation_id, found.c.document_id))
        return [(organisation, document) for organisation, document in rows.all()]

    async def learner_of(self, session_id: UUID) -> UUID | None:
        """Whose a session is."""
        query = select(PracticeSession.user_id).where(PracticeSession.id == session_id)
        return (await self.session.scalars(query)).one_or_none()


class ChunkRepository:
    """Chunks."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def clear(self, document_id: UUID) -> None:
        """Remove a document's chunks."""
        await self.session.execute(delete(DocumentChunk).where(DocumentChunk.document_id == document_id))

    async def add(self, rows: list[Row]) -> None:
        """Keep chunks."""
        await self.session.execute(insert(DocumentChunk), rows)

    async def to_embed(self, space: Space, most: int) -> list[tuple[UUID, str]]:
        """Chunks of the organisation that have no vector in a space, as texts to embed, with their keys."""
        rows = await self.session.execute(
            select(DocumentChunk.id, DocumentChunk.heading, DocumentChunk.text)
            .where(
                or_(
                    DocumentChunk.model.is_distinct_from(space.model),
                    DocumentChunk.dimension.is_distinct_from(space.dimension),
                )
            )
            .limit(most)
        )
        return [(key, to_embed(heading, text)) for key, heading, text in rows.all()]

    async def embed(self, keys: Sequence[UUID], vectors: Sequence[Numbers], space: Space) -> None:
        """Keep vectors."""
        change = (
            update(DocumentChunk.__table__)  # type: ignore[arg-type]
            .where(DocumentChunk.__table__.c.id == bindparam("key"))
            .values(embedding=bindparam("vector"), model=space.model, dimension=space.dimension)
        )
        rows = [{"key": key, "vector": vector} for key, vector in zip(keys, vectors, strict=True)]
        await self.session.execute(change, rows)

    async def organisations_to_embed(self, space: Space) -> Sequence[UUID]:
        """Organisations with chunks that have no vector in a space."""
        found = func.organisations_to_embed(space.model, space.dimension, type_=Uuid())
        return (await self.session.scalars(select(found.column_valued("id")))).all()

    async def candidates(
        self,
        question: str,
        skipped: Sequence[str],
        reader: Reader,
        narrowed: Narrowed,
        most: int,
        *,
        near: tuple[Space, Numbers] | None,
    ) -> list[Candidate]:
        """The nearest chunks and those with the rarest words of a question, each with both measures.

        Args:
            question: What is looked for.
            skipped: Stems that tell nothing about what is looked for.
            reader: Whose material is looked through.
            narrowed: Which part of it.
            most: Of each of the two lists.
            near: The question's vector, with its space; None looks for words alone.
        """
        within = None if narrowed.is_all else await self._documents(reader, narrowed)
        if within == []:
            return []
        space, vector = near if near else (None, None)
        rows = await self.session.execute(
            select(_SEARCH),
            {
                "question": question,
                "skipped": list(skipped),
                "point": written(vector) if vector is not None else None,
                "of_model": space.model if space else None,
                "length": space.dimension if space else None,
                "person": reader.user_id,
                "whole_school": reader.whole_school,
                "within": within,
                "most": most,
            },
        )
        return [Candidate(*row) for row in rows.all()]

    async def _documents(self, reader: Reader, narrowed: Narrowed) -> list[UUID]:
        query = select(Document.id).where(visible_to(reader))
        for name in ("program_id", "lesson_id", "level"):
            wanted = getattr(narrowed, name)
            if wanted is not None:
                query = query.where(getattr(Document, name) == wanted)
        if narrowed.document_id is not None:
            query = query.where(Document.id == narrowed.document_id)
        if narrowed.document_ids:
            query = query.where(Document.id.in_(narrowed.document_ids))
        return list((await self.session.scalars(query)).all())

    async def texts(self, document_id: UUID, most: int) -> list[str]:
        """The first chunks of a document, in order."""
        query = select(DocumentChunk.text).where(DocumentChunk.document_id == document_id)
        return list((await self.session.scalars(query.order_by(DocumentChunk.position).limit(most))).all())

    async def read(self, keys: Sequence[UUID], reader: Reader) -> dict[UUID, Read]:
        """Chunks that a person may see, with their documents and the chunks before and after."""
        before, after = aliased(DocumentChunk), aliased(DocumentChunk)
        rows = await self.session.execute(
            select(
                DocumentChunk,
                Document,
                func.coalesce(before.text, ""),
                func.coalesce(after.text, ""),
            )
            .join(Document, Document.id == DocumentChunk.document_id)
            .outerjoin(
                before,
                and_(
                    before.document_id == DocumentChunk.document_id,
                    before.position == DocumentChunk.position - 1,
                ),
            )
            .outerjoin(
                after,
                and_(
                    after.document_id == DocumentChunk.document_id,
                    after.position == DocumentChunk.position + 1,
                ),
            )
            .where(DocumentChunk.id.in_(keys), visible_to(reader))
        )
        return {row[0].id: Read(*row) for row in rows.all()}
