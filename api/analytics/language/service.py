"""A learner's language: reckoned from their spoken words when it is looked at."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.language.levels import LEVELS, base_and_level, parts_of
from api.analytics.language.repository import LanguageRepository, PauseRow, WordRow
from api.analytics.language.schemas import FluencyWeek, LearnerLanguage, LevelWords, SlipWeek, Vocabulary
from api.contract.corrections import CorrectionCategory
from api.corrections import service as corrections
from api.corrections.service import ErrorRate
from api.database import utc_now

PAUSE_S: Final = 0.5
"""A silence within a turn that is heard as a pause; shorter ones belong to speaking."""
ENOUGH_SPEECH_S: Final = 10.0
ENOUGH_WORDS: Final = 50
"""A rate of slips in fewer words says nothing."""
RECENT: Final = timedelta(days=28)
EXAMPLES: Final = 6
WEEK: Final = timedelta(days=7)


async def language_of(
    session: AsyncSession, organisation_id: UUID, user_id: UUID, zone: ZoneInfo, weeks: int
) -> LearnerLanguage:
    """What a learner's language is like; the caller has made sure that they may be looked at.

    Args:
        zone: Whose weeks count.
        weeks: How many weeks, the present one included.
    """
    now = utc_now()
    today = now.astimezone(zone).date()
    first = today - timedelta(days=today.weekday()) - WEEK * (weeks - 1)
    repository = LanguageRepository(session, organisation_id, user_id)
    rows = {row.week: row for row in await repository.pauses(zone.key, first, PAUSE_S)}
    words = await repository.words()
    return LearnerLanguage(
        # The list of levels is read on a thread: that takes a second, once a process.
        vocabulary=await asyncio.to_thread(vocabulary_of, words, now),
        fluency=[_fluency(first + WEEK * number, rows) for number in range(weeks)],
        slips=await _slips(session, organisation_id, user_id, zone, first, weeks),
    )


async def _slips(  # noqa: PLR0917 - whose, where, when
    session: AsyncSession, organisation_id: UUID, user_id: UUID, zone: ZoneInfo, first: date, weeks: int
) -> list[SlipWeek]:
    since = datetime.combine(first, time.min, zone)
    days = await corrections.error_rates(session, organisation_id, user_id, since, zone=zone.key)
    return [_slip_week(first + WEEK * number, days) for number in range(weeks)]


def _slip_week(week: date, days: Sequence[ErrorRate]) -> SlipWeek:
    within = [day for day in days if week <= day.day < week + WEEK]
    words = sum(day.words for day in within)
    if words < ENOUGH_WORDS:
        return SlipWeek(week=week, words=words, rates=None)
    counts = {one: sum(day.slips.get(one, 0) for day in within) for one in CorrectionCategory}
    return SlipWeek(
        week=week, words=words, rates={one: round(100 * count / words, 2) for one, count in counts.items()}
    )


def vocabulary_of(words: Sequence[WordRow], now: datetime) -> Vocabulary:
    """The different words among those said, by level."""
    first_said: dict[tuple[str, str | None], datetime] = {}
    for row in words:
        for part in parts_of(row.word):
            key = base_and_level(part)
            first_said[key] = min(row.first_at, first_said.get(key, row.first_at))
    by_level: dict[str | None, list[tuple[datetime, str]]] = {}
    for (base, level), at in first_said.items():
        by_level.setdefault(level, []).append((at, base))
    return Vocabulary(
        words=len(first_said),
        beyond=len(by_level.get(None, [])),
        levels=[_level(level, by_level.get(level, []), now) for level in LEVELS],
    )


def _level(level: str, said: list[tuple[datetime, str]], now: datetime) -> LevelWords:
    newest = sorted(said, key=lambda one: (-one[0].timestamp(), one[1]))
    return LevelWords(
        level=level,
        words=len(said),
        recent=sum(now - at < RECENT for at, _base in said),
        examples=[base for _at, base in newest[:EXAMPLES]],
    )


def _fluency(week: date, rows: dict[date, PauseRow]) -> FluencyWeek:
    row = rows.get(week)
    if row is None or row.spoken_s < ENOUGH_SPEECH_S:
        return FluencyWeek(
            week=week, words_per_minute=None, words_per_run=None, pauses_per_minute=None, mean_pause_s=None
        )
    minutes = row.spoken_s / 60
    return FluencyWeek(
        week=week,
        words_per_minute=round(row.words / minutes, 1),
        words_per_run=round(row.words / row.runs, 1),
        pauses_per_minute=round(row.pauses / minutes, 1),
        mean_pause_s=round(row.pause_s / row.pauses, 2) if row.pauses else 0.0,
    )
