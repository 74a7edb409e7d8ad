"""Pages by cursor: an opaque mark of the last row shown, stable while rows are added."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Query

from api.errors import InvalidError

Cursor = Annotated[str | None, Query(max_length=200)]


class Mark(NamedTuple):
    """Where the last page ended: order within the list, then time, then key."""

    position: int
    at: datetime
    id: UUID


def encode_cursor(mark: Mark) -> str:
    """Return the opaque form of a mark."""
    plain = json.dumps([mark.position, mark.at.isoformat(), str(mark.id)])
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> Mark | None:
    """Read a mark back.

    Raises:
        InvalidError: The cursor was not made here (`invalid_cursor`).
    """
    if not cursor:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        position, at, key = json.loads(urlsafe_b64decode(padded))
        mark = Mark(int(position), datetime.fromisoformat(at), UUID(key))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InvalidError("The cursor is not valid.", code="invalid_cursor") from None
    if mark.at.tzinfo is None or not 0 <= mark.position < 2**31:
        raise InvalidError("The cursor is not valid.", code="invalid_cursor")
    return mark
