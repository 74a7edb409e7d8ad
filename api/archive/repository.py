"""Which rows of which tables are about a person: read off the schema, so that no new table is forgotten."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.tables import metadata

Row = dict[str, Any]

OWN: Final = ("user_id", "learner_id", "author_id")
"""Columns that say whose a row is: about whom, or by whom."""
SECRET: Final = frozenset(
    {"hashed_password", "token", "token_hash", "key_hash", "access_token", "refresh_token", "object_key"}
)
"""Columns that open something, or only say where a file lies."""
NOBODYS: Final = frozenset(
    {
        "organisations",
        "programs",
        "invitations",
        "sign_in_failures",
        "dead_letters",
        "audit_events",
        "erased_keys",
        "objectives",
        "exam_templates",
        "lesson_objectives",
        "lesson_documents",
    }
)
"""Tables that the walk leaves out: of organisations, without names, or handed over in a form of their own."""
PER_CALL: Final = frozenset({"turns"})
"""Tables whose rows stand with their call."""


def account_tables() -> list[Table]:
    """Tables with rows about people that belong to no organisation."""
    return [table for table in _personal_tables() if "organisation_id" not in table.c]


def organisation_tables() -> list[Table]:
    """Tables with rows about people within an organisation, those of single calls left out."""
    return [
        table for table in _personal_tables() if "organisation_id" in table.c and table.name not in PER_CALL
    ]


def _personal_tables() -> list[Table]:
    nobody = UUID(int=0)
    return [table for table in metadata.sorted_tables if about(table, nobody) is not None]


def about(table: Table, person_id: UUID) -> ColumnElement[bool] | None:
    """The condition on a table's rows that are about a person or by them; None where it has none."""
    if table.name == "users":
        return table.c.id == person_id
    if table.name in NOBODYS:
        return None
    own = [table.c[name] == person_id for name in OWN if name in table.c]
    if own:
        return or_(*own)
    for column in table.c:
        owner = _owner(column)
        if owner is not None and owner is not table:
            theirs = about(owner, person_id)
            if theirs is not None:
                return column.in_(select(owner.c.id).where(theirs))
    return None


def _owner(column: Column[Any]) -> Table | None:
    """The table whose rows this column's rows go with, users and organisations left out."""
    for key in column.foreign_keys:
        if key.ondelete == "CASCADE" and key.column.table.name not in {"users", "organisations"}:
            return key.column.table
    return None


class ArchiveRepository:
    """Rows about a person, of the organisation that is acted for."""

    def __init__(self, session: AsyncSession, person_id: UUID) -> None:
        self.session = session
        self.person_id = person_id

    async def rows(self, table: Table) -> list[Row]:
        """All rows of a table that are about the person, without secrets; none of deleted calls."""
        condition = about(table, self.person_id)
        if condition is None:
            return []
        query = _shown(table).where(condition)
        if "call_id" in table.c:
            calls = metadata.tables["calls"]
            seen = table.c.call_id.in_(select(calls.c.id))
            query = query.where(or_(table.c.call_id.is_(None), seen))
        return await self._rows(query)

    async def turns(self, call_id: UUID) -> list[Row]:
        """The turns of one of the person's calls, in order."""
        turns = metadata.tables["turns"]
        query = _shown(turns).where(turns.c.call_id == call_id)
        return await self._rows(query.order_by(turns.c.position, turns.c.started_at, turns.c.id))

    async def organisation(self, organisation_id: UUID) -> Row:
        """What an organisation is called."""
        table = metadata.tables["organisations"]
        query = select(table.c.id, table.c.name, table.c.kind).where(table.c.id == organisation_id)
        found = await self._rows(query)
        return found[0] if found else {}

    async def recording_of(self, call_id: UUID) -> tuple[str, int] | None:
        """Key and size, in bytes, of a call's recording."""
        table = metadata.tables["recordings"]
        query = select(table.c.object_key, table.c.size_bytes).where(
            table.c.call_id == call_id, table.c.object_key.is_not(None)
        )
        row = (await self.session.execute(query)).one_or_none()
        return (row.object_key, row.size_bytes) if row else None

    async def _rows(self, query: Any) -> list[Row]:
        return [dict(row) for row in (await self.session.execute(query)).mappings()]


def _shown(table: Table) -> Any:
    columns = [column for column in table.c if _may_be_shown(column)]
    ordered: Sequence[Any] = [table.c[name] for name in ("created_at", "id") if name in table.c]
    return select(*columns).order_by(*ordered) if table.name not in PER_CALL else select(*columns)


def _may_be_shown(column: Column[Any]) -> bool:
    readable = not isinstance(column.type, LargeBinary) and type(column.type).__name__ not in {
        "VECTOR",
        "TSVECTOR",
    }
    return readable and column.name not in SECRET
