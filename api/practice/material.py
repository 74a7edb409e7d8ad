"""What items are made of: corrections and phrases, and which of them are one and the same item.

A learner who makes one slip a hundred times gets one item of it, and a learner who breaks one rule in many
sentences gets a few: the same words put right in the same way are one item, and of one rule only so many are
learned at a time. What is too long to be said in one breath is no item.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from api.contract.corrections import Correction, Severity
from api.practice.matching import plain
from api.practice.models import ItemKind

LONGEST_ANSWER_WORDS: Final = 25
LONGEST_ANSWER: Final = 300
SHORTEST_ANSWER_WORDS: Final = 2
MOST_NEW_OF_CALL: Final = 8
"""Items that one call may add."""
MOST_OF_RULE: Final = 3
"""Items of one rule that are learned at a time."""
SURE: Final = 0.7
"""A correction of less confidence makes no item."""

_WEIGHT: Final = {Severity.OBSCURING: 3, Severity.CLEAR: 2, Severity.SLIGHT: 1}


@dataclass(frozen=True)
class Slip:
    """A correction, with the words it was found in."""

    correction: Correction
    correction_id: UUID | None
    turn_id: UUID
    said_at: datetime
    sentence: str
    """The learner's own sentence."""

    @property
    def key(self) -> str:
        """The same for the same words put right in the same way, by the same rule."""
        one = self.correction
        return digest(ItemKind.CORRECTION, one.rule, *plain(one.original), "→", *plain(one.replacement))

    @property
    def weight(self) -> tuple[int, float]:
        """How much it matters."""
        return _WEIGHT[self.correction.severity], self.correction.confidence


@dataclass(frozen=True)
class Material:
    """What an item shows."""

    kind: ItemKind
    key: str
    cue: str
    answer: str
    note: str = ""
    category: str | None = None
    rule: str | None = None
    source_id: UUID | None = None


def digest(*parts: str) -> str:
    """A key made of these words."""
    return sha256("\x1f".join(parts).encode()).hexdigest()


def worth_learning(slips: Iterable[Slip]) -> list[Slip]:
    """One slip for each item that could be made, those that matter most first.

    Of a slip made several times it is the last one; of several slips in one sentence the one that matters
    most, since the item asks for the whole sentence.
    """
    best: dict[str, Slip] = {}
    for slip in sorted(slips, key=lambda one: one.said_at):
        if slip.correction.confidence >= SURE and _can_be_said(slip.correction.better):
            best[slip.key] = slip
    ordered = sorted(best.values(), key=lambda one: one.weight, reverse=True)
    sentences: dict[str, Slip] = {}
    for slip in ordered:
        sentences.setdefault(" ".join(plain(slip.correction.better)), slip)
    return list(sentences.values())


def of_slip(slip: Slip) -> Material:
    """What the item of a slip shows."""
    one = slip.correction
    return Material(
        kind=ItemKind.CORRECTION,
        key=slip.key,
        cue=slip.sentence[:400],
        answer=one.better,
        note=one.explanation,
        category=one.category,
        rule=one.rule,
        source_id=slip.correction_id,
    )


def of_phrase(
    kind: ItemKind, text: str, meaning: str, example: str, lesson_id: UUID | None
) -> Material | None:
    """What the item of a phrase or word shows; None where it cannot be said in one breath."""
    words = plain(text)
    if not words or len(words) > LONGEST_ANSWER_WORDS or len(text) > LONGEST_ANSWER:
        return None
    return Material(
        kind=kind,
        key=digest(kind, *words),
        cue=meaning[:400],
        answer=text,
        note=example[:400],
        source_id=lesson_id,
    )


def _can_be_said(answer: str) -> bool:
    words = len(plain(answer))
    return SHORTEST_ANSWER_WORDS <= words <= LONGEST_ANSWER_WORDS and len(answer) <= LONGEST_ANSWER


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence of a text in which a span lies."""
    begin = max((text.rfind(mark, 0, start) for mark in ".!?\n"), default=-1) + 1
    ends = [at for mark in ".!?\n" if (at := text.find(mark, max(end - 1, start))) >= 0]
    return text[begin : min(ends) + 1 if ends else len(text)].strip()
