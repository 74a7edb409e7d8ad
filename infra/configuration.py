"""How a process reads its settings: a secret from a file or the environment, one message on error.

`NAME_FILE` names a file that holds the value of `NAME`, as container platforms mount secrets. A value in the
environment that is not empty wins over the file.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from pydantic import AliasChoices, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

EXIT_CONFIGURATION: Final = 78
"""Exit status of a process whose settings are missing or malformed (`EX_CONFIG` of sysexits.h)."""
LARGEST_SECRET: Final = 65_536
"""Bytes. A larger file is no secret but a mistaken path."""

_FILE: Final = "_FILE"
_SEE: Final = "Settings and their meaning: .env.example"


class SecretFileError(ValueError):
    """A file that a `NAME_FILE` variable names cannot be used; the text says which and why."""


class FileSettings(BaseSettings):
    """Settings whose every field may also be given as the path of a file, by its name with `_FILE`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the files before the environment, where they stand in for what is absent or empty there."""
        return init_settings, _SecretFiles(settings_cls), env_settings, dotenv_settings, file_secret_settings


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads `NAME_FILE` for each field."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        names = variable_names(self.settings_cls, field_name, field)
        if any(os.environ.get(name) for name in names):
            return None, field_name, False
        for name in names:
            value = secret_from_file(name, os.environ)
            if value is not None:
                return value, _key(field, field_name, name), False
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field_name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, field_name)
            if value is not None:
                found[key] = value
        return found


def variable_names(settings: type[BaseSettings], field_name: str, field: FieldInfo) -> list[str]:
    """The environment variables that set a field, the first of them foremost."""
    if isinstance(field.validation_alias, AliasChoices):
        return [str(choice) for choice in field.validation_alias.choices]
    if isinstance(field.validation_alias, str):
        return [field.validation_alias]
    return [(settings.model_config.get("env_prefix", "") + field_name).upper()]


def _key(field: FieldInfo, field_name: str, variable: str) -> str:
    return variable if field.validation_alias is not None else field_name


def secret_from_file(name: str, environment: Mapping[str, str]) -> str | None:
    """The content of the file that `NAME_FILE` names, without the line's end; None where none is named.

    Raises:
        SecretFileError: the file is missing, cannot be read, is empty, too large or no text.
    """
    path = environment.get(name + _FILE, "")
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST_SECRET + 1)
        text = raw.decode("utf-8").rstrip("\r\n")
    except OSError as error:
        raise SecretFileError(f"{name}{_FILE}: {path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SecretFileError(f"{name}{_FILE}: {path} holds no text") from None
    if len(raw) > LARGEST_SECRET:
        raise SecretFileError(f"{name}{_FILE}: {path} is larger than {LARGEST_SECRET} bytes")
    if not text:
        raise SecretFileError(f"{name}{_FILE}: {path} is empty")
    return text


_Settings = TypeVar("_Settings", bound=BaseSettings)


def load_or_exit(settings: type[_Settings]) -> _Settings:
    """Read a process's settings, or end it with one clear message and a status that is not 0."""
    try:
        return settings()
    except (ValidationError, SecretFileError) as error:
        exit_with(problems(settings, error))


def export_secret_files(names: Iterable[str]) -> None:
    """Put into the environment what `NAME_FILE` holds, for libraries that read `NAME` there themselves."""
    for name in names:
        try:
            value = None if os.environ.get(name) else secret_from_file(name, os.environ)
        except SecretFileError as error:
            exit_with(str(error))
        if value is not None:
            os.environ[name] = value


def require(names: Iterable[str]) -> None:
    """End the process with one clear message where it is given neither `NAME` nor `NAME_FILE`."""
    missing = [name for name in names if not (os.environ.get(name) or os.environ.get(name + _FILE))]
    if missing:
        exit_with(f"{' and '.join(missing)} missing. {_SEE}")


def exit_with(problem: str) -> NoReturn:
    """End the process because of its configuration."""
    sys.stderr.write(f"avaaz cannot start: {problem}\n")
    raise SystemExit(EXIT_CONFIGURATION)


def problems(settings: type[BaseSettings], error: ValidationError | SecretFileError) -> str:
    """One line that names each setting at fault and what is wrong with it; never a value."""
    if isinstance(error, SecretFileError):
        return str(error)
    found = [
        f"{_variable(settings, item['loc'])} is {_fault(item['type'], item['msg'])}"
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return f"{'; '.join(found)}. {_SEE}"


def _variable(settings: type[BaseSettings], location: tuple[int | str, ...]) -> str:
    first = str(location[0]) if location else "a setting"
    field = settings.model_fields.get(first)
    return variable_names(settings, first, field)[0] if field is not None else first


def _fault(kind: str, message: str) -> str:
    return "missing" if kind == "missing" else f"malformed ({message})"
