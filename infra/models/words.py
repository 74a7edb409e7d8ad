"""Words of a transcript: text, confidence and times, and the estimate used where no alignment is at hand."""

import re
from dataclasses import dataclass, replace

_NOT_SPOKEN = re.compile(r"[^\w'’]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word as written, sure to `confidence` (0 to 1), spoken `start` to `end` seconds."""

    text: str
    confidence: float
    start: float = 0.0
    end: float = 0.0

    @property
    def bare(self) -> str:
        """The word in lower case without punctuation."""
        return _NOT_SPOKEN.sub("", self.text).lower()

    def shifted(self, seconds: float) -> "Word":
        """The same word later by `seconds`."""
        return replace(self, start=self.start + seconds, end=self.end + seconds)


def transcript(words: list[Word]) -> str:
    """The words as one line of text."""
    return " ".join(word.text for word in words)


def confidence(words: list[Word]) -> float:
    """Mean confidence of the words, 0 for none."""
    return sum(word.confidence for word in words) / len(words) if words else 0.0


def spread(words: list[Word], voiced: list[tuple[float, float]]) -> list[Word]:
    """Estimate word times: divide the voiced stretches among the words by their length in letters.

    `voiced` are (start, end) pairs in seconds, in order; pauses between them belong to no word.
    """
    total = sum(len(word.text) + 1 for word in words)
    speech = sum(end - start for start, end in voiced)
    if not total or speech <= 0:
        return words
    timed, used = [], 0.0
    for word in words:
        share = speech * (len(word.text) + 1) / total
        timed.append(
            replace(word, start=_at(voiced, used, late=True), end=_at(voiced, used + share, late=False))
        )
        used += share
    return timed


def _at(voiced: list[tuple[float, float]], speech: float, *, late: bool) -> float:
    """When `speech` seconds of voice have passed; at a pause its end when `late`, else its start."""
    for start, end in voiced:
        length = end - start
        if speech < length - 1e-9 or (not late and speech <= length + 1e-9):
            return start + speech
        speech -= length
    return voiced[-1][1]
