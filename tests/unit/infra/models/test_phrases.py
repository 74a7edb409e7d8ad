"""Frequent phrases live on disk, everything else in bounded memory."""

from pathlib import Path

import pytest

from infra.models.phrases import PhraseCache

SECOND = b"\0" * 48_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "phrases"


def test_pinned_phrase_survives_a_restart(folder: Path) -> None:
    first = PhraseCache(folder, 1_000_000)
    first.pin("Good morning.")
    first.put("Good morning.", 1.0, SECOND)
    second = PhraseCache(folder, 1_000_000)
    second.pin("Good morning.")
    assert second.has("Good morning.")
    assert second.get("Good morning.", 1.0) == SECOND


def test_other_clauses_never_reach_the_disk(folder: Path) -> None:
    cache = PhraseCache(folder, 1_000_000)
    cache.put("So your sister Zaynab lives in Lyon.", 1.0, SECOND)
    assert cache.get("So your sister Zaynab lives in Lyon.", 1.0) == SECOND
    assert list(folder.iterdir()) == []


def test_memory_is_bounded_and_drops_the_longest_unused(folder: Path) -> None:
    cache = PhraseCache(folder, 2 * len(SECOND))
    cache.put("one", 1.0, SECOND)
    cache.put("two", 1.0, SECOND)
    assert cache.get("one", 1.0) is not None
    cache.put("three", 1.0, SECOND)
    assert cache.get("two", 1.0) is None
    assert cache.get("one", 1.0) == SECOND
    assert cache.get("three", 1.0) == SECOND


def test_speed_is_part_of_the_key(folder: Path) -> None:
    cache = PhraseCache(folder, 1_000_000)
    cache.put("one", 1.0, SECOND)
    assert cache.get("one", 0.8) is None


def test_unwritable_folder_costs_only_the_caching(folder: Path) -> None:
    cache = PhraseCache(folder, 1_000_000)
    cache.pin("one")
    folder.rmdir()
    cache.put("one", 1.0, SECOND)
    assert cache.get("one", 1.0) is None
