"""Passwords and consent from whoever sits at the terminal; the command line is where others can read."""

import getpass
import sys
from pathlib import Path


class NotGivenError(Exception):
    """What was asked for was not given; nothing was changed."""


def new_password(file: Path | None) -> str:
    """A new password: from a file, asked for twice at a terminal, or else the first line of the input.

    Raises:
        NotGivenError: There is none, the file cannot be read, or the two differ.
    """
    if file is not None:
        try:
            given = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NotGivenError(f"{file} cannot be read: {type(error).__name__}.") from None
        return _first_line(given)
    if not sys.stdin.isatty():
        return _first_line(sys.stdin.readline())
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise NotGivenError("The two passwords differ. Nothing was changed.")
    return _first_line(password)


def confirm(question: str) -> None:
    """Go on only where whoever sits at the terminal says yes.

    Raises:
        NotGivenError: They do not, or there is no terminal.
    """
    if not sys.stdin.isatty():
        raise NotGivenError(f"{question} Say so with --yes. Nothing was changed.")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise NotGivenError("Nothing was changed.")


def _first_line(given: str) -> str:
    password = given.split("\n", maxsplit=1)[0].rstrip("\r")
    if not password:
        raise NotGivenError("No password was given. Nothing was changed.")
    return password
