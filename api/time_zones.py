"""Time zones by their names in the IANA's database."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def is_time_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    return name in _names()


def time_zone(name: str | None) -> ZoneInfo | None:
    """The time zone of this name; None where there is none."""
    return ZoneInfo(name) if name and is_time_zone(name) else None
