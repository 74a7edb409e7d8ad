"""Time zones by their names in the IANA's database."""

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from api.errors import InvalidError

_MACHINES_OWN: Final = "localtime"
"""A file that some machines have beside the zones'; the database knows no zone of this name."""


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - {_MACHINES_OWN})


def is_time_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    return name in _names()


def time_zone(name: str) -> ZoneInfo:
    """The time zone of this name.

    Raises:
        InvalidError: There is none (`unknown_time_zone`).
    """
    if not is_time_zone(name):
        raise InvalidError("This time zone is not known.", code="unknown_time_zone")
    return ZoneInfo(name)
