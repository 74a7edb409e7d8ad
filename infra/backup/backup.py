"""Making an archive."""

import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from infra.backup import archive, database
from infra.backup.settings import BackupSettings
from infra.stack.errors import StackError
from infra.stack.plan import Plan
from infra.stack.progress import Progress

_NAME: Final = "avaaz-%Y%m%dT%H%M%SZ.tar"
_PATTERN: Final = "avaaz-????????T??????Z.tar*"


class BackupDone(BaseModel):
    """What was made."""

    path: Path
    bytes: int
    encrypted: bool
    schema_revision: str
    objects: int
    removed: list[Path]
    """Older archives that `keep` let go."""


async def back_up(
    plan: Plan, settings: BackupSettings, target: Path, progress: Progress, *, keep: int | None
) -> BackupDone:
    """Write one archive of database and objects; the stack may go on working.

    Args:
        plan: the stack as its settings lay it out.
        settings: keys and the folder of objects.
        target: the archive's name, or a folder that gets one named by the time.
        progress: where steps are shown.
        keep: in a folder, how many archives stay, this one included; all when None.

    Raises:
        StackError: see the text.
    """
    made_at = datetime.now(UTC)
    path = _target(target, made_at, sealed=settings.backup_recipient is not None)
    with tempfile.TemporaryDirectory(prefix=".avaaz-backup-", dir=path.parent) as folder:
        dumped = Path(folder) / archive.DATABASE
        async with database.reached(plan, progress, alone=False) as address:
            revision = await database.revision(address)
            progress.say("Dumping the database ...")
            await database.dump(address, dumped)
        objects = stored_objects(objects_folder(plan, settings))
        progress.say(f"Packing the dump and {len(objects)} objects ...")
        files = {archive.DATABASE: dumped, **objects}
        manifest = archive.Manifest(
            made_at=made_at,
            version=version("avaaz"),
            schema_revision=revision,
            members=archive.describe(files),
        )
        archive.write(path, manifest, files, settings.backup_recipient)
    return BackupDone(
        path=path,
        bytes=path.stat().st_size,
        encrypted=settings.backup_recipient is not None,
        schema_revision=revision,
        objects=len(objects),
        removed=_let_go(target, keep),
    )


def objects_folder(plan: Plan, settings: BackupSettings) -> Path:
    """Where stored objects are."""
    return settings.objects_dir or plan.settings.avaaz_home / "objects"


def stored_objects(folder: Path) -> dict[str, Path]:
    """Stored objects by their names in an archive; links are not followed."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {archive.OBJECTS + str(path.relative_to(folder)): path for path in found}


def _target(target: Path, made_at: datetime, *, sealed: bool) -> Path:
    path = target
    if target.is_dir():
        path = target / (made_at.strftime(_NAME) + (archive.SEALED_SUFFIX if sealed else ""))
    if not path.parent.is_dir():
        raise StackError(f"The folder {path.parent} does not exist.")
    if path.exists():
        raise StackError(f"{path} exists already; nothing was overwritten.")
    return path.resolve()


def _let_go(folder: Path, keep: int | None) -> list[Path]:
    if keep is None or not folder.is_dir():
        return []
    older = sorted(folder.glob(_PATTERN), reverse=True)[keep:]
    for path in older:
        path.unlink()
    return older
