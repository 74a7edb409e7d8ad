"""All SQL about what practising earned: points, badges, the weekly goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    cast,
    distinct,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from api.analytics.models import CallFigures
from api.curriculum.attempts.models import AttemptState, LessonAttempt
from api.practice.models import (
    BadgeEarned,
    How,
    ItemKind,
    PointEntry,
    PointKind,
    ReviewEntry,
    ReviewItem,
    WeeklyGoal,
)
from api.practice.rules import Measure
from api.practice.scheduling import SAFE_DAYS

MS_A_MINUTE = 60_000


@dataclass(frozen=True)
class PointSums:
    """Points of a learner."""

    total: int
    since: int


class EarningRepository:
    """What one learner earned in one organisation."""

    def __init__(self, session: AsyncSession, organisation_id: UUID, user_id: UUID) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.user_id = user_id

    async def lock(self) -> None:
        """Let nobody else reckon this learner until the transaction ends."""
        key = func.hashtextextended(f"earnings {self.organisation_id} {self.user_id}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(key)))

    async def pay_minutes(self, a_minute: int) -> None:
        """Points for what was spoken in each call; a call that got longer is paid up."""
        points = CallFigures.spoken_ms * a_minute / MS_A_MINUTE
        whole = cast(func.floor(points), PointEntry.points.type)
        calls = self._rows(
            PointKind.MINUTES,
            literal("call:") + cast(CallFigures.call_id, Text),
            whole,
            CallFigures.ended_at,
        ).where(*self._of(CallFigures), whole > 0)
        statement = insert(PointEntry).from_select(_COLUMNS, calls)
        more = statement.excluded.points
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["organisation_id", "user_id", "cause"],
                set_={"points": more},
                where=PointEntry.points < more,
            )
        )

    async def pay_reviews(self, a_review: int, zone: str) -> None:
        """Points for each item on each day on which it was reviewed."""
        day = cast(func.timezone(zone, ReviewEntry.reviewed_at), Date)
        cause = literal("review:") + cast(ReviewEntry.item_id, Text) + ":" + cast(day, Text)
        reviews = (
            self._rows(PointKind.REVIEW, cause, literal(a_review), func.min(ReviewEntry.reviewed_at))
            .where(*self._of(ReviewEntry), *_counts())
            .group_by(cause)
        )
        await self._pay(reviews)

    async def pay_lessons(self, a_lesson: int) -> None:
        """Points for each lesson completed."""
        cause = literal("lesson:") + cast(LessonAttempt.lesson_id, Text)
        lessons = (
            self._rows(PointKind.LESSON, cause, literal(a_lesson), func.min(LessonAttempt.finished_at))
            .where(*self._completed())
            .group_by(cause)
        )
        await self._pay(lessons)

    async def pay_goal(self, points: int, week: date, at: datetime) -> None:
        """Points for the goal of a week."""
        await self.session.execute(
            insert(PointEntry)
            .values(
                organisation_id=self.organisation_id,
                user_id=self.user_id,
                kind=PointKind.GOAL,
                cause=f"goal:{week.isoformat()}",
                points=points,
                earned_at=at,
            )
            .on_conflict_do_nothing()
        )

    async def _pay(self, rows: Select[Any]) -> None:
        statement = insert(PointEntry).from_select(_COLUMNS, rows)
        await self.session.execute(statement.on_conflict_do_nothing())

    def _rows(
        self,
        kind: PointKind,
        cause: ColumnElement[str],
        points: ColumnElement[int],
        at: Any,
    ) -> Select[Any]:
        mine = literal(self.organisation_id), literal(self.user_id)
        return select(func.gen_random_uuid(), *mine, literal(str(kind)), cause, points, at)

    async def points(self, since: datetime) -> PointSums:
        """The sum of all points, and of those earned since a moment."""
        recent = func.sum(PointEntry.points).filter(PointEntry.earned_at >= since)
        query = select(func.coalesce(func.sum(PointEntry.points), 0), func.coalesce(recent, 0)).where(
            *self._of(PointEntry)
        )
        row = (await self.session.execute(query)).one()
        return PointSums(int(row[0]), int(row[1]))

    async def measures(self) -> dict[Measure, int]:
        """What badges count, the streak left out."""
        spoken = select(
            func.count().filter(CallFigures.learner_turns > 0),
            func.coalesce(func.sum(CallFigures.spoken_ms), 0),
        ).where(*self._of(CallFigures))
        calls, ms = (await self.session.execute(spoken)).one()
        reviews = select(func.count()).select_from(ReviewEntry).where(*self._of(ReviewEntry), *_counts())
        mended = (
            select(func.count())
            .select_from(ReviewItem)
            .where(
                *self._of(ReviewItem),
                ReviewItem.kind == ItemKind.CORRECTION,
                ReviewItem.stability >= SAFE_DAYS,
            )
        )
        lessons = select(func.count(distinct(LessonAttempt.lesson_id))).where(*self._completed())
        return {
            Measure.CALLS: calls,
            Measure.MINUTES: int(ms) // MS_A_MINUTE,
            Measure.LESSONS: await self.session.scalar(lessons) or 0,
            Measure.REVIEWS: await self.session.scalar(reviews) or 0,
            Measure.MENDED: await self.session.scalar(mended) or 0,
        }

    async def badges(self) -> dict[str, datetime]:
        """The badges that the learner has, with when they were earned."""
        rows: Sequence[BadgeEarned] = (
            await self.session.scalars(select(BadgeEarned).where(*self._of(BadgeEarned)))
        ).all()
        return {row.badge: row.earned_at for row in rows}

    async def give_badge(self, badge: str, at: datetime) -> bool:
        """Give a badge; True where the learner did not have it."""
        statement = (
            insert(BadgeEarned)
            .values(organisation_id=self.organisation_id, user_id=self.user_id, badge=badge, earned_at=at)
            .on_conflict_do_nothing()
        )
        return bool((await self.session.execute(statement.returning(BadgeEarned.badge))).all())

    async def goal(self) -> int | None:
        """The minutes a week that the learner chose."""
        query = select(WeeklyGoal.minutes).where(*self._of(WeeklyGoal))
        minutes: int | None = await self.session.scalar(query)
        return minutes

    async def set_goal(self, minutes: int, at: datetime) -> None:
        """Keep the minutes a week that the learner chose."""
        await self.session.execute(
            insert(WeeklyGoal)
            .values(organisation_id=self.organisation_id, user_id=self.user_id, minutes=minutes)
            .on_conflict_do_update(
                index_elements=["organisation_id", "user_id"], set_={"minutes": minutes, "updated_at": at}
            )
        )

    def _of(self, table: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return table.organisation_id == self.organisation_id, table.user_id == self.user_id

    def _completed(self) -> tuple[ColumnElement[bool], ...]:
        return (
            LessonAttempt.organisation_id == self.organisation_id,
            LessonAttempt.learner_id == self.user_id,
            LessonAttempt.state == AttemptState.COMPLETED,
            LessonAttempt.is_draft.is_(False),
        )


_COLUMNS = ["id", "organisation_id", "user_id", "kind", "cause", "points", "earned_at"]


def _counts() -> tuple[ColumnElement[bool], ...]:
    """Gradings that the learner's own practice made and that stand."""
    undoing = aliased(ReviewEntry)
    undone = exists().where(undoing.undoes_id == ReviewEntry.id)
    return ReviewEntry.how.in_((How.SCREEN, How.CALL)), ReviewEntry.rating.is_not(None), ~undone
