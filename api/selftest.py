"""`python -m api.selftest`: try what the API stands on; JSON on standard output."""

import asyncio
from typing import Final

import asyncpg
from alembic.script import ScriptDirectory

from api.database import plain_url
from api.migrate import alembic_config
from api.settings import Settings
from infra.configuration import load_or_exit
from infra.findings import Finding, failed, ok, skipped, to_json, warning

AREA: Final = "Postgres"
OLDEST: Final = 160_000
WITHIN_S: Final = 5.0


async def examine(configured: Settings) -> list[Finding]:
    """Database and mail, as the API uses them."""
    return [*await _database(configured), await _mail(configured)]


async def _database(configured: Settings) -> list[Finding]:
    try:
        connection = await asyncpg.connect(plain_url(configured.database_url), timeout=WITHIN_S)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        said = f"The database cannot be reached: {type(error).__name__}."
        return [failed(AREA, "connection", said, "Check DATABASE_URL, and that Postgres runs.")]
    try:
        return [
            await _version(connection),
            await _vectors(connection),
            await _schema(connection),
            await _role(connection),
        ]
    finally:
        await connection.close()


async def _version(connection: asyncpg.Connection) -> Finding:
    number = int(await connection.fetchval("SHOW server_version_num"))
    if number < OLDEST:
        return failed(AREA, "version", f"Postgres {number // 10_000} runs.", "Use Postgres 16 or later.")
    return ok(AREA, "version", f"Postgres {number // 10_000}.{number % 10_000}.")


async def _vectors(connection: asyncpg.Connection) -> Finding:
    found = await connection.fetchval("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    if found is None:
        mend = "Install pgvector and run CREATE EXTENSION vector as a superuser."
        return failed(AREA, "pgvector", "The extension is missing.", mend)
    return ok(AREA, "pgvector", f"pgvector {found}.")


async def _schema(connection: asyncpg.Connection) -> Finding:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    try:
        found = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.PostgresError:
        found = None
    if found != head:
        said = f"The schema stands at {found or 'nothing'}, this version needs {head}."
        return failed(AREA, "schema", said, "Run `python -m api.migrate`.")
    return ok(AREA, "schema", f"The schema is up to date ({head}).")


async def _role(connection: asyncpg.Connection) -> Finding:
    strong = await connection.fetchval(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    if strong:
        mend = "Run `python -m api.migrate` with MIGRATIONS_DATABASE_URL: it makes a role for the API."
        return warning(AREA, "role", "The API's role may do more than it needs.", mend)
    return ok(AREA, "role", "The API's role is no superuser and cannot step around row-level security.")


async def _mail(configured: Settings) -> Finding:
    if not configured.smtp_host:
        return skipped("Mail", "SMTP", "SMTP_HOST is not set: mails are written to a folder.")
    try:
        async with asyncio.timeout(WITHIN_S):
            reader, writer = await asyncio.open_connection(configured.smtp_host, configured.smtp_port)
            greeting = b"220" if configured.smtp_security == "tls" else await reader.readline()
            writer.close()
    except (OSError, TimeoutError) as error:
        said = f"The mail server cannot be reached: {type(error).__name__}."
        return failed("Mail", "SMTP", said, "Check SMTP_HOST and SMTP_PORT; mails wait meanwhile.")
    if not greeting.startswith(b"220"):
        return failed("Mail", "SMTP", "What answers there is no mail server.", "Check SMTP_PORT.")
    return ok("Mail", "SMTP", "The mail server answers.")


def main() -> None:
    """Print the findings."""
    print(to_json(asyncio.run(examine(load_or_exit(Settings)))))  # noqa: T201 - the result of the command


if __name__ == "__main__":
    main()
