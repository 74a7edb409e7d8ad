"""Slips of learners that grammar checkers overlook, put right by patterns (`prompts/report/slips.yaml`)."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

import prompts
from api.memory.rules import Pattern

_SLOT: Final = re.compile(r"\{(\d)(?:\|(\w+))?\}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Slip(_Strict):
    """One kind of slip."""

    when: Pattern = Field(alias="if")
    say: str
    why: str
    only: Pattern | None = None
    """Found only in sentences with this."""
    unless: Pattern | None = None
    """Not in sentences with this."""
    not_after: Pattern | None = None
    """Not right after one of these words."""


class Slips(_Strict):
    """The content of `prompts/report/slips.yaml`."""

    version: int
    slips: tuple[Slip, ...]
    maps: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Mended:
    """A sentence put right."""

    text: str
    wrong: tuple[str, ...]
    """The words that were replaced."""
    why: str


@cache
def slips() -> Slips:
    """The slips, read once a process."""
    return prompts.load("report/slips").parse(Slips)


def slips_hash() -> str:
    """What the slips are known by."""
    return prompts.load("report/slips").hash


def mended(sentence: str) -> Mended:
    """A sentence with its slips put right; the same text where there are none."""
    text, wrong, why = sentence.replace("’", "'"), [], ""
    for slip in slips().slips:
        if _applies(slip, text):
            text, found = _replaced(slip, text)
            wrong += found
            why = why or (slip.why if found else "")
    return Mended(text if wrong else sentence, tuple(wrong), why)


def _applies(slip: Slip, text: str) -> bool:
    if slip.only and not re.search(slip.only, text, re.IGNORECASE):
        return False
    return not (slip.unless and re.search(slip.unless, text, re.IGNORECASE))


def _replaced(slip: Slip, text: str) -> tuple[str, list[str]]:
    wrong: list[str] = []

    def put_right(match: re.Match[str]) -> str:
        if slip.not_after and _ends_in(slip.not_after, text[: match.start()]):
            return match[0]
        wrong.append(match[0])
        said = _SLOT.sub(lambda slot: _filled(match, int(slot[1]), slot[2]), slip.say)
        return said[:1].upper() + said[1:] if match[0][:1].isupper() else said

    return re.sub(slip.when, put_right, text, flags=re.IGNORECASE), wrong


def _filled(match: re.Match[str], group: int, by: str | None) -> str:
    caught = match.group(group) or ""
    return slips().maps[by][caught.lower()] if by else caught


def _ends_in(words: str, before: str) -> bool:
    return bool(re.search(rf"(?<![\w'])(?:{words}) ?$", before, re.IGNORECASE))
