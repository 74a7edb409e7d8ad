"""Figures of programs: reckoned week by week, told where enough people stand behind them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.models import ProgramWeek
from api.analytics.programs.repository import WEEK, CountedCall, ProgramFigureRepository
from api.analytics.reckoning.service import today
from api.analytics.schemas import GroupFigures, ProgramFigures, ProgramWeekOut, SpokenOut
from api.analytics.speech import Speech
from api.analytics.suppression import SMALLEST_GROUP, tellable
from api.database import utc_now
from api.errors import NotFoundError
from api.identity.auth import Principal
from api.jobs import JobName, enqueue
from api.organisations.models import Program

SUMS = ("spoken_ms", "coach_ms", "turns", "words")
COUNTS = ("learners", "calls", *SUMS)


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


async def weeks_to_reckon(session: AsyncSession, organisation_id: UUID) -> list[date]:
    """The weeks that are over, from the first call that counts for a program of the organisation on."""
    first = await ProgramFigureRepository(session, organisation_id).first_week()
    if first is None:
        return []
    return [first + WEEK * number for number in range((monday(today()) - first) // WEEK)]


async def reckon_week(session: AsyncSession, organisation_id: UUID, week: date) -> None:
    """Make the figures of all programs of an organisation in one week anew."""
    repository = ProgramFigureRepository(session, organisation_id)
    calls: dict[UUID, list[CountedCall]] = {program: [] for program in await repository.programs()}
    for call in await repository.calls_of(week):
        calls[call.program_id].append(call)
    told = tellable(
        {program: frozenset((one.user_id, one.call_id) for one in made) for program, made in calls.items()}
    )
    now = utc_now()
    await repository.replace(
        week,
        [
            {
                "organisation_id": organisation_id,
                "program_id": program,
                "week": week,
                "reckoned_at": now,
                **(_summed(made) if program in told else dict.fromkeys(COUNTS)),
            }
            for program, made in calls.items()
        ],
    )


def _summed(calls: Sequence[CountedCall]) -> dict[str, Any]:
    return {
        "learners": len({call.user_id for call in calls}),
        "calls": len(calls),
        **{name: sum(getattr(call, name) for call in calls) for name in SUMS},
    }


async def figures(session: AsyncSession, person: Principal, program_id: UUID, weeks: int) -> ProgramFigures:
    """What may be told of a program's last weeks, the one that goes on excluded.

    Raises:
        NotFoundError: There is no such program, or the person neither teaches it nor administrates.
    """
    program = await _program(session, person, program_id)
    repository = ProgramFigureRepository(session, person.organisation_id)
    end = monday(today())
    asked = [end - WEEK * number for number in range(weeks, 0, -1)]
    kept = {row.week: row for row in await repository.weeks(program_id, asked[0])}
    told = [row for row in kept.values() if row.calls is not None]
    return ProgramFigures(
        program_id=program.id,
        name=program.name,
        learners=await repository.count_learners(program_id),
        smallest_group=SMALLEST_GROUP,
        reckoned_at=max((row.reckoned_at for row in kept.values()), default=None),
        weeks=[ProgramWeekOut(week=week, figures=_told(kept.get(week))) for week in asked],
        total=_total(told) if told else None,
    )


async def ask_for_refresh(session: AsyncSession, person: Principal, program_id: UUID) -> None:
    """Have the figures of the person's organisation reckoned soon.

    Raises:
        NotFoundError: There is no such program, or the person neither teaches it nor administrates.
    """
    await _program(session, person, program_id)
    await enqueue(session, JobName.RECKON_ORGANISATION, {"organisation_id": str(person.organisation_id)})


async def _program(session: AsyncSession, person: Principal, program_id: UUID) -> Program:
    found = await ProgramFigureRepository(session, person.organisation_id).program_for(person, program_id)
    if found is None:
        raise NotFoundError
    return found


def _told(row: ProgramWeek | None) -> GroupFigures | None:
    if row is None or row.calls is None:
        return None
    return GroupFigures(active_learners=row.learners or 0, turns=row.turns or 0, **_spoken([row]))


def _total(rows: Sequence[ProgramWeek]) -> SpokenOut:
    return SpokenOut(**_spoken(rows))


def _spoken(rows: Sequence[ProgramWeek]) -> dict[str, Any]:
    speech = Speech.of(
        *(sum(getattr(row, name) or 0 for row in rows) for name in ("spoken_ms", "coach_ms", "words"))
    )
    return {"calls": sum(row.calls or 0 for row in rows), **speech.shown()}
