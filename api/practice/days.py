"""A learner's days: where they begin in the learner's own time zone, through every change of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The learner's day in which a moment lies."""
    return moment.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """When a day of the learner's begins, in UTC.

    Where the clock skips midnight on that day, it is the first moment after.
    """
    local = datetime.combine(day, time.min, zone)
    return local.astimezone(UTC)


def week_of(day: date) -> list[date]:
    """The seven days of a day's week, from Monday on."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]
