"""Which patterns of lessons are refused, and that those of ours are not."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.curriculum.content import PATTERNS
from api.curriculum.patterns import fault_of
from prompts.curriculum import lessons


@pytest.mark.parametrize(
    "pattern",
    [
        r"i (?:come|am) from (\w+(?: \w+)?)",
        r"no(?: \w+)*|not",
        r"(?:the |a |an )*\w+",
        r"(?:[a-z]+ ){0,6}because",
        r"(?:ab)+",
        r".*because.*",
    ],
)
def test_what_people_write_is_allowed(pattern: str) -> None:
    assert fault_of(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(a|aa)+b",
        "(?:a |a )*b",
        "(a?a?)+b",
        "(?: .+)*b",
        r"(?:\w+ ?)*b",
        r"(?:\w+ ?){0,6}b",
        "(?:the | a)*b",
        "(a{1,50}){1,50}b",
        "(?: (?:a|[a-z]b?))+!",
        "(?=(?:a+)+b)a",
        r"(a)\1",
        ".*a.*b.*c.*d.*e.*f.*g",
        ".*x.*x.*y",
    ],
)
def test_what_could_hold_a_worker_up_is_refused(pattern: str) -> None:
    assert fault_of(pattern) is not None


def patterns_in(value: Any, name: str = "") -> Iterator[str]:
    """Every pattern of a lesson file."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from patterns_in(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from patterns_in(inner, name)
    elif name in PATTERNS:
        yield value


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_ours_are_allowed(lesson: Any) -> None:
    found = list(patterns_in(dict(lesson.content)))
    assert found
    assert [pattern for pattern in found if fault_of(pattern)] == []
