"""How the installation does: health with versions and providers, and counts."""

import asyncio
import platform
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.registry import SettingKey
from api.administration.repository import FigureRepository
from api.administration.schemas import (
    CallDay,
    DiskHealth,
    MailHealth,
    MailKept,
    OrganisationCounts,
    Provider,
    Stage,
    Statistics,
    SystemHealth,
    Versions,
)
from api.administration.switchboard import Switches
from api.calls import service as calls
from api.database import utc_now
from api.health.routes import product_version
from api.health.schemas import State
from api.health.service import ReadinessProbe
from api.settings import Settings

DAYS: Final = 30
STAGES_WITHIN: Final = timedelta(days=1)
DISK_NEEDED_BYTES: Final = 1_000_000_000
DISK_GOOD_BYTES: Final = 5_000_000_000
STARTED_AT: Final = utc_now()


async def health(
    session: AsyncSession, settings: Settings, probe: ReadinessProbe, switches: Switches
) -> SystemHealth:
    """What `/health/ready` tells, and mail, disk, providers, versions, open calls. No address, no secret."""
    readiness, disk = await asyncio.gather(
        probe.readiness(), asyncio.to_thread(disk_health, settings.avaaz_home)
    )
    figures = FigureRepository(session)
    waiting, given_up = await figures.mail()
    most = switches.number(SettingKey.MAXIMUM_CALLS)
    states = (readiness.state, disk.state)
    return SystemHealth(
        state=max(states, key=[State.OK, State.DEGRADED, State.DOWN].index),
        dependencies=readiness.dependencies,
        mail=MailHealth(
            goes_to=MailKept.SMTP if settings.smtp_host else MailKept.FILES,
            waiting=waiting,
            given_up=given_up,
        ),
        disk=disk,
        open_calls=await calls.count_open(session),
        maximum_calls=settings.max_calls if most is None else most,
        providers=providers_of(settings),
        versions=Versions(
            product=product_version(),
            python=platform.python_version(),
            postgres=await figures.database_version(),
        ),
        started_at=STARTED_AT,
    )


def disk_health(home: Path) -> DiskHealth:
    """Room where the API keeps what is no database row."""
    usage = shutil.disk_usage(home if home.exists() else Path())
    if usage.free < DISK_NEEDED_BYTES:
        state = State.DOWN
    else:
        state = State.OK if usage.free >= DISK_GOOD_BYTES else State.DEGRADED
    return DiskHealth(state=state, free_bytes=usage.free, total_bytes=usage.total)


def providers_of(settings: Settings) -> list[Provider]:
    """What recognizes, answers and speaks, by the names that the agent knows them by."""
    answers = settings.llm_provider or ("openai-compatible" if settings.llm_url else None)
    return [
        Provider(part="stt", name=settings.stt_provider, model=None),
        Provider(
            part="llm",
            name=answers if answers and settings.has_language_model else "guided",
            model=settings.llm_model if settings.has_language_model else None,
        ),
        Provider(part="tts", name=settings.tts_provider, model=None),
    ]


async def statistics(session: AsyncSession, organisation_id: UUID | None) -> Statistics:
    """Counts over everything, or over one organisation."""
    figures, now = FigureRepository(session), utc_now()
    today = now.date()
    first = datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time(), UTC)
    people = await figures.people(organisation_id, first)
    days = {one.day: one for one in await figures.days(first, organisation_id)}
    every_day = [first.date() + timedelta(days=number) for number in range(DAYS)]
    everywhere = organisation_id is None
    return Statistics(
        accounts=people.accounts,
        active_accounts=people.active,
        seen_last_30_days=people.seen,
        organisations=await _organisations(figures) if everywhere else None,
        open_calls=await calls.count_open(session) if everywhere else None,
        days=[
            CallDay(
                day=day,
                calls=days[day].calls if day in days else 0,
                minutes=round(days[day].seconds / 60, 1) if day in days else 0,
            )
            for day in every_day
        ],
        stages=[
            Stage(stage=one.stage, turns=one.turns, median_ms=round(one.median), p95_ms=round(one.p95))
            for one in await figures.stages(now - STAGES_WITHIN, organisation_id)
        ],
    )


async def _organisations(figures: FigureRepository) -> OrganisationCounts:
    schools, personal, suspended = await figures.organisations()
    return OrganisationCounts(schools=schools, personal=personal, suspended=suspended)
