"""Documents and their chunks."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Identified, TenantOwned, Timestamped
from api.knowledge.vectors import VECTOR, Numbers

INDEXED_DIMENSIONS = (256, 384, 512, 768, 1024, 1536)


class DocumentScope(StrEnum):
    """Who may find what stands in a document."""

    ORGANISATION = "organisation"
    PROGRAM = "program"
    LEARNER = "learner"
    """The learner who brought it, and nobody else."""


class DocumentState(StrEnum):
    """How far a document is."""

    QUEUED = "queued"
    PARSING = "parsing"
    EMBEDDING = "embedding"
    READY = "ready"
    FAILED = "failed"


class Failure(StrEnum):
    """Why a document cannot be read."""

    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    NO_TEXT = "no_text"
    """Pages without text, such as a scan."""
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_MUCH_TEXT = "too_much_text"
    INTERNAL = "internal"


UNFINISHED = (DocumentState.QUEUED, DocumentState.PARSING, DocumentState.EMBEDDING)


class Document(Identified, TenantOwned, Timestamped, Base):
    """A file that somebody brought."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("scope IN ('organisation', 'program', 'learner')", name="scope"),
        CheckConstraint("state IN ('queued', 'parsing', 'embedding', 'ready', 'failed')", name="state"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="reason"),
        CheckConstraint(
            "(scope = 'organisation' AND program_id IS NULL AND learner_id IS NULL) OR "
            "(scope = 'program' AND program_id IS NOT NULL AND learner_id IS NULL) OR "
            "(scope = 'learner' AND learner_id IS NOT NULL AND program_id IS NULL)",
            name="owner",
        ),
        Index("ix_documents_organisation_id_created_at", "organisation_id", "created_at", "id"),
        Index(
            "ix_documents_unfinished",
            "updated_at",
            postgresql_where=text("state IN ('queued', 'parsing', 'embedding')"),
        ),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(16))
    program_id: Mapped[UUID | None] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), index=True)
    learner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """A school's document outlives the account of who brought it."""
    lesson_id: Mapped[UUID | None]
    """The lesson that it belongs to; no key, as a lesson may go before the material does."""
    level: Mapped[str | None] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(120), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(100))
    """By content."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=DocumentState.QUEUED)
    progress: Mapped[int] = mapped_column(default=0)
    """In percent."""
    failure: Mapped[str | None] = mapped_column(String(32))
    pages: Mapped[int | None]
    chunk_count: Mapped[int] = mapped_column(default=0)


class DocumentChunk(Identified, TenantOwned, Timestamped, Base):
    """A passage of a document. Whose it is stands with it, so that a search needs no other table."""

    __tablename__ = "document_chunks"
    __table_args__ = (
        UniqueConstraint("document_id", "position"),
        Index("ix_document_chunks_words", "words", postgresql_using="gin"),
        *(
            Index(
                f"ix_document_chunks_embedding_{length}",
                literal_column(f"(embedding::vector({length}))").label("near"),
                postgresql_using="hnsw",
                postgresql_ops={"near": "vector_cosine_ops"},
                postgresql_where=text(f"dimension = {length}"),
            )
            for length in INDEXED_DIMENSIONS
        ),
        CheckConstraint(
            "(embedding IS NULL) = (model IS NULL) AND (embedding IS NULL) = (dimension IS NULL)",
            name="embedded",
        ),
    )

    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(16))
    program_id: Mapped[UUID | None] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"), index=True)
    learner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    page: Mapped[int | None]
    heading: Mapped[str] = mapped_column(String(300), default="")
    """The headings above it, from the outermost."""
    text: Mapped[str] = mapped_column(Text)
    tokens: Mapped[int]
    embedding: Mapped[Numbers | None] = mapped_column(VECTOR, deferred=True)
    model: Mapped[str | None] = mapped_column(String(128))
    dimension: Mapped[int | None]
    words: Mapped[str | None] = mapped_column(
        TSVECTOR, Computed("to_tsvector('english', heading || ' ' || text)", persisted=True), deferred=True
    )
