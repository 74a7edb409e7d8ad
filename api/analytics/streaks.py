"""Days in a row with practice, kindly counted: one missed day in any seven is forgiven.

The days are counted back from the last one with practice. A single missed day between two such days does not
end the run, unless another one was forgiven within the seven days after it. What is forgiven does not count.
So one more day of practice never makes a run shorter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
FORGIVEN_EVERY: Final = timedelta(days=7)
"""Between two days that are forgiven lie at least so many."""


@dataclass(frozen=True)
class Streak:
    """Days in a row with practice."""

    days: int
    """Days with practice up to today, or to the last day where the run can still go on today."""
    longest: int
    today: bool
    forgiven: list[date] = field(default_factory=list)
    """Missed days within the present run, newest first."""


@dataclass(frozen=True)
class _Run:
    days: int
    forgiven: list[date]


def streak(practised: Sequence[date], today: date) -> Streak:
    """Count days in a row.

    Args:
        practised: Days with practice, each once, newest first.
        today: The learner's present day.
    """
    days = [day for day in practised if day <= today]
    current = _present(days, today)
    return Streak(
        days=current.days,
        longest=max((_run(days[start:]).days for start in _starts(days)), default=0),
        today=bool(days) and days[0] == today,
        forgiven=current.forgiven,
    )


def _present(days: Sequence[date], today: date) -> _Run:
    """The run that goes on today, where there is one; yesterday may be the day that is forgiven."""
    if not days or today - days[0] > 2 * DAY:
        return _Run(0, [])
    return _run(days, today) if today - days[0] == 2 * DAY else _run(days)


def _run(days: Sequence[date], after: date | None = None) -> _Run:
    """Count back from the first of these days, or from a day after it on which practice may still come."""
    forgiven: list[date] = []
    last, count = after or days[0] + DAY, 0
    for day in days:
        if last - day > DAY:
            missed = last - DAY
            recent = forgiven and forgiven[-1] - missed < FORGIVEN_EVERY
            if last - day > 2 * DAY or recent:
                break
            forgiven.append(missed)
        last, count = day, count + 1
    return _Run(count, forgiven)


def _starts(days: Sequence[date]) -> list[int]:
    """Where the longest run may begin: at the newest day, or where the day after was missed."""
    return [at for at in range(len(days)) if at == 0 or days[at - 1] - days[at] > DAY]
