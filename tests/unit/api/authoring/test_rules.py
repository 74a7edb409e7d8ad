"""Patterns that are refused, differences between versions, keys."""

from typing import Any

import pytest

from api.authoring.history import Change, changes
from api.authoring.keys import free_key, key_of
from api.authoring.patterns import is_tame
from prompts.curriculum import lessons


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a|aa)+b",
        r"(a?a)+b",
        r"(?:a|a )*x",
        r"(?:a |a )*x",
        r"(?:a{1,12}){1,12}",
        r"(.*)(.*)(.*)x",
        r"(\w+) \1",
        r"(?:\w* )*x\w*",
        "(" * 200,
    ],
)
def test_what_could_take_long_is_refused(pattern: str) -> None:
    assert not is_tame(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"my name(?: is)? \w+|call me \w+|i am (?!fine|good)\w+",
        r"\b(?:yes|yeah|of course)\b",
        r"(?:\w+ ){0,6}because",
        r"no(?: \w+)*",
        r"in (?:the |a |my )*\w+",
        r"\d{1,2} (?:january|may)",
    ],
)
def test_what_people_write_is_taken(pattern: str) -> None:
    assert is_tame(pattern)


def test_all_patterns_of_our_own_lessons_are_tame() -> None:
    wild = [
        pattern
        for one in lessons()
        for step in one.value("steps")
        for pattern in [
            *(c["pattern"] for c in step.get("criteria", []) if "pattern" in c),
            *(heard["if"] for said in step["exchanges"] for heard in said.get("hear", [])),
        ]
        if not is_tame(pattern)
    ]
    assert wild == []


def test_differences_are_told_by_name_and_order() -> None:
    before: dict[str, Any] = {"title": "A", "goal": None, "steps": [{"key": "x", "say": "1"}, {"key": "y", "say": "2"}]}
    after = {"title": "B", "goal": None, "steps": [{"key": "y", "say": "2"}, {"key": "x", "say": "3"}]}
    assert changes(before, after) == [
        Change("title", "A", "B"),
        Change("steps.x.say", "1", "3"),
        Change("steps.order", "x, y", "y, x"),
    ]
    assert changes(before, before) == []
    added = {**before, "steps": [*before["steps"], {"key": "z", "title": "New"}]}
    assert changes(before, added) == [Change("steps.z", None, "New")]
    assert changes({"words": ["a"]}, {"words": ["a", "b"]}) == [Change("words", "a", "a, b")]


def test_keys_are_made_of_words_and_free() -> None:
    assert key_of("Über Käse & Brot!") == "uber-kase-brot"
    assert key_of("学习") == "lesson"
    assert len(key_of("word " * 40)) <= 64
    assert free_key("At home", {"at-home", "at-home-2"}) == "at-home-3"
