"""One row of every table about a person, with a marker in every text that can hold one."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, JSON, CheckConstraint, Column, Date, DateTime, LargeBinary, String, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from api.archive.repository import about
from api.tables import metadata

NOW = datetime.now(UTC)
FIXED: dict[str, dict[str, Any]] = {
    "users": {"level": "A2", "locale": "en"},
    "weekly_goals": {"minutes": 30},
    "calls": {"ended_at": NOW, "deleted_at": None},
    "comments": {"parent_id": None, "span_start": None, "span_end": None},
    "access_tokens": {"token": uuid4().hex},
    "recordings": {"state": "ready"},
    "sessions": {"is_default": False},
    "exam_attempts": {"ended_at": None},
    "assessments": {"state": "ready"},
    "exports": {"state": "ready"},
    "recording_consents": {"granted_at": NOW},
    "documents": {"scope": "learner", "program_id": None, "failure": None},
    "document_chunks": {"scope": "learner", "program_id": None, "model": None},
}
"""What a table's own rules ask for."""
_ONE_OF = re.compile(r"(\w+) IN \('([^']*)'")


def personal_tables() -> list[Table]:
    """Tables about people, in the order in which rows can be added; people themselves are there."""
    nobody = UUID(int=0)
    return [
        table
        for table in metadata.sorted_tables
        if table.name not in {"users", "memberships"} and about(table, nobody) is not None
    ]


def row(table: Table, marker: str, have: dict[str, Any]) -> dict[str, Any]:
    """A row of a table.

    Args:
        table: The table.
        marker: Stands in every text.
        have: Keys of rows that others refer to, by table.
    """
    words = _allowed(table)
    fixed = FIXED.get(table.name, {})
    filled = {
        column.name: fixed[column.name] if column.name in fixed else _value(column, marker, have, words)
        for column in table.c
    }
    return {name: value for name, value in filled.items() if value is not None}


def _allowed(table: Table) -> dict[str, str]:
    """Columns that hold one of a few words: the first of them."""
    checks = [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]
    return dict(match for check in checks for match in _ONE_OF.findall(check))


def _value(column: Column[Any], marker: str, have: dict[str, Any], words: dict[str, str]) -> Any:
    for key in column.foreign_keys:
        return have.get(key.column.table.name)
    if column.name in words:
        return words[column.name]
    return _plain(column, marker)


def _plain(column: Column[Any], marker: str) -> Any:
    kind = column.type
    if isinstance(kind, ARRAY):
        return [marker] if isinstance(kind.item_type, String) else [1]
    if isinstance(kind, JSON | JSONB):
        return {"said": marker}
    if isinstance(kind, LargeBinary):
        return marker.encode()
    if isinstance(kind, String):
        return _text(kind.length, marker)
    return None if column.nullable else _figure(kind)


def _text(length: int | None, marker: str) -> str:
    wanted = f"{marker} {uuid4().hex}" if length is None or length >= len(marker) + 33 else marker
    return wanted if length is None or length >= len(wanted) else "x"


def _figure(kind: Any) -> Any:
    if isinstance(kind, Uuid):
        return uuid4()
    if isinstance(kind, DateTime):
        return NOW
    if isinstance(kind, Date):
        return date(2026, 11, 21)
    return kind.python_type(1)
