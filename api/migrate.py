"""`python -m api.migrate`: bring the schema up to date as its owner, and make the role that serves.

The serving role (named, with its password, in DATABASE_URL) is neither owner nor superuser, cannot create
anything and cannot step around row-level security; it is granted what serving needs, on what exists and on
what later migrations make. The schema of the job queue comes through the same migrations. At the end the
installation's own objectives, lessons and mock exams are brought up to date.
"""

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import migrations
from api.curriculum import load as curriculum
from api.database import async_url, plain_url
from api.exams import load as exams
from api.settings import DatabaseSettings
from infra.configuration import load_or_exit
from infra.telemetry import configure_logging, get_logger

log = get_logger(__name__)

LOCK_KEY = 0x61767A  # any fixed number: two migrations at once wait for each other
ROLE_ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def alembic_config() -> Config:
    """Alembic's configuration, wherever the package is installed."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


async def migrate(owner_url: str, serving_url: str) -> None:
    """Create the database where it is missing, upgrade it, and set the serving role up.

    Args:
        owner_url: Address of the database as the schema's owner.
        serving_url: Address that the API will use; its user and password are made to work.

    Raises:
        ValueError: Both addresses name the same role, or the serving one names no user.
    """
    owner, serving = make_url(owner_url), make_url(serving_url)
    if not serving.username or serving.username == owner.username:
        raise ValueError("DATABASE_URL must name a role of its own, other than the schema's owner")
    await _ensure_database(owner)
    engine = create_async_engine(async_url(owner_url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SELECT pg_advisory_lock($1)", (LOCK_KEY,))
            await connection.commit()
            await connection.run_sync(_upgrade)
            await connection.commit()
    finally:
        await engine.dispose()
    await _ensure_role(owner_url, serving)
    log.info("database ready", role=serving.username)


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _ensure_database(owner: URL) -> None:
    """Create the database itself, where the server lacks it."""
    try:
        connection = await asyncpg.connect(plain_url(owner.render_as_string(hide_password=False)))
    except asyncpg.InvalidCatalogNameError:
        server = owner.set(database="postgres").render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain_url(server))
        await connection.execute(f"CREATE DATABASE {_quoted(owner.database or '')}")
    await connection.close()


async def _ensure_role(owner_url: str, serving: URL) -> None:
    role, database = _quoted(serving.username or ""), _quoted(serving.database or "")
    connection = await asyncpg.connect(plain_url(owner_url))
    try:
        async with connection.transaction():
            known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", serving.username)
            # An owner that is no superuser may set a role's password but none of its attributes.
            made = f"ALTER ROLE {role} WITH LOGIN" if known else f"CREATE ROLE {role} WITH {ROLE_ATTRIBUTES}"
            await connection.execute(made + _password(serving))
            for statement in _grants(role, database):
                await connection.execute(statement)
    finally:
        await connection.close()


def _grants(role: str, database: str) -> list[str]:
    rows = "SELECT, INSERT, UPDATE, DELETE"
    return [
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT {rows} ON ALL TABLES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON TABLE alembic_version FROM {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rows} ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ]


def _password(serving: URL) -> str:
    if not serving.password:
        return ""
    escaped = str(serving.password).replace("'", "''")
    return f" PASSWORD '{escaped}'"


def _quoted(identifier: str) -> str:
    escaped = identifier.replace('"', '""')
    return f'"{escaped}"'


async def bring_up_to_date(settings: DatabaseSettings) -> None:
    """Migrate, then load what the installation itself teaches."""
    await migrate(settings.migrations_database_url, settings.database_url)
    await curriculum.load(settings.migrations_database_url)
    await exams.load(settings.migrations_database_url)


def main() -> None:
    """Run as the settings say."""
    settings = load_or_exit(DatabaseSettings)
    configure_logging("migrate", settings.log_level)
    asyncio.run(bring_up_to_date(settings))


if __name__ == "__main__":
    main()
