"""Whose rows the database shows: one organisation's, and those that are a person's own.

Postgres holds it (row-level security, forced, for a role that cannot bypass it); the queries' own conditions
come on top. Until it is said, no row of any organisation is there.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

READ_ONLY: Final = "read_only"
"""In a session's `info`: it has no transactions, so what is said holds until its connection is given back."""

ORGANISATION: Final = "avaaz.organisation_id"
PERSON: Final = "avaaz.user_id"
OPERATOR: Final = "avaaz.operator"

_ACT = select(
    func.set_config(ORGANISATION, bindparam("organisation_id"), bindparam("local")),
    func.set_config(PERSON, bindparam("user_id"), bindparam("local")),
    func.set_config(OPERATOR, bindparam("operator"), bindparam("local")),
)


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
