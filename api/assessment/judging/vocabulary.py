"""Range of vocabulary: different words by level, and how soon words come again.

Definitions:

- **profile**: share of the different words, in their base forms, that are at each level of the list which the
  product shows words by (`api.analytics.language.levels`, CEFR-J).
- **reach**: the mean level of the twelve highest different words, 1 for A1 to 5 for C; words that are not on
  the list, and names, count nowhere.
- **MTLD** (McCarthy and Jarvis 2010, "MTLD, vocd-D, and HD-D"): mean length of runs of words whose type-token
  ratio stays above 0.72, forwards and backwards. Not told of fewer than 50 words.
- **Guiraud's index**: different words over the square root of all words (Guiraud 1954).
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from api.analytics.language.levels import LEVELS, base_and_level, parts_of
from api.assessment.judging.rules import rules, words_for
from api.assessment.judging.speech import Answer

RATIO: Final = 0.72
"""The type-token ratio at which a run of MTLD ends."""
LEAST_FOR_MTLD: Final = 50
HIGHEST: Final = 12
"""So many different words, the highest used, make the figure of reach."""
SHORTEST: Final = 3
"""Letters of a word whose level tells something."""


@dataclass(frozen=True)
class Token:
    """A word said, by its base form, with its level where the list has it."""

    base: str
    level: str | None
    answer: Answer
    index: int
    """Place among the answer's heard words."""


@dataclass(frozen=True)
class Vocabulary:
    """The measures."""

    tokens: list[Token]

    @property
    def types(self) -> dict[str, Token]:
        """Different words, each where it was said first."""
        found: dict[str, Token] = {}
        for token in self.tokens:
            found.setdefault(token.base, token)
        return found

    @property
    def levels(self) -> Counter[str]:
        """How many different words of each level were said."""
        return Counter(token.level for token in self.types.values() if token.level is not None)

    def share_from(self, level: str) -> float:
        """Share of the different words on the list that are of a level or of a higher one."""
        levels = self.levels
        above = sum(levels[one] for one in LEVELS[LEVELS.index(level) :])
        return above / levels.total() if levels.total() else 0.0

    @property
    def highest(self) -> list[Token]:
        """The different words of the highest levels, the highest first."""
        known = [token for token in self.types.values() if token.level and len(token.base) >= SHORTEST]
        return sorted(known, key=lambda token: -LEVELS.index(token.level or "A1"))[:HIGHEST]

    @property
    def reach(self) -> float:
        """Mean level of the highest words: 0 for none, 1 for A1, 5 for C."""
        return sum(LEVELS.index(token.level or "A1") + 1 for token in self.highest) / HIGHEST

    @property
    def guiraud(self) -> float:
        """Different words over the square root of all."""
        return len(self.types) / math.sqrt(len(self.tokens)) if self.tokens else 0.0

    @property
    def mtld(self) -> float | None:
        """MTLD of the words in order; None of too few."""
        words = [token.base for token in self.tokens]
        return mtld(words) if len(words) >= LEAST_FOR_MTLD else None

    @property
    def known_share(self) -> float:
        """Share of all words that the list knows."""
        known = sum(token.level is not None for token in self.tokens)
        return known / len(self.tokens) if self.tokens else 0.0

    @property
    def overused(self) -> list[tuple[str, int]]:
        """Words of content said very often: at least five times, and one in twelve of all."""
        counts = Counter(
            token.base
            for token in self.tokens
            if token.base not in words_for("common") and len(token.base) > 2
        )
        most = max(5, len(self.tokens) // 12)
        return [(word, count) for word, count in counts.most_common(3) if count >= most]


def measure(answers: Sequence[Answer]) -> Vocabulary:
    """The words of some answers."""
    return Vocabulary([token for answer in answers for token in _tokens(answer)])


def _tokens(answer: Answer) -> Iterator[Token]:
    for index, word in enumerate(answer.heard.words):
        if word.bare in words_for("fillers"):
            continue
        name = index > 0 and word.text[:1].isupper() and not answer.heard.words[index - 1].closes
        for part in parts_of(word.bare):
            if not re.fullmatch(r"[a-z]+(?:[-'][a-z]+)*", part):
                continue
            base, level = base_and_level(rules().irregular.get(part, part))
            is_name = name and part not in {"i", "english"}
            yield Token(base, None if is_name else level, answer, index)


def mtld(words: Sequence[str]) -> float:
    """Mean of the forward and the backward measure."""
    return (_one_way(words) + _one_way(list(reversed(words)))) / 2


def _one_way(words: Sequence[str]) -> float:
    """Words a factor; what is left at the end counts as the part of a factor that it fills."""
    factors, seen, length = 0.0, set[str](), 0
    ratio = 1.0
    for word in words:
        length += 1
        seen.add(word)
        ratio = len(seen) / length
        if ratio <= RATIO:
            factors, seen, length, ratio = factors + 1, set(), 0, 1.0
    if length:
        factors += (1 - ratio) / (1 - RATIO)
    return len(words) / factors if factors else float(len(words))
