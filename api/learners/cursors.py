"""Cursors of a list that can be ordered in several ways: they hold the last row's place in that order."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from api.errors import InvalidError
from api.learners.schemas import LearnerSort, Wanted

Key = str | int | datetime | date
NEVER_SPOKEN: Final = datetime(1970, 1, 1, tzinfo=UTC)
NEVER_DUE: Final = date(9999, 12, 31)
_MOST: Final = 2**62


@dataclass(frozen=True)
class Place:
    """Where the last page ended."""

    key: Key
    id: UUID


def encode(wanted: Wanted, place: Place) -> str:
    """Return the opaque form of a place in this order."""
    key = place.key if isinstance(place.key, str | int) else place.key.isoformat()
    plain = json.dumps([wanted.sort, wanted.direction, key, str(place.id)])
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode(wanted: Wanted, cursor: str | None) -> Place | None:
    """Read a place back.

    Raises:
        InvalidError: The cursor was not made here, or for another order (`invalid_cursor`).
    """
    if not cursor:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        sort, direction, key, learner_id = json.loads(urlsafe_b64decode(padded))
        place = Place(_key(LearnerSort(sort), key), UUID(learner_id))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InvalidError("The cursor is not valid.", code="invalid_cursor") from None
    if (sort, direction) != (wanted.sort, wanted.direction):
        raise InvalidError("The cursor is for another order.", code="invalid_cursor")
    return place


def _key(sort: LearnerSort, key: object) -> Key:
    """The key in its own type; raises ValueError for one of another."""
    if sort is LearnerSort.NAME and isinstance(key, str) and "\x00" not in key:
        return key
    if sort is LearnerSort.ACTIVITY and isinstance(key, str):
        moment = datetime.fromisoformat(key)
        if moment.tzinfo is not None:
            return moment
    elif sort is LearnerSort.DUE and isinstance(key, str):
        return date.fromisoformat(key)
    elif type(key) is int and abs(key) < _MOST:
        return key
    raise ValueError
