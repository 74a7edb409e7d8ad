"""All SQL about marks that people give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from api.assessment.models import AssessmentRow
from api.database import utc_now
from api.identity.models import User
from api.marks.models import ExamMark
from api.pages import Mark

_people: Final[Any] = User
"""fastapi-users declares some of its columns as plain values."""


@dataclass(frozen=True)
class NamedMark:
    """A mark with its author's name, and whether it counts."""

    mark: ExamMark
    author_name: str
    counts: bool


@dataclass(frozen=True)
class Cell:
    """How often the machine and a person gave these on a dimension."""

    dimension: str
    machine: float
    person: float
    count: int


@dataclass(frozen=True)
class Totals:
    """How much stands behind the figures of a dimension."""

    dimension: str
    marks: int
    blind: int
    learners: int


@dataclass(frozen=True)
class MarkedAttempt:
    """A double-marked attempt as a list shows it."""

    attempt_id: UUID
    learner_id: UUID
    learner_name: str
    title: str
    sat_at: datetime
    marked_at: datetime
    people: int


class MarkRepository:
    """Marks of the organisation that is acted for.

    Of several versions the newest of each author counts; those of authors whose accounts are gone count as
    one author's.
    """

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, values: dict[str, Any]) -> ExamMark | None:
        """Keep a version; None where its author gave one of that number meanwhile."""
        statement = (
            insert(ExamMark)
            .values(created_at=utc_now(), **values)
            .on_conflict_do_nothing(index_elements=["attempt_id", "dimension", "author_id", "version"])
            .returning(ExamMark)
        )
        return (await self.session.scalars(statement)).one_or_none()

    async def newest(self, attempt_id: UUID, dimension: str, author_id: UUID) -> ExamMark | None:
        """An author's newest version on a dimension, taken back or not."""
        query = (
            select(ExamMark)
            .where(
                ExamMark.attempt_id == attempt_id,
                ExamMark.dimension == dimension,
                ExamMark.author_id == author_id,
            )
            .order_by(ExamMark.version.desc())
            .limit(1)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def has_looked(self, attempt_id: UUID, author_id: UUID) -> bool:
        """Whether an author gave a mark on this attempt after opening the machine's scores."""
        query = select(ExamMark.id).where(
            ExamMark.attempt_id == attempt_id, ExamMark.author_id == author_id, ExamMark.blind.is_(False)
        )
        return (await self.session.execute(query.limit(1))).first() is not None

    async def of_attempt(self, attempt_id: UUID) -> list[NamedMark]:
        """Every version on an attempt, oldest first, with the names that their authors chose."""
        newest = _newest(ExamMark.attempt_id == attempt_id).subquery()
        query = (
            select(
                ExamMark,
                func.coalesce(User.display_name, ""),
                and_(newest.c.id.is_not(None), ExamMark.score.is_not(None)),
            )
            .outerjoin(User, _people.id == ExamMark.author_id)
            .outerjoin(newest, newest.c.id == ExamMark.id)
            .where(ExamMark.attempt_id == attempt_id)
            .order_by(ExamMark.created_at, ExamMark.version, ExamMark.id)
        )
        return [NamedMark(*row) for row in (await self.session.execute(query)).all()]

    async def cells(self, organisation_id: UUID, learners: Select[tuple[UUID]]) -> list[Cell]:
        """Counted pairs of the machine's score and a person's, by dimension."""
        pair = _pairs(organisation_id, learners)
        query = (
            select(pair.dimension, pair.machine_score, pair.score, func.count())
            .where(pair.score.is_not(None), pair.machine_score.is_not(None))
            .group_by(pair.dimension, pair.machine_score, pair.score)
            .order_by(pair.dimension, pair.machine_score, pair.score)
        )
        rows = (await self.session.execute(query)).all()
        return [Cell(name, _plain(machine), _plain(person), count) for name, machine, person, count in rows]

    async def totals(self, organisation_id: UUID, learners: Select[tuple[UUID]]) -> list[Totals]:
        """How many pairs of how many learners each dimension has."""
        pair = _pairs(organisation_id, learners)
        query = (
            select(
                pair.dimension,
                func.count(),
                func.count().filter(pair.blind),
                func.count(pair.learner_id.distinct()),
            )
            .where(pair.score.is_not(None), pair.machine_score.is_not(None))
            .group_by(pair.dimension)
        )
        return [Totals(*row) for row in (await self.session.execute(query)).all()]

    async def versions(self, organisation_id: UUID, learners: Select[tuple[UUID]]) -> Sequence[str]:
        """The versions of the machine's scoring that counting marks stand beside."""
        pair = _pairs(organisation_id, learners)
        query = (
            select(pair.machine_version)
            .where(pair.score.is_not(None), pair.machine_score.is_not(None))
            .distinct()
            .order_by(pair.machine_version)
        )
        return (await self.session.scalars(query)).all()

    async def double_marked(
        self, organisation_id: UUID, learners: Select[tuple[UUID]], after: Mark | None, limit: int
    ) -> list[MarkedAttempt]:
        """The next attempts that people marked beside the machine, the last marked first."""
        pair = _pairs(organisation_id, learners)
        marked_at = func.max(pair.created_at)
        query = (
            select(
                pair.attempt_id,
                pair.learner_id,
                _name(),
                AssessmentRow.title,
                AssessmentRow.taken_at,
                marked_at,
                func.count(func.coalesce(pair.author_id, pair.attempt_id).distinct()),
            )
            .join(AssessmentRow, AssessmentRow.attempt_id == pair.attempt_id)
            .join(User, _people.id == pair.learner_id)
            .where(pair.score.is_not(None), pair.machine_score.is_not(None))
            .group_by(pair.attempt_id, pair.learner_id, _people.id, AssessmentRow.id)
            .order_by(marked_at.desc(), pair.attempt_id.desc())
            .limit(limit)
        )
        if after is not None:
            query = query.having(tuple_(marked_at, pair.attempt_id) < (after.at, after.id))
        return [MarkedAttempt(*row) for row in (await self.session.execute(query)).all()]

    async def counting(self, attempt_ids: Sequence[UUID]) -> Sequence[ExamMark]:
        """The marks on some attempts that count, oldest first."""
        mark = aliased(ExamMark, _newest(ExamMark.attempt_id.in_(attempt_ids)).subquery())
        query = select(mark).where(mark.score.is_not(None)).order_by(mark.created_at, mark.id)
        return (await self.session.scalars(query)).all()

    async def name(self, user_id: UUID) -> str:
        """Under what name a person is shown to those who look after them."""
        found = await self.session.execute(select(_name()).where(_people.id == user_id))
        return found.scalar_one()


def _newest(condition: ColumnElement[bool]) -> Select[tuple[ExamMark]]:
    """The newest version of each author on each dimension of each attempt."""
    of_one_hand = (ExamMark.attempt_id, ExamMark.dimension, ExamMark.author_id)
    return (
        select(ExamMark)
        .distinct(*of_one_hand)
        .where(condition)
        .order_by(*of_one_hand, ExamMark.created_at.desc(), ExamMark.version.desc())
    )


def _pairs(organisation_id: UUID, learners: Select[tuple[UUID]]) -> Any:
    condition = and_(ExamMark.organisation_id == organisation_id, ExamMark.learner_id.in_(learners))
    return aliased(ExamMark, _newest(condition).subquery())


def _name() -> ColumnElement[str]:
    """The name under which those who look after somebody see them: the one they chose, else their address."""
    return func.coalesce(func.nullif(User.display_name, ""), _people.email, "")


def _plain(score: Decimal) -> float:
    return float(score)
