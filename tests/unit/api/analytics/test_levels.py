"""Levels of words, and the vocabulary of who said them."""

from datetime import UTC, datetime, timedelta

import pytest

from api.analytics.language.levels import base_and_level, parts_of
from api.analytics.language.repository import WordRow
from api.analytics.language.service import vocabulary_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "base", "level"),
    [
        ("house", "house", "A1"),
        ("houses", "house", "A1"),
        ("went", "go", "A1"),
        ("cities", "city", "A1"),
        ("negotiated", "negotiate", "B1"),
        ("environment", "environment", "B2"),
        ("lima", "lima", None),
        ("zzz", "zzz", None),
        ("año", "año", None),
        ("42", "42", None),
    ],
)
def test_a_word_counts_at_the_level_of_its_base_form(word: str, base: str, level: str | None) -> None:
    assert base_and_level(word) == (base, level)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("don't", ["do", "not"]),
        ("won't", ["will", "not"]),
        ("i'm", ["i", "am"]),
        ("ana's", ["ana"]),
        ("s", ["s"]),
    ],
)
def test_contractions_are_two_words(word: str, parts: list[str]) -> None:
    assert list(parts_of(word)) == parts


def test_forms_of_a_word_count_once_and_from_its_first_use() -> None:
    old = NOW - timedelta(days=60)
    said = [
        WordRow("house", 3, NOW),
        WordRow("houses", 1, old),
        WordRow("don't", 2, NOW),
        WordRow("lima", 1, NOW),
    ]
    found = vocabulary_of(said, NOW)
    assert (found.words, found.beyond) == (4, 1)
    first = found.levels[0]
    assert (first.level, first.words, first.recent, first.examples) == ("A1", 3, 2, ["do", "not", "house"])
    assert [level.words for level in found.levels[1:]] == [0, 0, 0, 0]


def test_nothing_said_is_no_vocabulary() -> None:
    assert vocabulary_of([], NOW).words == 0
