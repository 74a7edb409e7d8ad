"""The command `avaaz`. Each sub-command imports what it needs itself, so that all of them start fast."""

# ruff: noqa: PLC0415

import asyncio
import importlib
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from infra.stack.errors import AlreadyRunningError, StackError

if TYPE_CHECKING:
    from infra.stack.supervisor import Supervisor

_ELSEWHERE = {
    "bench": ("infra.bench.cli:app", "Measure the product on this machine."),
    "admin": ("infra.stack.api_commands:admin_app", "People, roles, secrets, by hand."),
    "doctor": ("infra.doctor.cli:app", "Try every part of this installation, and say what to mend."),
    "backup": ("infra.backup.cli:backup_app", "Write database and stored objects into one archive."),
    "restore": ("infra.backup.cli:restore_app", "Put an archive back."),
}
"""Commands of other folders: a Typer application and a help line. Imported only when called."""


class _Commands(TyperGroup):
    """Adds the commands that are imported only when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of all commands."""
        return [*super().list_commands(ctx), *_ELSEWHERE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by its name."""
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        place, help_line = _ELSEWHERE[cmd_name]
        module, _, name = place.partition(":")
        if cmd_name not in sys.argv:  # only listed, not called
            return typer.main.get_command(typer.Typer(help=help_line, name=cmd_name, callback=lambda: None))
        try:
            found = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as error:
            raise StackError(
                f"`avaaz {cmd_name}` needs a package that is not installed ({error.name})."
            ) from error
        return typer.main.get_command(found)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The Avaaz stack on this machine.",
)

EnvFile = Annotated[str, typer.Option("--env-file", help="Settings file; the environment wins over it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Without = Annotated[list[str] | None, typer.Option("--without", help="Leave a part out (may be repeated).")]


@app.command()
def up(env_file: EnvFile = ".env", without: Without = None) -> None:
    """Start every part, keep it running, stop all of it on Ctrl-C."""
    from infra.stack.plan import make_plan
    from infra.stack.progress import make_progress
    from infra.stack.settings import PROJECT_ROOT, load_settings, read_env_file
    from infra.stack.supervisor import Supervisor

    path = Path(env_file) if env_file else None
    settings = load_settings(path)
    plan = make_plan(settings, {**read_env_file(path), **os.environ}, without or ())
    progress = make_progress()
    supervisor = Supervisor(
        plan.parts,
        home=settings.avaaz_home,
        cwd=PROJECT_ROOT,
        address=settings.address,
        progress=progress,
        on_ready=lambda: progress.say(_welcome(settings.address, demo=settings.own_database)),
    )
    try:
        asyncio.run(_run(supervisor))
    except AlreadyRunningError:
        progress.close()
        print(f"Avaaz runs already in {settings.avaaz_home}; nothing was started.")
        _print_status(settings.avaaz_home)
        return
    progress.say("Stopped.")


async def _run(supervisor: "Supervisor") -> None:
    supervisor.listen_for_signals()
    await supervisor.run()


@app.command()
def down(env_file: EnvFile = ".env") -> None:
    """Stop the running stack, and clear away what a killed one left behind."""
    from infra.stack.control import take_down
    from infra.stack.settings import load_settings

    home = load_settings(Path(env_file) if env_file else None).avaaz_home
    print("Stopped." if take_down(home) else f"Nothing runs in {home}.")


@app.command()
def status(env_file: EnvFile = ".env", as_json: AsJson = False) -> None:
    """Show each part: state, pid, ports, uptime, restarts and memory. Exits with 3 when nothing runs."""
    from infra.stack.control import status as read_status
    from infra.stack.settings import load_settings

    home = load_settings(Path(env_file) if env_file else None).avaaz_home
    found = read_status(home)
    if as_json:
        print(found.model_dump_json(indent=2))
    elif found.running:
        _print_status(home)
    else:
        print(f"Nothing runs in {home}. Start it with `avaaz up`.")
    if not found.running:
        raise typer.Exit(3)


@app.command()
def build(env_file: EnvFile = ".env") -> None:
    """Build what comes as source: the LiveKit server and the web application. Does nothing that is done."""
    from infra.stack.frontend import build_frontend
    from infra.stack.livekit import server_binary
    from infra.stack.progress import make_progress
    from infra.stack.settings import load_settings
    from infra.stack.state import State

    settings = load_settings(Path(env_file) if env_file else None)
    progress = make_progress()

    async def livekit() -> None:
        show = partial(progress.update, "livekit", "LiveKit server", State.PREPARING)
        await server_binary(settings, show)
        progress.update("livekit", "LiveKit server", State.DONE)

    async def frontend() -> None:
        show = partial(progress.update, "frontend", "Web application", State.PREPARING)
        await build_frontend(settings, show)
        progress.update("frontend", "Web application", State.DONE)

    async def both() -> None:
        await asyncio.gather(livekit(), frontend())

    try:
        asyncio.run(both())
    finally:
        progress.close()


@app.command()
def seed(
    env_file: EnvFile = ".env",
    *,
    school: Annotated[bool, typer.Option("--school", help="Make a large made-up school instead.")] = False,
    learners: Annotated[int, typer.Option(min=10, max=2_000, help="Of the school.")] = 200,
    calls: Annotated[int, typer.Option(min=50, max=200_000, help="Of the school.")] = 20_000,
    turns: Annotated[int, typer.Option(min=1_000, max=6_000_000, help="Of the school.")] = 600_000,
) -> None:
    """Make the demo accounts that are missing in the running stack, or a school with 50 instructors."""
    from infra.stack import api_commands

    if school:
        api_commands.seed_school(env_file, learners, calls, turns)
    else:
        api_commands.seed(env_file)


def _print_status(home: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from infra.stack.control import status as read_status

    found = read_status(home)
    table = Table(box=None, pad_edge=False)
    for heading in ("part", "state", "pid", "ports", "uptime", "restarts", "PSS MB", "note"):
        table.add_column(heading)
    for part in found.parts:
        table.add_row(
            part.name,
            part.state,
            str(part.pid or ""),
            " ".join(map(str, part.ports)),
            f"{part.uptime_s:.0f} s" if part.uptime_s is not None else "",
            str(part.restarts),
            f"{part.pss_mb:.1f}" if part.pss_mb is not None else "",
            part.note,
        )
    console = Console()
    console.print(table)
    console.print(
        f"{found.address}  {'ready' if found.ready else 'starting'}  {found.pss_mb:.0f} MB PSS in all"
    )


def _welcome(address: str, *, demo: bool) -> str:
    from infra.stack.plan import DEMO_SIGN_INS

    lines = ["", f"Avaaz is ready: {address}"]
    if demo:
        lines += [f"  {role:<11} {email:<24} {password}" for role, email, password in DEMO_SIGN_INS]
    return "\n".join([*lines, "Ctrl-C stops it.", ""])


def main() -> None:
    """Entry point: errors that a person can act on are printed as a sentence."""
    try:
        app()
    except StackError as error:
        print(f"avaaz: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
