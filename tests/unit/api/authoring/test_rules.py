"""Differences between versions, and keys."""

from typing import Any

from api.authoring.history import Change, changes
from api.authoring.keys import free_key, key_of


def test_differences_are_told_by_name_and_order() -> None:
    before: dict[str, Any] = {
        "title": "A",
        "goal": None,
        "steps": [{"key": "x", "say": "1"}, {"key": "y", "say": "2"}],
    }
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
