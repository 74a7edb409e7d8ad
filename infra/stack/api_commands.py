"""What an operator does by hand: the API's own programs, run beside the stack under its environment.

`python -m api.admin` and `python -m api.seed` know nothing of where the embedded stack keeps its database and
secrets; these commands do.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from infra.stack.control import status
from infra.stack.errors import StackError
from infra.stack.plan import make_plan
from infra.stack.settings import PROJECT_ROOT, load_settings, read_env_file

EnvFile = Annotated[str, typer.Option("--env-file", help="Settings file; the environment wins over it.")]

admin_app = typer.Typer(no_args_is_help=True, add_completion=False, help="People, roles, secrets, by hand.")


@admin_app.command("create")
def create(  # noqa: PLR0917 - typer passes each by name
    email: str,
    name: Annotated[str, typer.Option(help="What to call them.")] = "",
    operator: Annotated[bool, typer.Option("--operator", help="Runs the whole installation.")] = False,
    school: Annotated[str, typer.Option(help="Administers this school; made where it is missing.")] = "",
    password_file: Annotated[
        Path | None, typer.Option(help="Holds the password; else it is asked for.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Promote an account that is there unasked.")] = False,
    env_file: EnvFile = ".env",
) -> None:
    """Make the first operator or administrator. The password is asked for, or read from the input."""
    file = str(password_file.resolve()) if password_file else ""
    given = {"--name": name, "--school": school, "--password-file": file}
    words = [word for option, value in given.items() if value for word in (option, value)]
    words += [option for option, wanted in {"--operator": operator, "--yes": yes}.items() if wanted]
    _run("api", ["api.admin", "create", *words, "--", email], env_file)


@admin_app.command("set-role")
def set_role(email: str, role: str, env_file: EnvFile = ".env") -> None:
    """Give the person with this address the role learner, instructor or admin."""
    _run("api", ["api.admin", "set-role", email, role], env_file)


@admin_app.command("rotate-secrets")
def rotate_secrets(env_file: EnvFile = ".env") -> None:
    """Encrypt what is kept with the present SECRET_KEY, so that SECRET_KEY_PREVIOUS can go."""
    _run("api", ["api.admin", "rotate-secrets"], env_file)


def seed(env_file: EnvFile = ".env") -> None:
    """Make the demo accounts that are missing."""
    _run("seed", ["api.seed"], env_file)


def seed_school(env_file: str, learners: int, calls: int, turns: int) -> None:
    """Make the made-up school, or what is missing of it."""
    size = ("--learners", str(learners), "--calls", str(calls), "--turns", str(turns))
    _run("seed", ["api.school.seed", *size], env_file)


def _run(part: str, words: list[str], env_file: str) -> None:
    """Runs a program under the environment of a part; ends with its exit status."""
    done = subprocess.run(
        [sys.executable, "-m", *words], env=_environment(part, env_file), cwd=PROJECT_ROOT, check=False
    )
    raise typer.Exit(done.returncode)


def _environment(name: str, env_file: str) -> Mapping[str, str]:
    path = Path(env_file) if env_file else None
    settings = load_settings(path)
    if settings.own_database and not status(settings.avaaz_home).ready:
        raise StackError(f"Nothing runs in {settings.avaaz_home}. Start it with `avaaz up`.")
    plan = make_plan(settings, {**read_env_file(path), **os.environ})
    for part in plan.parts:
        if part.name == name:
            return part.env
    raise StackError(
        "DATABASE_URL is given: demo accounts exist only in the database that `avaaz up` starts."
    )
