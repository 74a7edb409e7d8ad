"""What a self-test says: one finding for each thing that was tried."""

import json
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, TypeAdapter


class State(StrEnum):
    """How one thing stands."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finding(BaseModel):
    """One thing that was tried, and what to do about it where it does not work."""

    area: str
    name: str
    state: State
    said: str
    """What was found, in a sentence without secrets."""
    mend: str = ""
    """What to do next; empty where nothing needs doing."""
    figures: dict[str, float] = {}
    """What was measured, by name with its unit, such as `first_byte_ms`."""


FINDINGS: Final = TypeAdapter(list[Finding])


def ok(area: str, name: str, said: str, **figures: float) -> Finding:
    """It works."""
    return Finding(area=area, name=name, state=State.OK, said=said, figures=figures)


def failed(area: str, name: str, said: str, mend: str) -> Finding:
    """It does not work, and people will notice."""
    return Finding(area=area, name=name, state=State.FAILED, said=said, mend=mend)


def warning(area: str, name: str, said: str, mend: str) -> Finding:
    """It works, but not as it should."""
    return Finding(area=area, name=name, state=State.WARNING, said=said, mend=mend)


def skipped(area: str, name: str, said: str) -> Finding:
    """It was not tried, and why."""
    return Finding(area=area, name=name, state=State.SKIPPED, said=said)


def to_json(findings: list[Finding]) -> str:
    """For a program."""
    return json.dumps([finding.model_dump(mode="json") for finding in findings], indent=2)
