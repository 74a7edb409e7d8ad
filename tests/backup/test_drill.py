"""The restore drill: everything is lost, and an archive brings it back."""

import json
import shutil
from pathlib import Path
from typing import Any

import asyncpg
import pyrage
from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from api.database import async_url
from api.migrate import alembic_config
from infra.backup.database import known_revisions
from infra.stack.embedded import RunningStack, running_stack
from tests.support.terminal import avaaz, settings_of

REST = ("livekit", "models", "api", "worker", "agent", "shipper")
RECORDING = b"OggS" + bytes(range(256)) * 20


async def rows(url: str, sql: str) -> list[Any]:
    """First column of what a statement answers."""
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def head() -> str:
    """The newest schema revision."""
    return max(known_revisions())


async def test_everything_lost_comes_back(tmp_path: Path) -> None:
    home, key = tmp_path / "home", pyrage.x25519.Identity.generate()
    stored = home / "objects" / "calls" / "1.opus"
    async with running_stack(home, without=REST) as stack:
        stored.parent.mkdir(parents=True)
        stored.write_bytes(RECORDING)
        before = await rows(stack.database_url, "SELECT email FROM users ORDER BY email")
        sealed = {**settings_of(stack), "BACKUP_RECIPIENT": str(key.to_public())}
        made = await avaaz(sealed, "backup", str(tmp_path), "--json")
        assert made.returncode == 0, made.stderr
        refused = await avaaz(settings_of(stack), "restore", json.loads(made.stdout)["path"], "--yes")
        ports = settings_of(stack)
    done = json.loads(made.stdout)
    assert done["encrypted"]
    assert done["objects"] == 1
    assert done["schema_revision"] == head()
    assert len(before) >= 2
    assert refused.returncode == 1  # encrypted, and no key given

    shutil.rmtree(home / "postgres")
    shutil.rmtree(home / "objects")
    opening = {**ports, "BACKUP_IDENTITY": str(key)}
    restored = await avaaz(opening, "restore", done["path"], "--yes", "--json")
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["kept"] is None
    assert stored.read_bytes() == RECORDING

    async with running_stack(home, {"POSTGRES_PORT": ports["POSTGRES_PORT"]}, without=REST) as stack:
        assert await rows(stack.database_url, "SELECT email FROM users ORDER BY email") == before
        assert await rows(stack.env["DATABASE_URL"], "SELECT version_num FROM alembic_version") == [head()]
        running = await avaaz(
            {**settings_of(stack), "BACKUP_IDENTITY": str(key)}, "restore", done["path"], "--yes"
        )
        assert running.returncode == 1
        assert "avaaz down" in running.stderr
        await _older_and_given(stack, tmp_path)


async def _older_and_given(stack: RunningStack, folder: Path) -> None:
    """A database given by address, at the first schema: its archive comes back at the newest."""
    owner = _named(stack.database_url, "older")
    given = {
        "AVAAZ_HOME": str(folder / "elsewhere"),
        "DATABASE_URL": _named(stack.env["DATABASE_URL"], "older"),
        "MIGRATIONS_DATABASE_URL": owner,
    }
    await rows(stack.database_url, "CREATE DATABASE older")
    await _upgrade(owner, "0001")
    archive = folder / "older.tar"
    made = await avaaz(given, "backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert "NOT encrypted" in made.stdout
    assert (await avaaz(given, "backup", str(archive))).returncode == 1  # nothing is overwritten

    reader = await asyncpg.connect(owner)
    used = await avaaz(given, "restore", str(archive), "--yes")
    assert used.returncode == 1
    assert "--disconnect" in used.stderr
    taken = await avaaz(given, "restore", str(archive), "--yes", "--disconnect", "--keep-previous")
    assert taken.returncode == 0, taken.stderr
    assert reader.is_closed()
    assert await rows(owner, "SELECT version_num FROM alembic_version") == [head()]
    kept = _named(stack.database_url, "older_before_restore")
    assert await rows(kept, "SELECT version_num FROM alembic_version") == ["0001"]


async def _upgrade(owner: str, revision: str) -> None:
    def upgrade(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine(async_url(owner))
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
        await connection.commit()
    await engine.dispose()


def _named(url: str, database: str) -> str:
    return url.rsplit("/", 1)[0] + "/" + database
