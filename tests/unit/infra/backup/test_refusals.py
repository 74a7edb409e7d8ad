"""What is refused before anything is touched."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.backup import archive
from infra.backup.backup import back_up
from infra.backup.restore import restore
from infra.backup.settings import BackupSettings
from infra.stack.errors import StackError
from infra.stack.plan import make_plan
from infra.stack.progress import QuietProgress
from infra.stack.settings import load_settings


async def test_an_archive_of_a_later_schema_is_refused(tmp_path: Path) -> None:
    dumped = tmp_path / "dump"
    dumped.write_bytes(b"rows")
    files = {archive.DATABASE: dumped}
    manifest = archive.Manifest(
        made_at=datetime.now(UTC),
        version="9.0",
        schema_revision="9999",
        members=archive.describe(files),
    )
    archive.write(tmp_path / "later.tar", manifest, files, None)
    plan = make_plan(load_settings(None, avaaz_home=tmp_path / "home"), {})
    with pytest.raises(StackError, match=r"Avaaz 9\.0 .* newer"):
        await restore(
            plan,
            BackupSettings(),
            tmp_path / "later.tar",
            QuietProgress(),
            keep_previous=False,
            disconnect=False,
        )
    assert not (tmp_path / "home" / "objects").exists()


async def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    plan = make_plan(load_settings(None, avaaz_home=tmp_path / "home"), {})
    with pytest.raises(StackError, match="nowhere"):
        await back_up(plan, BackupSettings(), tmp_path / "nowhere" / "a.tar", QuietProgress(), keep=None)


async def test_a_given_database_needs_its_owner(tmp_path: Path) -> None:
    settings = load_settings(
        None, avaaz_home=tmp_path / "home", database_url="postgresql://api:x@127.0.0.1:1/avaaz"
    )
    with pytest.raises(StackError, match="MIGRATIONS_DATABASE_URL"):
        await back_up(
            make_plan(settings, {}), BackupSettings(), tmp_path / "a.tar", QuietProgress(), keep=None
        )
