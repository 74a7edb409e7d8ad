"""Putting an archive back."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from infra.backup import archive, database
from infra.backup.backup import objects_folder
from infra.backup.settings import BackupSettings
from infra.stack.errors import StackError
from infra.stack.plan import Plan
from infra.stack.progress import Progress


class RestoreDone(BaseModel):
    """What was put back."""

    made_at: datetime
    from_revision: str
    """Of the schema in the archive; the migrations since then were run."""
    objects: int
    kept: str | None
    """Name of the database that stood there before, when it was kept."""


async def restore(
    plan: Plan,
    settings: BackupSettings,
    source: Path,
    progress: Progress,
    *,
    keep_previous: bool,
    disconnect: bool,
) -> RestoreDone:
    """Check an archive whole, make it ready beside what is there, and only then put it in place.

    Args:
        plan: the stack as its settings lay it out.
        settings: keys and the folder of objects.
        source: the archive.
        progress: where steps are shown.
        keep_previous: leave the database that was there, under another name.
        disconnect: end what is connected to a given database instead of refusing.

    Raises:
        StackError: nothing was changed; the text says why.
    """
    objects = objects_folder(plan, settings)
    objects.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".avaaz-restore-", dir=objects.parent) as folder:
        progress.say("Checking the archive ...")
        with archive.opened(source, Path(folder), settings.backup_identity) as (manifest, unpacked):
            _require_known(manifest)
            async with database.reached(plan, progress, alone=True) as address:
                swap = database.Swap(address)
                await _require_unused(swap, disconnect=disconnect)
                await _make_ready(plan, swap, unpacked / archive.DATABASE, progress)
                await swap.put_in_place()
                _replace_folder(unpacked / archive.OBJECTS, objects)
                if not keep_previous:
                    await swap.forget_before()
    return RestoreDone(
        made_at=manifest.made_at,
        from_revision=manifest.schema_revision,
        objects=len(manifest.members) - 1,
        kept=swap.before.name if keep_previous else None,
    )


def _require_known(manifest: archive.Manifest) -> None:
    if manifest.schema_revision not in database.known_revisions():
        raise StackError(
            f"The archive was made by Avaaz {manifest.version} and its schema ({manifest.schema_revision}) "
            "is newer than this version knows. Install that version or a later one first."
        )


async def _require_unused(swap: database.Swap, *, disconnect: bool) -> None:
    connected = await swap.connections()
    if connected and not disconnect:
        raise StackError(
            f"{connected} connections use the database {swap.present.name}: stop the API and the job worker "
            "first, or say --disconnect."
        )


async def _make_ready(plan: Plan, swap: database.Swap, dumped: Path, progress: Progress) -> None:
    try:
        progress.say("Restoring the database beside the present one ...")
        await swap.load(dumped)
        progress.say("Running the migrations since then ...")
        await database.migrate(plan, swap.beside)
    except BaseException:
        await swap.abandon()
        raise


def _replace_folder(unpacked: Path, objects: Path) -> None:
    """Swap by renaming, within one file system."""
    unpacked.mkdir(exist_ok=True)
    before = unpacked.parent / "objects-before"
    if objects.exists():
        objects.replace(before)
    unpacked.replace(objects)
    shutil.rmtree(before, ignore_errors=True)
