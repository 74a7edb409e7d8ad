"""The schema comes from the migrations alone, goes up and down, and is served by a role with few rights."""

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from api.database import async_url
from api.migrate import alembic_config, migrate
from api.tables import metadata
from tests.api.conftest import Addresses
from tests.support.postgres import PostgresServer

TENANT_FREE = {
    "organisations", "users", "access_tokens", "mailed_links", "sign_in_failures", "mails",
    "dead_letters", "token_families", "refresh_tokens", "oauth_accounts", "installation_settings", "exports",
    "erased_keys",
    "audit_events", "alembic_version",
    "objectives", "lessons", "lesson_versions", "lesson_objectives", "exam_templates",
}  # fmt: skip
"""Tables that belong to no organisation: the tenants themselves, people, their ways in and their mail, what
stands for one person over all organisations, events, which outlive theirs, and what the installation itself
teaches, which every organisation reads."""


def up_down_up(connection: Connection) -> list[object]:
    """Upgrade, take everything back, upgrade again, and compare with the models."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    left = connection.exec_driver_sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        " UNION ALL SELECT typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
        " WHERE n.nspname = 'public' AND t.typtype = 'e'"
    ).all()
    assert left == []
    command.upgrade(config, "head")

    def compared(_entity: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
        return not (kind == "table" and (name or "").startswith("pgqueuer"))

    options = {"compare_type": True, "compare_server_default": True, "include_object": compared}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_up_down_up_and_nothing_to_generate(
    postgres: PostgresServer, owner: asyncpg.Connection
) -> None:
    await owner.execute("CREATE DATABASE updown")
    engine = create_async_engine(async_url(postgres.url("updown")))
    async with engine.connect() as connection:
        differences = await connection.run_sync(up_down_up)
    await engine.dispose()
    assert differences == []


async def test_queue_schema_is_what_the_library_wants() -> None:
    script = (alembic_config().get_main_option("script_location") or "") + "/versions/0002_job_queue.py"
    with open(script, encoding="utf-8") as file:  # noqa: PTH123, ASYNC230 - a short file of our own
        assert QueryBuilderEnvironment().build_install_query().strip() in file.read()


async def test_migrating_again_changes_nothing(addresses: Addresses) -> None:
    await migrate(addresses.owner, addresses.serving)


async def test_owner_may_not_serve(addresses: Addresses) -> None:
    with pytest.raises(ValueError, match="role of its own"):
        await migrate(addresses.owner, addresses.owner)


async def test_every_table_but_a_few_belongs_to_an_organisation(
    addresses: Addresses, owner: asyncpg.Connection
) -> None:
    rows = await owner.fetch(
        "SELECT t.tablename, c.is_nullable FROM pg_tables t LEFT JOIN information_schema.columns c"
        " ON c.table_name = t.tablename AND c.column_name = 'organisation_id' WHERE t.schemaname = 'public'"
        " AND t.tablename NOT LIKE 'pgqueuer%'"
    )
    tenantless = {row["tablename"] for row in rows if row["is_nullable"] != "NO"}
    assert tenantless == TENANT_FREE


async def test_serving_role_owns_nothing_and_may_not_define(addresses: Addresses) -> None:
    connection = await asyncpg.connect(addresses.serving)
    try:
        rights = await connection.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert not any(rights)
        owned = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
        assert await connection.fetchval(owned) == 0
        for statement in (
            "CREATE TABLE mine (id int)",
            "DROP TABLE turns",
            "ALTER TABLE turns DISABLE ROW LEVEL SECURITY",
            "TRUNCATE turns",
            "UPDATE alembic_version SET version_num = 'x'",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_naive_times_do_not_exist(addresses: Addresses, owner: asyncpg.Connection) -> None:
    naive = await owner.fetchval(
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'timestamp without time zone'"
    )
    assert naive == 0
