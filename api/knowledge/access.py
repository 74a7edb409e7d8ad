"""Who may bring documents for whom, and change them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import ForbiddenError, InvalidError, NotFoundError
from api.identity.auth import Principal
from api.identity.models import MemberRole
from api.knowledge.models import Document, DocumentScope
from api.knowledge.repository import DocumentRepository, Reader
from api.knowledge.schemas import NewDocument
from api.organisations import programs


async def require_may_bring(session: AsyncSession, person: Principal, wanted: NewDocument) -> None:
    """Admit learners for themselves, instructors for programs they teach, administrators for everything.

    Raises:
        InvalidError: A program is named where none belongs, or is missing (`program_unfit`).
        ForbiddenError: The person's role brings no such documents.
        NotFoundError: The program does not exist or is not theirs.
        ConflictError: The program is archived (`program_archived`).
    """
    if (wanted.scope is DocumentScope.PROGRAM) != (wanted.program_id is not None):
        raise InvalidError("Name the program, for a program's document alone.", code="program_unfit")
    if wanted.scope is DocumentScope.LEARNER:
        return
    if person.role is MemberRole.LEARNER:
        raise ForbiddenError
    if wanted.scope is DocumentScope.ORGANISATION:
        if person.role is not MemberRole.ADMIN:
            raise ForbiddenError
        return
    assert wanted.program_id is not None  # noqa: S101 - looked at above
    if wanted.program_id not in await changeable_programs(session, person):
        raise NotFoundError
    await programs.require_open_program(session, person, wanted.program_id)


async def changeable_programs(session: AsyncSession, person: Principal) -> set[UUID]:
    """The programs whose documents a person may bring and change."""
    if person.role is MemberRole.ADMIN:
        return {one.id for one in await programs.list_programs(session, person)}
    if person.role is MemberRole.INSTRUCTOR:
        return await DocumentRepository(session).taught_programs(person.user.id)
    return set()


def may_change(person: Principal, document: Document, programs_changed: set[UUID]) -> bool:
    """Whether a person may change a document.

    Args:
        person: Who asks.
        document: One that they may see.
        programs_changed: What `changeable_programs` says of them.
    """
    if document.scope == DocumentScope.LEARNER:
        return document.learner_id == person.user.id
    if document.scope == DocumentScope.PROGRAM:
        return document.program_id in programs_changed
    return person.role is MemberRole.ADMIN


async def visible(session: AsyncSession, person: Principal, document_id: UUID) -> Document:
    """A document that a person may see.

    Raises:
        NotFoundError: There is none for them.
    """
    document = await DocumentRepository(session).visible(Reader.of(person), document_id)
    if document is None:
        raise NotFoundError
    return document


async def changeable(session: AsyncSession, person: Principal, document_id: UUID) -> Document:
    """A document that a person may change.

    Raises:
        NotFoundError: They may not see it.
        ForbiddenError: They may only read it.
    """
    document = await visible(session, person, document_id)
    if not may_change(person, document, await changeable_programs(session, person)):
        raise ForbiddenError
    return document
