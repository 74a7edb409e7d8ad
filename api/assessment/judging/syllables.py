"""How many syllables an English word has: a list where spelling misleads, else its groups of vowels."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("syllables.txt")
"""Words whose spelling misleads, `word count` a line; from the CMU Pronouncing Dictionary (BSD-2-Clause),
made by `python -m infra.bench.fluency.syllables`."""
_PART: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_SOUNDED_E: Final = re.compile(r"(?:[td]ed|[^aeiouylr]le[sd]?|(?:[sxzcg]|sh|ch)es)$")
"""Endings whose e is heard: "wanted", "table", "changes"."""
_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def syllables(text: str) -> int:
    """Syllables of a word as it is written, contractions and compounds included; figures by their digits."""
    parts = _PART.findall(text.lower().replace("’", "'"))
    return sum(_of_part(_DIGITS[int(part)] if part.isdigit() else part) for part in parts)


@lru_cache(maxsize=20_000)
def _of_part(word: str) -> int:
    listed = _listed().get(word)
    return by_spelling(word) if listed is None else listed


def by_spelling(word: str) -> int:
    """Syllables of a lower-case word by its letters alone: groups of vowels, a silent e left out."""
    stem = word.partition("'")[0]
    groups = len(_VOWELS.findall(stem))
    silent = re.search(r"[^aeiouy]e[sd]?$", stem) is not None and _SOUNDED_E.search(stem) is None
    return max(1, groups - silent)


@cache
def _listed() -> dict[str, int]:
    lines = _FILE.read_text("utf-8").splitlines()
    return {word: int(count) for word, count in (line.split() for line in lines if line)}
