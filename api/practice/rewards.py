"""What practising earns: points and badges by rules, the week against its goal, the streak.

Everything is reckoned from the record, so that it comes out the same however often it is done.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics import service as analytics
from api.analytics.speech import minutes
from api.analytics.streaks import Streak
from api.database import utc_now
from api.identity.auth import Principal
from api.practice import service
from api.practice.days import day_of, start_of, week_of
from api.practice.earnings.repository import EarningRepository
from api.practice.rules import Measure, rules
from api.practice.schemas import (
    BadgeOut,
    PointsOut,
    PracticeDay,
    PracticeOut,
    PracticeStreak,
    WeekOut,
)

LATE: Final = timedelta(days=7)
"""What a call adds to a week may come so late, and the week's goal is still reached."""


async def award(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> list[str]:
    """Give a learner the points and badges that are owed; done again it gives nothing.

    Returns:
        The badges that are new.
    """
    repository, given = EarningRepository(session, organisation_id, user_id), rules().points
    await repository.lock()
    zone, now = await service.zone_of(session, user_id), utc_now()
    await repository.pay_minutes(given.minute)
    await repository.pay_reviews(given.review, zone.key)
    await repository.pay_lessons(given.lesson)
    for moment in (now - LATE, now):
        week = await _week(session, repository, zone, moment)
        if week.minutes >= week.goal_minutes:
            await repository.pay_goal(given.goal, week.days[0].day, now)
    measures = await _measures(repository, await analytics.streak_of(session, organisation_id, user_id, zone))
    owed = [badge for badge in rules().badges if measures[badge.measure] >= badge.at_least]
    return [badge.key for badge in owed if await repository.give_badge(badge.key, now)]


async def overview(session: AsyncSession, person: Principal, zone: ZoneInfo) -> PracticeOut:
    """How a person's practice stands."""
    repository = EarningRepository(session, person.organisation_id, person.user.id)
    now = utc_now()
    week = await _week(session, repository, zone, now)
    points = await repository.points(start_of(week.days[0].day, zone))
    streak = await analytics.streak_of(session, person.organisation_id, person.user.id, zone)
    measures, earned = await _measures(repository, streak), await repository.badges()
    return PracticeOut(
        time_zone=zone.key,
        streak=PracticeStreak.model_validate(streak),
        week=week,
        points=PointsOut(total=points.total, week=points.since),
        badges=[
            BadgeOut(
                key=badge.key,
                measure=badge.measure,
                at_least=badge.at_least,
                reached=min(measures[badge.measure], badge.at_least),
                earned_at=earned.get(badge.key),
            )
            for badge in rules().badges
        ],
        due=await service.count_due(session, person),
    )


async def set_goal(session: AsyncSession, person: Principal, goal_minutes: int) -> None:
    """Keep how many minutes a week a person means to speak."""
    repository = EarningRepository(session, person.organisation_id, person.user.id)
    await repository.set_goal(goal_minutes, utc_now())
    await service.award_soon(session, person.organisation_id, person.user.id)


async def _week(
    session: AsyncSession, repository: EarningRepository, zone: ZoneInfo, at: datetime
) -> WeekOut:
    """The week in which a moment lies."""
    days = week_of(day_of(at, zone))
    spoken = await analytics.spoken_by_day(
        session, repository.organisation_id, repository.user_id, zone, days[0], days[-1]
    )
    return WeekOut(
        minutes=minutes(sum(spoken.values())),
        goal_minutes=await repository.goal() or rules().weekly_goal_minutes,
        days=[PracticeDay(day=day, minutes=minutes(spoken.get(day, 0))) for day in days],
    )


async def _measures(repository: EarningRepository, streak: Streak) -> dict[Measure, int]:
    return {**await repository.measures(), Measure.STREAK: streak.longest}
