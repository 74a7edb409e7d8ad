"""`.env.example` names every setting of every process, with the default that the process really has."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

EXAMPLE = Path(__file__).resolve().parents[4] / ".env.example"
CLASSES = (
    ("api.settings", "Settings"),
    ("api.settings", "DatabaseSettings"),
    ("agent.settings", "AgentSettings"),
    ("infra.models.settings", "Settings"),
    ("infra.stack.settings", "StackSettings"),
    ("infra.backup.settings", "BackupSettings"),
    ("infra.tracing", "TracingSettings"),
    ("infra.error_tracking", "ErrorTrackingSettings"),
)


def listed() -> dict[str, str]:
    """Names and values in the example."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    return dict(match.groups() for line in lines if (match := re.match(r"#([A-Z][A-Z0-9_]*)=(.*)$", line)))  # type: ignore[misc]


def names(settings: type[BaseSettings], field: str, info: FieldInfo) -> list[str]:
    """Names in the environment that set a field."""
    if isinstance(info.validation_alias, AliasChoices):
        return [str(choice) for choice in info.validation_alias.choices]
    if isinstance(info.validation_alias, str):
        return [info.validation_alias]
    return [(settings.model_config.get("env_prefix", "") + field).upper()]


def fields() -> Iterator[tuple[str, list[str], FieldInfo]]:
    """Every field of every process: where it is, its names, what it is."""
    for module, name in CLASSES:
        settings = getattr(importlib.import_module(module), name)
        for field, info in settings.model_fields.items():
            yield f"{module}.{name}.{field}", names(settings, field, info), info


def shown(default: object) -> str:
    """A default as it stands in the file."""
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)


FIELDS = list(fields())


@pytest.mark.parametrize(("where", "accepted", "info"), FIELDS, ids=[where for where, _, _ in FIELDS])
def test_setting_is_listed_with_its_default(where: str, accepted: list[str], info: FieldInfo) -> None:
    example = listed()
    found = [name for name in accepted if name in example]
    assert found, f"{where} ({' or '.join(accepted)}) is missing in .env.example"
    # A part that is told an address by `avaaz up` has a default of its own where another part has none.
    if not info.is_required() and info.default is not None:
        assert example[found[0]] == shown(info.default)


def test_nothing_is_listed_that_no_process_reads() -> None:
    known = {name for _, accepted, _ in FIELDS for name in accepted}
    assert set(listed()) - known == set()


def test_each_setting_stands_once() -> None:
    found = re.findall(r"^#([A-Z][A-Z0-9_]*)=", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    assert sorted(found) == sorted(set(found))
