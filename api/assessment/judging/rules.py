"""What `prompts/assessment/rules.yaml` holds: markers of discourse, and what is no answer."""

import re
from functools import cache
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict

from api.contract.levels import Level
from prompts import Prompt, load

LEVELS: Final = tuple(Level)


def _compiled(pattern: str) -> str:
    re.compile(pattern)
    return pattern


class Rules(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    markers: dict[str, dict[Level, list[str]]]
    """By what they do, then by the level at which they are expected."""
    referring: Annotated[str, AfterValidator(_compiled)]
    instructs: list[Annotated[str, AfterValidator(_compiled)]]
    known_by_heart: list[str]
    words: dict[str, str]
    irregular: dict[str, str]


def rules_prompt() -> Prompt:
    """The file that the rules stand in."""
    return load("assessment/rules")


@cache
def rules() -> Rules:
    """The rules."""
    return rules_prompt().parse(Rules)


@cache
def words_for(name: str) -> frozenset[str]:
    """A list of words by what they do."""
    return frozenset(rules().words[name].split())


@cache
def instructing() -> re.Pattern[str]:
    """Words that are meant to move the examiner."""
    return re.compile(rf"\b(?:{'|'.join(rules().instructs)})\b")


@cache
def marking() -> list[tuple[str, str, Level, re.Pattern[str]]]:
    """Each marker: its words, what it does, its level, its pattern; longer ones first."""
    every = [
        (marker, function, level, re.compile(rf"\b{re.escape(marker)}\b"))
        for function, levels in rules().markers.items()
        for level, markers in levels.items()
        for marker in markers
    ]
    return sorted(every, key=lambda one: -len(one[0]))
