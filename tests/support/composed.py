"""docker-compose.yml and the environments' files as Compose reads them: merged and interpolated."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
ENVIRONMENTS = ("production", "staging", "development")

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<kind>:-|:\?)(?P<rest>[^}]*))?\}")


class MissingVariableError(ValueError):
    """A variable that must be given is not."""


def environment_file(name: str) -> dict[str, str]:
    """The variables of an environment's example file."""
    lines = (ROOT / f".env.{name}.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w*=", line))


@cache
def raw() -> dict[str, Any]:
    """The file as it stands."""
    content: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return content


def variables() -> dict[str, set[str]]:
    """Every variable that the file names, with the ways it does: `:-`, `:?` or nothing."""
    found: dict[str, set[str]] = {}
    for match in _VARIABLE.finditer(COMPOSE.read_text("utf-8")):
        found.setdefault(match["name"], set()).add(match["kind"] or "")
    return found


def composed(given: Mapping[str, str]) -> dict[str, Any]:
    """The file with its variables replaced.

    Raises:
        MissingVariableError: a variable that must be given is not.
    """
    content: dict[str, Any] = _interpolated(raw(), given)
    return content


def services(given: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services, with their variables replaced."""
    found: dict[str, dict[str, Any]] = composed(given)["services"]
    return found


def _interpolated(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _value(match, given), value)
    if isinstance(value, list):
        return [_interpolated(item, given) for item in value]
    if isinstance(value, dict):
        return {key: _interpolated(item, given) for key, item in value.items()}
    return value


def _value(match: re.Match[str], given: Mapping[str, str]) -> str:
    value = given.get(match["name"], "")
    if value or match["kind"] is None:
        return value
    if match["kind"] == ":?":
        raise MissingVariableError(f"{match['name']}: {match['rest']}")
    return match["rest"]
