"""Runs migrations over asyncpg, as the schema's owner."""

import asyncio
import os
from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from api.database import async_url
from api.tables import metadata

QUEUE_PREFIX = "pgqueuer"
"""Tables of the job queue: migrations make them, the library describes them."""


def ours(_entity: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Whether autogenerate compares an object: everything but the job queue's tables."""
    return not (kind == "table" and name is not None and name.startswith(QUEUE_PREFIX))


def migrate(connection: Connection) -> None:
    """Run the asked-for steps over one connection, each in its own transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=ours,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_migrate(url: str) -> None:
    """Open a connection of its own and migrate over it."""
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
            await connection.commit()
    finally:
        await engine.dispose()


def owner_url() -> str:
    """The owner's address."""
    return os.environ.get("MIGRATIONS_DATABASE_URL") or os.environ["DATABASE_URL"]


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(connect_and_migrate(owner_url()))
