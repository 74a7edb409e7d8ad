"""The database: declarative base, engine, and one session a request that commits once, at its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Request
from sqlalchemy import DateTime, ForeignKey, MetaData, Uuid, func
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from api.liveness import watch_connections
from api.statements import SLOW_STATEMENT_MS, Observe, watch_statements
from api.tenancy import READ_ONLY, forget_on_return

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def utc_now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: DateTime(timezone=True), UUID: Uuid()}  # noqa: RUF012


class Timestamped:
    """When a row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now, server_default=func.now())


class Identified:
    """A random UUID key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


class TenantOwned:
    """Belongs to one organisation and is never read outside it."""

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )


def async_url(url: str) -> str:
    """Return a Postgres address with the asyncpg driver named, whatever form it was given in."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """Return a Postgres address as asyncpg itself takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def create_engine(url: str, *, process: str, pool_size: int = 10, read_only: bool = False) -> AsyncEngine:
    """Create one of the process's engines.

    What people said stays out of the texts of errors. A statement may run 10 s; an idle transaction is ended
    after 30 s. A read-only engine sends no BEGIN and no ROLLBACK: each statement is a transaction of its own
    (which is all that READ COMMITTED promises within one), and the server refuses to write.

    Of the connections that rest, the one that was used last is taken: it has its statements prepared.
    """
    server_settings = {
        "application_name": f"avaaz-{process}",
        "idle_in_transaction_session_timeout": "30000",
    }
    if read_only:
        server_settings["default_transaction_read_only"] = "on"
    engine = create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=5,
        pool_timeout=5,
        pool_use_lifo=True,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT" if read_only else None,
        connect_args={"timeout": 5, "command_timeout": 10, "server_settings": server_settings},
    )
    watch_connections(engine)
    if read_only:
        forget_on_return(engine)
    return engine


@dataclass(frozen=True)
class Database:
    """Two kinds of session, over connections of their own: one that writes, one that can only read."""

    writing: async_sessionmaker[AsyncSession]
    reading: async_sessionmaker[AsyncSession]
    engines: tuple[AsyncEngine, ...]

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        process: str,
        pool_size: int = 10,
        slow_ms: float = SLOW_STATEMENT_MS,
        observe: Observe | None = None,
    ) -> "Database":
        """Create the database handle of a process; no connection is made yet.

        Args:
            url: Address of the database.
            process: Name of the process, shown in `pg_stat_activity`.
            pool_size: Connections kept, of each kind.
            slow_ms: Statements that take longer, in milliseconds, are logged without their values.
            observe: Told how long each statement took.
        """
        writer = create_engine(url, process=process, pool_size=pool_size)
        reader = create_engine(url, process=process, pool_size=pool_size, read_only=True)
        for engine in (writer, reader):
            watch_statements(engine, slow_ms, observe)
        options: dict[str, Any] = {"expire_on_commit": False, "autoflush": True}
        return cls(
            writing=async_sessionmaker(writer, **options),
            reading=async_sessionmaker(reader, info={READ_ONLY: True}, **options),
            engines=(writer, reader),
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a writing session that commits once when the block ends well and rolls back otherwise."""
        async with self.writing() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Close all connections."""
        for engine in self.engines:
            await engine.dispose()


async def request_session(request: Request) -> AsyncIterator[AsyncSession]:
    """One session for the whole request: read-only for safe methods, else committed once after the route.

    The commit happens before the answer is sent, so that an answer never promises what was not kept.
    """
    database: Database = request.app.state.database
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        async with database.reading() as session:
            yield session
        return
    async with database.transaction() as session:
        yield session


Session = Annotated[AsyncSession, Depends(request_session, scope="function")]
