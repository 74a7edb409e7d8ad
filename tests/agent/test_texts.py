"""Typed messages: limits and what is not text."""

import pytest

from agent.texts import RefusedTextError, clean


@pytest.mark.parametrize(
    "text", ["a" * 8_001, "x" * 10_000_000, "hello\x00", "\x1b[31mred", "\x7f", "", "  \n "]
)
def test_refuses(text: str) -> None:
    with pytest.raises(RefusedTextError):
        clean(text, limit=8_000)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Hello, coach!  ", "Hello, coach!"),
        ("one\r\ntwo", "one\ntwo"),
        ("right\u202eleft \u200bhidden", "rightleft hidden"),
        ("Привет, 你好 👋", "Привет, 你好 👋"),
        ("a" * 8_000, "a" * 8_000),
    ],
)
def test_keeps(text: str, kept: str) -> None:
    assert clean(text, limit=8_000) == kept
