"""All SQL about unfinished drafts, where lessons come from, and suggestions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.authoring.models import UNFINISHED, LessonDocument, Suggestion, UnfinishedDraft
from api.curriculum.attempts.models import AttemptState, LessonAttempt, LessonCall
from api.curriculum.models import Lesson, LessonVersion, VersionState
from api.database import utc_now
from api.identity.models import User

_people: Final[Any] = User
"""fastapi-users declares some of its columns as plain values."""


class DraftRepository:
    """Unfinished drafts."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, lesson_id: UUID) -> UnfinishedDraft | None:
        """What is unfinished of a lesson."""
        query = select(UnfinishedDraft).where(UnfinishedDraft.lesson_id == lesson_id)
        return (await self.session.scalars(query)).one_or_none()

    async def of_lessons(self, lesson_ids: Sequence[UUID]) -> dict[UUID, UnfinishedDraft]:
        """What is unfinished of some lessons, by lesson."""
        query = select(UnfinishedDraft).where(UnfinishedDraft.lesson_id.in_(lesson_ids))
        return {one.lesson_id: one for one in await self.session.scalars(query)}

    async def add(self, draft: UnfinishedDraft) -> None:
        """Keep what is unfinished."""
        self.session.add(draft)
        await self.session.flush()

    async def delete(self, draft: UnfinishedDraft) -> None:
        """It is whole now, or thrown away."""
        await self.session.delete(draft)
        await self.session.flush()

    async def hold_lesson(self, lesson_id: UUID) -> None:
        """Let no other transaction change this lesson until this one ends."""
        await self.session.execute(select(Lesson.id).where(Lesson.id == lesson_id).with_for_update())

    async def names(self, user_ids: Sequence[UUID]) -> dict[UUID, str]:
        """What people are called."""
        query = select(_people.id, func.coalesce(User.display_name, "")).where(_people.id.in_(user_ids))
        return {row[0]: row[1] for row in (await self.session.execute(query)).all()}

    async def learners(self, visible: Select[tuple[UUID]], most: int) -> list[UUID]:
        """Learners of a condition, at most so many."""
        return list((await self.session.scalars(visible.limit(most))).all())


class SourceRepository:
    """Which documents lessons are made from."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def put(self, organisation_id: UUID, lesson_id: UUID, document_ids: Sequence[UUID]) -> None:
        """Say which documents a lesson is made from; those that stand already stay."""
        if not document_ids:
            return
        rows = [
            {"organisation_id": organisation_id, "lesson_id": lesson_id, "document_id": document_id}
            for document_id in dict.fromkeys(document_ids)
        ]
        await self.session.execute(insert(LessonDocument).values(rows).on_conflict_do_nothing())

    async def remove_others(self, lesson_id: UUID, document_ids: Sequence[UUID]) -> None:
        """Keep only these documents."""
        query = select(LessonDocument).where(
            LessonDocument.lesson_id == lesson_id, LessonDocument.document_id.not_in(document_ids)
        )
        for one in (await self.session.scalars(query)).all():
            await self.session.delete(one)
        await self.session.flush()

    async def of_lesson(self, lesson_id: UUID) -> list[UUID]:
        """The documents of a lesson."""
        query = select(LessonDocument.document_id).where(LessonDocument.lesson_id == lesson_id)
        return list((await self.session.scalars(query.order_by(LessonDocument.created_at))).all())

    async def of_call(self, call_id: UUID) -> list[UUID]:
        """The documents of the lesson that a call is at."""
        query = (
            select(LessonDocument.document_id)
            .join(LessonAttempt, LessonAttempt.lesson_id == LessonDocument.lesson_id)
            .join(LessonCall, LessonCall.attempt_id == LessonAttempt.id)
            .where(LessonCall.call_id == call_id, LessonAttempt.state == AttemptState.OPEN)
        )
        return list((await self.session.scalars(query)).all())

    async def quick_lesson(self, learner_id: UUID, document_id: UUID, level: str) -> UUID | None:
        """The lesson that a learner has made from this document at this level already."""
        query = (
            select(Lesson.id)
            .join(LessonDocument, LessonDocument.lesson_id == Lesson.id)
            .join(LessonVersion, LessonVersion.lesson_id == Lesson.id)
            .where(
                LessonDocument.document_id == document_id,
                Lesson.learner_id == learner_id,
                Lesson.deleted_at.is_(None),
                LessonVersion.state == VersionState.PUBLISHED,
                LessonVersion.level == level,
            )
            .order_by(Lesson.created_at.desc())
            .limit(1)
        )
        return (await self.session.scalars(query)).one_or_none()


class SuggestionRepository:
    """Suggestions."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, suggestion: Suggestion) -> None:
        """Keep what is asked for."""
        self.session.add(suggestion)
        await self.session.flush()

    async def get(self, suggestion_id: UUID) -> Suggestion | None:
        """A suggestion of the organisation that is acted for."""
        return await self.session.get(Suggestion, suggestion_id)

    async def held(self, suggestion_id: UUID) -> Suggestion | None:
        """The same, held until the transaction ends."""
        query = select(Suggestion).where(Suggestion.id == suggestion_id).with_for_update()
        return (await self.session.scalars(query)).one_or_none()

    async def count_unfinished(self, user_id: UUID, since: datetime) -> int:
        """How many of a person's suggestions asked for since then are still being made."""
        query = select(func.count(Suggestion.id)).where(
            Suggestion.user_id == user_id,
            Suggestion.state.in_(UNFINISHED),
            Suggestion.created_at > since,
        )
        return (await self.session.execute(query)).scalar_one()

    async def note(self, suggestion_id: UUID, **values: Any) -> bool:
        """Note how far a suggestion is; False where it is gone."""
        changed = await self.session.execute(
            update(Suggestion)
            .where(Suggestion.id == suggestion_id)
            .values(updated_at=utc_now(), **values)
            .returning(Suggestion.id)
        )
        return changed.one_or_none() is not None
