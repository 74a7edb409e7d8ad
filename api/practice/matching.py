"""Whether somebody said an answer: word for word, whatever its case, marks, hesitations and contractions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

CLOSE: Final = 0.75
"""From this part of the words on, what was said is close to the answer."""

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_HESITATION: Final = frozenset({"uh", "uhm", "um", "umm", "er", "erm", "hmm", "mhm", "ah", "eh"})
_CONTRACTED: Final = (
    (re.compile(r"\bcan(?:'t|not)\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bshan't\b"), "shall not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"\blet's\b"), "let us"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"\b(it|he|she|that|what|where|who|there|here|how)'s\b"), r"\1 is"),
)
_PHRASE_GAP: Final = "..."


class Verdict(StrEnum):
    """How what was said compares with the answer."""

    MATCH = "match"
    CLOSE = "close"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Compared:
    """What was said beside the answer."""

    verdict: Verdict
    words: list[tuple[str, bool]]
    """The answer's words as they are written, each with whether it was said."""


def plain(text: str) -> list[str]:
    """The words of a text for comparison: lower case, contractions written out, no hesitations."""
    lowered = text.lower().replace("’", "'").replace("`", "'")
    for pattern, whole in _CONTRACTED:
        lowered = pattern.sub(whole, lowered)
    return [word for word in _WORD.findall(lowered) if word not in _HESITATION]


def says(heard: str, answer: str) -> bool:
    """Whether the answer's words stand in what was heard, one after the other.

    A `...` in the answer, as in "I am keen on ...", stands for any words.
    """
    said, place = plain(heard), 0
    parts = [plain(part) for part in answer.replace("…", _PHRASE_GAP).split(_PHRASE_GAP)]
    wanted = [part for part in parts if part]
    for part in wanted:
        found = _find(said, part, place)
        if found is None:
            return False
        place = found + len(part)
    return bool(wanted)


def _find(words: Sequence[str], part: Sequence[str], start: int) -> int | None:
    last = len(words) - len(part)
    return next((at for at in range(start, last + 1) if list(words[at : at + len(part)]) == list(part)), None)


def compared(heard: str, answer: str) -> Compared:
    """Compare what was heard with the answer, for who practises it."""
    shown = answer.split()
    pieces = [(number, word) for number, one in enumerate(shown) for word in plain(one)]
    wanted, said = [word for _number, word in pieces], plain(heard)
    matcher = SequenceMatcher(None, wanted, said, autojunk=False)
    found = {at for block in matcher.get_matching_blocks() for at in range(block.a, block.a + block.size)}
    missed = {number for at, (number, _word) in enumerate(pieces) if at not in found}
    words = [(word, number not in missed) for number, word in enumerate(shown)]
    if says(heard, answer):
        return Compared(Verdict.MATCH, [(word, True) for word in shown])
    near = bool(wanted) and len(found) / max(len(wanted), len(said)) >= CLOSE
    return Compared(Verdict.CLOSE if near else Verdict.DIFFERENT, words)
