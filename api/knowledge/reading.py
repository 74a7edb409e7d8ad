"""The text of a document for other domains, such as those who make lessons of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import ConflictError, NotFoundError
from api.identity.auth import Principal
from api.knowledge import access
from api.knowledge.models import Document, DocumentState
from api.knowledge.repository import ChunkRepository

MOST_PIECES: Final = 120
"""Chunks of a document that are handed out: its beginning, some sixty pages."""


@dataclass(frozen=True)
class DocumentText:
    """A document's text in order; neighbouring pieces overlap."""

    title: str
    pieces: Sequence[str]


async def text_of(session: AsyncSession, person: Principal, document_id: UUID) -> DocumentText:
    """The text of a document that a person may see.

    Raises:
        NotFoundError: There is none for them.
        ConflictError: It is not read yet, or cannot be (`document_not_ready`).
    """
    document = await require_ready(session, person, document_id)
    return DocumentText(document.title, await ChunkRepository(session).texts(document_id, MOST_PIECES))


async def text_if_any(session: AsyncSession, person: Principal, document_id: UUID) -> DocumentText | None:
    """The same; None where it is gone, not theirs, or not read."""
    try:
        return await text_of(session, person, document_id)
    except (NotFoundError, ConflictError):
        return None


async def require_ready(session: AsyncSession, person: Principal, document_id: UUID) -> Document:
    """A document that a person may see and that is read.

    Raises:
        NotFoundError: There is none for them.
        ConflictError: It is not read yet, or cannot be (`document_not_ready`).
    """
    document = await access.visible(session, person, document_id)
    if document.state != DocumentState.READY:
        raise ConflictError("This document is not read yet.", code="document_not_ready")
    return document
