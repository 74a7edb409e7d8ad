"""Asking for a suggestion, and how far it is. It is made by a job and is always a draft."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.authoring.models import Suggestion, SuggestionState
from api.authoring.repository import SuggestionRepository
from api.authoring.schemas import SuggestionOut, SuggestionWish
from api.authoring.wishes import wanted_of
from api.curriculum.service import AUTHORS
from api.database import utc_now
from api.errors import ForbiddenError, NotFoundError, RateLimitedError
from api.identity.auth import Principal
from api.jobs import JobName, enqueue
from api.knowledge import reading

MOST_AT_ONCE: Final = 3
"""Suggestions that are made for one author at the same time."""
GIVEN_UP_AFTER: Final = timedelta(minutes=30)


async def ask(session: AsyncSession, person: Principal, wish: SuggestionWish) -> SuggestionOut:
    """Have a lesson drafted.

    Raises:
        ForbiddenError: A learner asks (`authors_only`).
        NotFoundError: A document is not the person's to see.
        ConflictError: A document is not read yet (`document_not_ready`).
        InvalidError: An objective does not exist (`unknown_objective`).
        RateLimitedError: As many are being made for this person already.
    """
    if person.role not in AUTHORS:
        raise ForbiddenError("Instructors write the lessons of an organisation.", code="authors_only")
    repository = SuggestionRepository(session)
    if await repository.count_unfinished(person.user.id, utc_now() - GIVEN_UP_AFTER) >= MOST_AT_ONCE:
        raise RateLimitedError(retry_after_s=20)
    wanted = await wanted_of(session, wish)
    await require_documents(session, person, wish.document_ids)
    kept = Suggestion(
        organisation_id=person.organisation_id,
        user_id=person.user.id,
        request=wish.model_copy(update={"objectives": list(wanted.objectives)}).model_dump(mode="json"),
        state=SuggestionState.QUEUED,
        unread=0,
    )
    await repository.add(kept)
    arguments = {"organisation_id": str(person.organisation_id), "suggestion_id": str(kept.id)}
    await enqueue(session, JobName.SUGGEST_LESSON, arguments)
    return shown(kept)


async def read(session: AsyncSession, person: Principal, suggestion_id: UUID) -> SuggestionOut:
    """How far one of the person's suggestions is.

    Raises:
        NotFoundError: They have no such suggestion.
    """
    kept = await SuggestionRepository(session).get(suggestion_id)
    if kept is None or kept.user_id != person.user.id:
        raise NotFoundError
    return shown(kept)


async def require_documents(session: AsyncSession, person: Principal, document_ids: Sequence[UUID]) -> None:
    """Admit only documents that the person may see and that are read.

    Raises:
        NotFoundError: One is not theirs to see.
        ConflictError: One is not read yet (`document_not_ready`).
    """
    for document_id in document_ids:
        await reading.require_ready(session, person, document_id)


def shown(kept: Suggestion) -> SuggestionOut:
    """A suggestion as its author is told of it."""
    return SuggestionOut(
        id=kept.id,
        state=SuggestionState(kept.state),
        lesson_id=kept.lesson_id,
        written_by=kept.written_by,
        fell_back=kept.fell_back,
        unread=kept.unread,
        created_at=kept.created_at,
    )
