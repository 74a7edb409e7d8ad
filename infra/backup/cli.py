"""`avaaz backup` and `avaaz restore`."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from infra.backup.backup import back_up
from infra.backup.restore import restore as put_back
from infra.backup.settings import load_backup_settings
from infra.stack.plan import Plan, make_plan
from infra.stack.progress import PlainProgress, QuietProgress
from infra.stack.settings import load_settings, read_env_file

EnvFile = Annotated[str, typer.Option("--env-file", help="Settings file; the environment wins over it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

backup_app = typer.Typer()
restore_app = typer.Typer()


@backup_app.command()
def backup(
    target: Annotated[
        Path, typer.Argument(help="File to write, or a folder, which gets one named by the time.")
    ],
    keep: Annotated[
        int | None, typer.Option(min=1, help="In a folder: how many archives stay; older ones are removed.")
    ] = None,
    env_file: EnvFile = ".env",
    as_json: AsJson = False,
) -> None:
    """Write database and stored objects into one archive, encrypted when BACKUP_RECIPIENT is set."""
    progress = QuietProgress() if as_json else PlainProgress()
    done = asyncio.run(
        back_up(_plan(env_file), load_backup_settings(_path(env_file)), target, progress, keep=keep)
    )
    if as_json:
        print(done.model_dump_json(indent=2))
        return
    sealed = "encrypted" if done.encrypted else "NOT encrypted; set BACKUP_RECIPIENT to an age public key"
    print(f"{done.path}  {done.bytes / 1e6:.1f} MB, {done.objects} objects, {sealed}")
    for path in done.removed:
        print(f"removed {path}")


@restore_app.command()
def restore(
    source: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="An archive of `avaaz backup`.")
    ],
    keep_previous: Annotated[
        bool, typer.Option(help="Keep the database that was there, under another name.")
    ] = False,
    disconnect: Annotated[
        bool, typer.Option(help="End whatever is connected to the database at DATABASE_URL.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    *,
    env_file: EnvFile = ".env",
    as_json: AsJson = False,
) -> None:
    """Replace database and stored objects by an archive's; what is there now is lost unless kept."""
    plan = _plan(env_file)
    if not yes:
        typer.confirm(f"Replace everything that Avaaz keeps in {plan.settings.avaaz_home} now?", abort=True)
    progress = QuietProgress() if as_json else PlainProgress()
    done = asyncio.run(
        put_back(
            plan,
            load_backup_settings(_path(env_file)),
            source,
            progress,
            keep_previous=keep_previous,
            disconnect=disconnect,
        )
    )
    if as_json:
        print(done.model_dump_json(indent=2))
        return
    print(f"Restored what was kept at {done.made_at:%Y-%m-%d %H:%M} UTC, {done.objects} objects.")
    if done.kept:
        print(f"The database that was there is kept as {done.kept}.")


def _plan(env_file: str) -> Plan:
    path = _path(env_file)
    return make_plan(load_settings(path), {**read_env_file(path), **os.environ})


def _path(env_file: str) -> Path | None:
    return Path(env_file) if env_file else None
