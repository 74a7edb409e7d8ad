"""Whose rows the database shows: one organisation's, and those that are a person's own.

Postgres holds it (row-level security, forced, for a role that cannot bypass it); the queries' own conditions
come on top. Until it is said, no row of any organisation is there.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, bindparam, event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

READ_ONLY: Final = "read_only"
"""In a session's `info`: it has no transactions, so what is said holds until its connection is given back."""

ORGANISATION: Final = "avaaz.organisation_id"
PERSON: Final = "avaaz.user_id"
OPERATOR: Final = "avaaz.operator"

_FORGET: Final = "SELECT " + ", ".join(
    f"set_config('{name}', '', false)" for name in (ORGANISATION, PERSON, OPERATOR)
)


def acting(
    organisation_id: ColumnElement[Any], user_id: ColumnElement[Any], operator: ColumnElement[Any]
) -> tuple[ColumnElement[str], ...]:
    """What `act_for` asks Postgres, for a query that finds out who acts and says so in one go.

    Args:
        organisation_id: As text.
        user_id: As text.
        operator: As text, `on` or empty. The statement's parameter `local` is `is_local`.
    """
    local: ColumnElement[bool] = bindparam("local", type_=Boolean())
    return (
        func.set_config(ORGANISATION, organisation_id, local),
        func.set_config(PERSON, user_id, local),
        func.set_config(OPERATOR, operator, local),
    )


_ACT = select(*acting(bindparam("organisation_id"), bindparam("user_id"), bindparam("operator")))


def is_local(session: AsyncSession) -> bool:
    """Whether what is said to this session ends with its transaction."""
    return not session.info.get(READ_ONLY, False)


async def act_for(
    session: AsyncSession,
    organisation_id: UUID | None,
    user_id: UUID | None = None,
    *,
    operator: bool = False,
) -> None:
    """Show this session the rows of an organisation, and a person's own; it replaces what was said before.

    Args:
        session: A request's or a job's.
        organisation_id: The organisation; None for no organisation.
        user_id: The person whose own rows are shown wherever they are.
        operator: Whether the person runs the installation, and so may see every organisation's name and
            members (never what was said).
    """
    await session.execute(
        _ACT,
        {
            "organisation_id": str(organisation_id or ""),
            "user_id": str(user_id or ""),
            "operator": "on" if operator else "",
            "local": is_local(session),
        },
    )


def forget_on_return(engine: AsyncEngine) -> None:
    """Let a read-only connection show nothing of anybody to whoever takes it next."""

    @event.listens_for(engine.sync_engine, "reset")
    def forget(dbapi_connection: Any, _record: object, state: Any) -> None:
        if state.terminate_only or dbapi_connection.driver_connection.is_closed():
            return
        dbapi_connection.run_async(lambda connection: connection.execute(_FORGET))
