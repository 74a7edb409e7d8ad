"""All SQL about items to review and their gradings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.practice.models import ItemKind, ReviewEntry, ReviewItem
from api.practice.scheduling import SAFE_DAYS


@dataclass(frozen=True)
class Counts:
    """How many items there are."""

    total: int
    due: int
    suspended: int
    next_due_at: datetime | None
    """When the next one is due that is not due now."""


class ReviewRepository:
    """Items of one learner in one organisation."""

    def __init__(self, session: AsyncSession, organisation_id: UUID, user_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.user_id = user_id

    async def get(self, item_id: UUID, *, lock: bool = False) -> ReviewItem | None:
        """An item that was not removed."""
        query = select(ReviewItem).where(ReviewItem.id == item_id, *self._standing())
        found: ReviewItem | None = await self.session.scalar(query.with_for_update() if lock else query)
        return found

    async def due(self, at: datetime, limit: int, *, lock: bool = False) -> Sequence[ReviewItem]:
        """Items that are due, the one that has waited longest first."""
        query = (
            select(ReviewItem)
            .where(*self._standing(), *_due(at))
            .order_by(ReviewItem.due_at, ReviewItem.id)
            .limit(limit)
        )
        return (await self.session.scalars(query.with_for_update() if lock else query)).all()

    async def page(
        self, *, suspended: bool, before: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[ReviewItem]:
        """Items, the newest first."""
        state = ReviewItem.suspended_at.is_not(None) if suspended else ReviewItem.suspended_at.is_(None)
        query = select(ReviewItem).where(*self._standing(), state)
        if before is not None:
            query = query.where(func.row(ReviewItem.created_at, ReviewItem.id) < func.row(*before))
        order = query.order_by(ReviewItem.created_at.desc(), ReviewItem.id.desc())
        return (await self.session.scalars(order.limit(limit))).all()

    async def counts(self, at: datetime) -> Counts:
        """How many there are, and how many of them are due."""
        learned = ReviewItem.suspended_at.is_(None)
        query = select(
            func.count(),
            func.count().filter(*_due(at)),
            func.count().filter(~learned),
            func.min(ReviewItem.due_at).filter(learned, ReviewItem.due_at > at),
        ).where(*self._standing())
        return Counts(*(await self.session.execute(query)).one()._tuple())

    async def due_by_day(self, zone: str, before: datetime) -> dict[date, int]:
        """How many items are due on each day of a time zone up to a moment."""
        day = cast(func.timezone(zone, ReviewItem.due_at), Date)
        query = select(day, func.count()).where(*self._standing(), *_due(before)).group_by(day)
        return {row[0]: row[1] for row in (await self.session.execute(query)).all()}

    async def due_by_source(self, at: datetime) -> dict[UUID, int]:
        """How many items are due of each lesson, by its key."""
        query = (
            select(ReviewItem.source_id, func.count())
            .where(*self._standing(), *_due(at), ReviewItem.kind != ItemKind.CORRECTION)
            .group_by(ReviewItem.source_id)
        )
        return {row[0]: row[1] for row in (await self.session.execute(query)).all() if row[0]}

    async def by_keys(self, keys: Sequence[str]) -> dict[str, ReviewItem]:
        """Items of these keys, removed ones too, locked."""
        query = (
            select(ReviewItem)
            .where(*self._mine(), ReviewItem.key.in_(keys))
            .order_by(ReviewItem.id)
            .with_for_update()
        )
        return {item.key: item for item in (await self.session.scalars(query)).all()}

    async def learning_by_rule(self, rules: Sequence[str]) -> dict[str, list[ReviewItem]]:
        """Items of these rules that are not yet remembered for long, the one due last first, locked."""
        query = (
            select(ReviewItem)
            .where(
                *self._standing(),
                ReviewItem.rule.in_(rules),
                ReviewItem.suspended_at.is_(None),
                func.coalesce(ReviewItem.stability, 0.0) < SAFE_DAYS,
            )
            .order_by(ReviewItem.due_at.desc(), ReviewItem.id)
            .with_for_update()
        )
        found: dict[str, list[ReviewItem]] = {}
        for item in (await self.session.scalars(query)).all():
            found.setdefault(item.rule or "", []).append(item)
        return found

    async def put_new(self, values: dict[str, Any]) -> ReviewItem | None:
        """Keep an item; None where there is one of that key."""
        mine = {"organisation_id": self.organisation_id, "user_id": self.user_id}
        statement = insert(ReviewItem).values({**values, **mine}).on_conflict_do_nothing()
        return await self.session.scalar(statement.returning(ReviewItem))

    async def forget_call(self, call_id: UUID) -> None:
        """Remove what a call gave."""
        await self.session.execute(
            delete(ReviewItem).where(*self._mine(), ReviewItem.call_id == call_id),
            execution_options={"synchronize_session": False},
        )

    async def suspend_source(self, source_id: UUID, at: datetime | None) -> None:
        """Leave out what was made of a correction, or take it in again where `at` is None."""
        await self.session.execute(
            update(ReviewItem)
            .where(*self._standing(), ReviewItem.source_id == source_id)
            .values(suspended_at=at),
            execution_options={"synchronize_session": False},
        )

    async def entry(self, grading_id: UUID) -> ReviewEntry | None:
        """A grading by the key that its grader gave it."""
        query = select(ReviewEntry).where(
            ReviewEntry.user_id == self.user_id, ReviewEntry.grading_id == grading_id
        )
        found: ReviewEntry | None = await self.session.scalar(query)
        return found

    async def undoing(self, entry_id: UUID) -> ReviewEntry | None:
        """What took a grading back."""
        query = select(ReviewEntry).where(ReviewEntry.undoes_id == entry_id)
        found: ReviewEntry | None = await self.session.scalar(query)
        return found

    async def last_entry(self, item_id: UUID) -> ReviewEntry | None:
        """An item's last grading that stands."""
        undoing = select(ReviewEntry.undoes_id).where(
            ReviewEntry.item_id == item_id, ReviewEntry.undoes_id.is_not(None)
        )
        query = (
            select(ReviewEntry)
            .where(
                ReviewEntry.item_id == item_id,
                ReviewEntry.rating.is_not(None),
                ReviewEntry.id.not_in(undoing),
            )
            .order_by(ReviewEntry.reviewed_at.desc(), ReviewEntry.id)
            .limit(1)
        )
        found: ReviewEntry | None = await self.session.scalar(query)
        return found

    def add(self, entry: ReviewEntry) -> None:
        """Keep a grading."""
        self.session.add(entry)

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return ReviewItem.organisation_id == self.organisation_id, ReviewItem.user_id == self.user_id

    def _standing(self) -> tuple[ColumnElement[bool], ...]:
        return (*self._mine(), ReviewItem.removed_at.is_(None))


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return ReviewItem.suspended_at.is_(None), ReviewItem.due_at <= at
