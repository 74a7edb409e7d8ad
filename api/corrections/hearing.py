"""Which words of a turn the recognizer was sure of: only those are held against the learner."""

from collections.abc import Sequence
from typing import Any, Final

from api.contract.corrections import Correction

SURE: Final = 0.6
"""Confidence of the recognizer below which a word gives no correction."""


def was_heard(correction: Correction, text: str, words: Sequence[dict[str, Any]]) -> bool:
    """Whether the recognizer was sure of every word that a correction touches; what was typed is sure."""
    return all(
        word["confidence"] >= SURE
        for word, (start, end) in zip(words, placed(text, words), strict=True)
        if start < correction.end and correction.start < end
    )


def placed(text: str, words: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """Where in a text each recognized word stands, in code points.

    Written numbers and marks may make the text differ from its words. A word that is not found where it
    should be takes the whole stretch up to the next one that is.
    """
    lower, at = text.lower(), 0
    found: list[tuple[int, int] | None] = []
    for word in words:
        bare = str(word["word"]).lower().strip(".,!?;:\"'")
        place = lower.find(bare, at, at + len(bare) + 40) if bare else -1
        found.append((place, place + len(bare)) if place >= 0 else None)
        at = place + len(bare) if place >= 0 else at
    return [place or _between(found, index, len(text)) for index, place in enumerate(found)]


def _between(found: Sequence[tuple[int, int] | None], index: int, length: int) -> tuple[int, int]:
    before = next((place[1] for place in reversed(found[:index]) if place), 0)
    after = next((place[0] for place in found[index + 1 :] if place), length)
    return before, max(before, after)
