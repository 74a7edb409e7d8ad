"""Where a clause ends between two words, and how clauses hang together: by marks and joining words.

A speech unit is a main clause with what hangs on it (the AS-unit of Foster, Tonkyn and Wigglesworth 2000,
"Measuring spoken language"), here as the recognizer's sentences cut before "and", "but" and "so" with a
subject of their own; a clause is counted for each finite verb that a list of verbs finds. Both are
approximations from words: no parser is asked.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from api.assessment.judging.rules import words_for
from api.assessment.judging.speech import HeardWord
from api.memory.said import written_out

_NO_END: Final = frozenset({"that", "as", "than", "what", "how"})


def ends_after(words: Sequence[HeardWord], index: int) -> bool:
    """Whether a clause ends after a word: by a mark behind it, or by a joining word that begins the next."""
    if index + 1 >= len(words) or words[index].closes:
        return True
    following = words[index + 1].bare
    if following not in words_for("joiners") or following in _NO_END:
        return False
    if following in {"and", "or"}:
        return index + 2 < len(words) and words[index + 2].bare in words_for("subjects")
    return words[index].bare not in words_for("joiners")


def count_clauses(sentence: str) -> int:
    """Clauses of a sentence: its finite verbs, an auxiliary and its verb as one; at least one."""
    plain = _pairs().sub(" ", written_out(sentence).lower())
    return max(1, len(_finite().findall(plain)))


@cache
def _finite() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words_for('auxiliaries') | words_for('verbs'))})\b")


@cache
def _pairs() -> re.Pattern[str]:
    """An auxiliary before its verb."""
    return re.compile(
        rf"\b(?:{'|'.join(words_for('auxiliaries'))})(?: not| never| always| also| really| probably| just)* "
        rf"(?=(?:{'|'.join(words_for('behind_auxiliary'))})\b)"
    )


def units(sentence: str) -> list[str]:
    """The speech units of a sentence: cut where "and", "but" or "so" begins a clause with its own subject."""
    return [part for part in re.split(_UNIT, sentence) if part.strip()]


_UNIT: Final = re.compile(
    r"[,;]? +(?=(?:and|but|so) (?:i|you|he|she|it|we|they|there|my|his|her|our|their|the) )", re.IGNORECASE
)


def count_subordinate(sentence: str) -> int:
    """How many clauses of a sentence hang on another: its subordinating words, "that" behind a verb alone."""
    words = re.findall(r"[a-z']+", sentence.lower().replace("’", "'"))
    found = 0
    for before, word in zip(["", *words], words, strict=False):
        if word == "that":
            found += before in words_for("telling")
        elif word in words_for("subordinators"):
            found += bool(before) or word not in {"which", "who", "whose", "where", "whether"}
    return found
