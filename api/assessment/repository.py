"""All SQL about assessments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.assessment.models import AssessmentRow, HeardTurn, RubricAnswer
from api.identity.models import User
from api.pages import Mark

_people: Final[Any] = User
"""fastapi-users declares some of its columns as plain values."""


@dataclass(frozen=True)
class NamedRow:
    """An assessment with its learner's name."""

    row: AssessmentRow
    learner_name: str


class AssessmentRepository:
    """Assessments of the organisation that is acted for."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_attempt(self, attempt_id: UUID, *, lock: bool = False) -> AssessmentRow | None:
        """The assessment of an attempt."""
        query = select(AssessmentRow).where(AssessmentRow.attempt_id == attempt_id)
        rows = await self.session.scalars(query.with_for_update() if lock else query)
        return rows.one_or_none()

    async def add(self, values: dict[str, Any]) -> bool:
        """Make an assessment; False where the attempt has one."""
        statement = (
            insert(AssessmentRow)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["attempt_id"])
            .returning(AssessmentRow.id)
        )
        return (await self.session.execute(statement)).one_or_none() is not None

    async def page(
        self, organisation_id: UUID, user_id: UUID, after: Mark | None, limit: int
    ) -> Sequence[AssessmentRow]:
        """The next assessments of a learner, the newest exam first."""
        query = select(AssessmentRow).where(
            AssessmentRow.organisation_id == organisation_id, AssessmentRow.user_id == user_id
        )
        return (await self.session.scalars(_next(query, after, limit))).all()

    async def page_of_learners(
        self,
        organisation_id: UUID,
        learners: Select[tuple[UUID]],
        after: Mark | None,
        limit: int,
        *,
        asked_only: bool,
    ) -> list[NamedRow]:
        """The next assessments of several learners; where wanted, those that a person is asked to look at."""
        query = (
            select(AssessmentRow, _name())
            .join(User, _people.id == AssessmentRow.user_id)
            .where(AssessmentRow.organisation_id == organisation_id, AssessmentRow.user_id.in_(learners))
        )
        if asked_only:
            query = query.where(AssessmentRow.review_asked_at.is_not(None))
        return [NamedRow(*row) for row in (await self.session.execute(_next(query, after, limit))).all()]

    async def earlier(self, user_id: UUID, before: datetime, most: int) -> Sequence[UUID]:
        """A learner's attempts that were judged before this one began, the newest first."""
        query = (
            select(AssessmentRow.attempt_id)
            .where(AssessmentRow.user_id == user_id, AssessmentRow.taken_at < before)
            .order_by(AssessmentRow.taken_at.desc())
            .limit(most)
        )
        return (await self.session.scalars(query)).all()


class HeardRepository:
    """What was heard of attempts, and what a language model said of them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_attempt(self, attempt_id: UUID, version: str) -> dict[UUID, dict[str, Any]]:
        """What was heard of an attempt's turns by a version of hearing, by turn."""
        query = select(HeardTurn.turn_id, HeardTurn.heard).where(
            HeardTurn.attempt_id == attempt_id, HeardTurn.version == version
        )
        return {row[0]: row[1] for row in (await self.session.execute(query)).all()}

    async def put(self, values: dict[str, Any]) -> None:
        """Keep what was heard of a turn; the newer stays, since more of the sound may be there."""
        statement = insert(HeardTurn).values(**values)
        kept = statement.on_conflict_do_update(
            index_elements=["turn_id", "version"], set_={"heard": statement.excluded.heard}
        )
        await self.session.execute(kept)

    async def texts_of(self, attempt_ids: Sequence[UUID]) -> list[str]:
        """What was said in other attempts, a text a turn."""
        query = select(HeardTurn.heard["text"].astext).where(HeardTurn.attempt_id.in_(attempt_ids))
        return [text for text in (await self.session.scalars(query)).all() if text]

    async def answer(self, attempt_id: UUID, asked: str) -> dict[str, Any] | None:
        """What the model answered to this question about an attempt, if it was asked."""
        query = select(RubricAnswer.answer).where(
            RubricAnswer.attempt_id == attempt_id, RubricAnswer.asked == asked
        )
        return (await self.session.execute(query)).scalar_one_or_none()

    async def keep_answer(self, values: dict[str, Any]) -> None:
        """Keep what the model answered; the first answer stays."""
        await self.session.execute(insert(RubricAnswer).values(**values).on_conflict_do_nothing())


def _name() -> ColumnElement[str]:
    return func.coalesce(func.nullif(User.display_name, ""), _people.email, "")


def _next(query: Select[Any], after: Mark | None, limit: int) -> Select[Any]:
    if after is not None:
        query = query.where(tuple_(AssessmentRow.taken_at, AssessmentRow.id) < (after.at, after.id))
    return query.order_by(AssessmentRow.taken_at.desc(), AssessmentRow.id.desc()).limit(limit)
