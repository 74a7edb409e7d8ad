"""Figures of learners and calls, for their own pages and for other domains."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.models import CallFigures, LearnerDay, LearnerStats
from api.analytics.programs.service import monday
from api.analytics.reckoning.service import today
from api.analytics.repository import CallFigureRepository, LearnerFigureRepository, WeekRow
from api.analytics.schemas import LearnerDayOut, LearnerFigures, LearnerWeek, StreakOut
from api.analytics.speech import Speech, minutes, trend
from api.analytics.streaks import Streak, streak
from api.database import utc_now
from api.time_zones import time_zone

SNAPSHOT_DAYS = 28
WEEK = timedelta(days=7)


async def learner_figures(
    session: AsyncSession, organisation_id: UUID, user_id: UUID, *, zone: str = "UTC", weeks: int = 12
) -> LearnerFigures:
    """How a learner stands in an organisation; the caller has made sure that they may be looked at.

    Args:
        zone: Name of the time zone whose days and weeks count, such as Europe/Madrid.
        weeks: How many weeks, the present one included.

    Raises:
        InvalidError: There is no such time zone (`unknown_time_zone`).
    """
    here = utc_now().astimezone(time_zone(zone)).date()
    first = monday(here) - WEEK * (weeks - 1)
    repository = LearnerFigureRepository(session, organisation_id, user_id)
    stats = await repository.stats() or _nothing(organisation_id, user_id)
    rows = {row.week: row for row in await repository.weeks(zone, first)}
    days = await repository.days(today() - timedelta(days=SNAPSHOT_DAYS - 1))
    return LearnerFigures(
        calls=stats.calls,
        turns=stats.turns,
        last_activity_at=stats.last_activity_at if stats.calls else None,
        week_minutes=minutes(stats.weeks_ms[-1]),
        month_minutes=minutes(stats.month_ms),
        trend=trend(stats.month_ms, stats.before_ms),
        streak=StreakOut.model_validate(streak(await repository.practised(zone), here), from_attributes=True),
        weeks=[_week(first + WEEK * number, rows) for number in range(weeks)],
        days=[_day(row) for row in days],
        **Speech.of(stats.spoken_ms, stats.coach_ms, stats.words).shown(),
    )


async def streak_of(session: AsyncSession, organisation_id: UUID, user_id: UUID, zone: ZoneInfo) -> Streak:
    """A learner's days in a row with practice, in a time zone."""
    practised = await LearnerFigureRepository(session, organisation_id, user_id).practised(zone.key)
    return streak(practised, utc_now().astimezone(zone).date())


async def spoken_by_day(  # noqa: PLR0917 - whose, where, when
    session: AsyncSession, organisation_id: UUID, user_id: UUID, zone: ZoneInfo, first: date, last: date
) -> dict[date, int]:
    """How long a learner spoke in the calls of each day of a time zone, in milliseconds; silent days are
    left out."""
    repository = LearnerFigureRepository(session, organisation_id, user_id)
    return await repository.spoken_by_day(zone.key, first, last)


async def call_figures(session: AsyncSession, call_id: UUID) -> CallFigures | None:
    """The figures of a closed call: `Speech.of` makes minutes and shares of them."""
    return await CallFigureRepository(session).of_call(call_id)


def _nothing(organisation_id: UUID, user_id: UUID) -> LearnerStats:
    """Of a learner who has ended no call yet; not to be kept."""
    none = dict.fromkeys(("calls", "turns", "spoken_ms", "coach_ms", "words", "month_ms", "before_ms"), 0)
    return LearnerStats(organisation_id=organisation_id, user_id=user_id, weeks_ms=[0], **none)


def _week(week: date, rows: dict[date, WeekRow]) -> LearnerWeek:
    row = rows.get(week) or WeekRow(week, 0, 0, 0, 0)
    speech = Speech.of(row.spoken_ms, row.coach_ms, row.words)
    return LearnerWeek(week=week, calls=row.calls, **speech.shown())


def _day(row: LearnerDay) -> LearnerDayOut:
    speech = Speech.of(row.spoken_ms, row.coach_ms, row.words)
    return LearnerDayOut(
        day=row.day,
        calls=row.calls,
        turns=row.turns,
        distinct_words=row.distinct_words,
        **speech.shown(),
    )
