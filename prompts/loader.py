"""Reading prompt files: one YAML mapping a file, with a `version` and whatever else its reader needs."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

FOLDER = Path(__file__).resolve().parent
Model = TypeVar("Model", bound=BaseModel)
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PromptError(ValueError):
    """A prompt file is absent, is not a mapping with a version, or does not fit what its reader expects."""


class Prompt:
    """One prompt file as read: immutable, comparable by its hash.

    `hash` is the SHA-256 of the file's bytes in hexadecimal (64 characters), so that a turn can be traced to
    the exact words that shaped it; `version` is the number its authors gave it.
    """

    def __init__(self, name: str, version: int, digest: str, content: Mapping[str, Any]) -> None:
        self.name = name
        self.version = version
        self.hash = digest
        self.content = content

    def text(self, *keys: str) -> str:
        """The string at a path of keys, e.g. `text("greeting", "first")`; `PromptError` when absent."""
        value = self.value(*keys)
        if not isinstance(value, str):
            raise PromptError(f"{self.name}: {'.'.join(keys)} is not a text")
        return value

    def value(self, *keys: str) -> Any:
        """Whatever stands at a path of keys; `PromptError` when nothing does."""
        found: Any = self.content
        for key in keys:
            if not isinstance(found, Mapping) or key not in found:
                raise PromptError(f"{self.name}: there is no {'.'.join(keys)}")
            found = found[key]
        return found

    def parse(self, model: type[Model]) -> Model:
        """The whole content as a typed model; `PromptError` names what does not fit."""
        try:
            return model.model_validate(dict(self.content))
        except ValidationError as error:
            raise PromptError(f"{self.name}: {error}") from error

    def __repr__(self) -> str:
        return f"Prompt({self.name!r}, version={self.version}, hash={self.hash[:12]!r})"


class _Head(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    version: int


@cache
def load(name: str) -> Prompt:
    """The prompt file `prompts/<name>.yaml` (name may have folders: `topics/food`), read once a process."""
    path = (FOLDER / f"{name}.yaml").resolve()
    if not path.is_relative_to(FOLDER):
        raise PromptError(f"{name}: outside the prompts folder")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PromptError(f"{name}: no such prompt file") from error
    return parse_prompt(name, raw)


def parse_prompt(name: str, raw: bytes) -> Prompt:
    """A `Prompt` from a file's bytes; `PromptError` unless a YAML mapping with an integer `version`."""
    try:
        content = yaml.load(raw, Loader=_SafeLoader)  # noqa: S506 - the safe loader, in C where there is one
        head = _Head.model_validate(content)
    except (yaml.YAMLError, ValidationError) as error:
        raise PromptError(f"{name}: not a prompt file: {error}") from error
    return Prompt(name, head.version, hashlib.sha256(raw).hexdigest(), MappingProxyType(content))
