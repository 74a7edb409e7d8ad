"""All SQL about assignments."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from api.assignments.models import Assignment
from api.identity.models import User
from api.pages import Mark

_people: Final[Any] = User
"""fastapi-users declares some of its columns as plain values."""


class AssignmentRepository:
    """Assignments of one organisation."""

    def __init__(self, session: AsyncSession, organisation_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id

    async def add(self, assignment: Assignment) -> None:
        """Keep an assignment."""
        self.session.add(assignment)
        await self.session.flush()

    async def delete(self, assignment: Assignment) -> None:
        """Remove an assignment."""
        await self.session.delete(assignment)
        await self.session.flush()

    async def locked(self, assignment_id: UUID) -> tuple[Assignment, str] | None:
        """An assignment with its author's name, held until the request ends."""
        query = self._all().where(Assignment.id == assignment_id).with_for_update(of=Assignment)
        row = (await self.session.execute(query)).one_or_none()
        return (row[0], row[1]) if row else None

    async def page(self, learner_id: UUID, after: Mark | None, limit: int) -> list[tuple[Assignment, str]]:
        """The next assignments of a learner with their authors' names, newest first."""
        query = self._all().where(Assignment.learner_id == learner_id)
        if after is not None:
            query = query.where(tuple_(Assignment.created_at, Assignment.id) < (after.at, after.id))
        query = query.order_by(Assignment.created_at.desc(), Assignment.id.desc()).limit(limit)
        return [(one, name) for one, name in (await self.session.execute(query)).all()]

    async def count(self, learner_id: UUID, *, only_open: bool = False) -> int:
        """How many assignments a learner has."""
        query = select(func.count(Assignment.id)).where(
            Assignment.organisation_id == self.organisation_id, Assignment.learner_id == learner_id
        )
        if only_open:
            query = query.where(Assignment.done_at.is_(None))
        return (await self.session.execute(query)).scalar_one()

    async def open_for_lesson(self, learner_id: UUID, lesson_id: UUID) -> list[Assignment]:
        """A learner's assignments of a lesson that are not done, held until the request ends."""
        query = self._open(learner_id).where(Assignment.lesson_id == lesson_id)
        return list((await self.session.scalars(query.with_for_update())).all())

    async def open_lessons(self, learner_id: UUID) -> dict[UUID, date | None]:
        """The lessons of a learner's assignments that are not done, with the first day each is due."""
        query = self._open(learner_id).where(Assignment.lesson_id.is_not(None))
        query = query.order_by(Assignment.due_on.desc().nulls_first(), Assignment.created_at.desc())
        return {one.lesson_id: one.due_on for one in await self.session.scalars(query) if one.lesson_id}

    def _open(self, learner_id: UUID) -> Select[tuple[Assignment]]:
        return select(Assignment).where(
            Assignment.organisation_id == self.organisation_id,
            Assignment.learner_id == learner_id,
            Assignment.done_at.is_(None),
        )

    def _all(self) -> Select[tuple[Assignment, str]]:
        return (
            select(Assignment, func.coalesce(User.display_name, ""))
            .outerjoin(User, _people.id == Assignment.author_id)
            .where(Assignment.organisation_id == self.organisation_id)
        )
