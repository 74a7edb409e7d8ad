"""A database without rows, again and again: what has none is left alone.

Truncating all tables takes a second on a busy machine, whether or not anything is in them, because Postgres
makes every table and index anew.
"""

from collections.abc import Collection

import asyncpg


class Emptier:
    """Removes all rows of a database, but for those of some tables."""

    def __init__(self, owner: asyncpg.Connection, tables: Collection[str]) -> None:
        names = sorted(f'"{name}"' for name in tables)
        self._owner = owner
        self._lock = f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"
        self._full = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})"  # noqa: S608 - names of our own tables
            for name in names
        )

    @classmethod
    async def of(cls, owner: asyncpg.Connection, kept: Collection[str]) -> "Emptier":
        """One for all tables that there are.

        Args:
            owner: A superuser's connection.
            kept: Tables that keep their rows.
        """
        rows = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return cls(owner, {row["tablename"] for row in rows} - set(kept))

    async def empty(self) -> None:
        """Wait until nobody is at work, then remove all rows; no trigger and no foreign key is asked."""
        async with self._owner.transaction():
            await self._owner.execute(self._lock)
            full = await self._owner.fetch(self._full)
            await self._owner.execute("SET LOCAL session_replication_role = replica")
            for row in full:
                await self._owner.execute(f"DELETE FROM {row[0]}")  # noqa: S608 - likewise
