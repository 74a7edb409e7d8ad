"""Accuracy and range of grammar: slips that the checker and the corrections found, structures, clauses.

Definitions:

- **slips in 100 words**, by category, each weighted by how much it disturbs a listener (slight 0.5, clear 1,
  obscuring 1.5) and by how sure its finder is; the density of errors of Wolfe-Quintero, Inagaki and Kim 1998.
- **share of units without a slip** of all speech units (error-free AS-units; units as in `clauses`).
- **clauses a unit**, and **subordinate clauses in 10 units** (Norris and Ortega 2009, "Towards an organic
  approach to investigating CAF").
- **structures**: which of the structures of `prompts/placement.yaml` were used, each with the level that it
  is usually learned at; the score of range is the mean of the six highest in units of levels.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from api.assessment.judging.clauses import count_clauses, count_subordinate, units
from api.assessment.judging.speech import Answer
from api.contract.corrections import Correction, CorrectionCategory, Severity
from api.contract.levels import Level
from api.memory.said import sentences, squeezed, words_of, written_out
from api.onboarding.placement import placement_file

COUNTED: Final = frozenset({CorrectionCategory.GRAMMAR, CorrectionCategory.WORD_CHOICE})
"""What is a slip of grammar or wording; register is no slip in an exam of these levels."""
WEIGHTS: Final = {Severity.SLIGHT: 0.5, Severity.CLEAR: 1.0, Severity.OBSCURING: 1.5}
HIGHEST: Final = 6
"""So many structures, the highest used, make the figure of range."""
LEVELS: Final = tuple(Level)


@dataclass(frozen=True)
class Used:
    """A structure where it was used."""

    key: str
    level: Level
    answer: Answer
    sentence: str


@dataclass(frozen=True)
class Slip:
    """A correction with the answer that it is of."""

    answer: Answer
    correction: Correction

    @property
    def weight(self) -> float:
        """How much it counts."""
        return WEIGHTS[self.correction.severity] * self.correction.confidence


@dataclass(frozen=True)
class Grammar:
    """The measures."""

    words: int
    units: int
    clean_units: int
    clauses: int
    subordinate: int
    slips: list[Slip]
    structures: list[Used]
    """Each once, the highest first."""

    def density(self, category: CorrectionCategory | None = None) -> float:
        """Weighted slips in 100 words, of one category or of all."""
        weights = (s.weight for s in self.slips if category is None or s.correction.category is category)
        return 100 * sum(weights) / self.words if self.words else 0.0

    @property
    def clean_share(self) -> float:
        """Share of units without a slip."""
        return self.clean_units / self.units if self.units else 0.0

    @property
    def clauses_a_unit(self) -> float:
        """Clauses in a unit."""
        return self.clauses / self.units if self.units else 0.0

    @property
    def subordination(self) -> float:
        """Subordinate clauses in 10 units."""
        return 10 * self.subordinate / self.units if self.units else 0.0

    @property
    def unit_words(self) -> float:
        """Words in a unit."""
        return self.words / self.units if self.units else 0.0

    @property
    def range(self) -> float:
        """Mean level of the highest structures used: 0 for none, 1 for A1, 4 for B2."""
        levels = [LEVELS.index(used.level) + 1 for used in self.structures][:HIGHEST]
        return sum(levels) / HIGHEST

    def of_level(self, level: Level) -> list[Used]:
        """Structures of a level that were used."""
        return [used for used in self.structures if used.level is level]

    @property
    def commonest(self) -> list[tuple[str, list[Slip]]]:
        """Slips by the rule that found them, the most frequent first."""
        counted = Counter(slip.correction.rule for slip in self.slips)
        return [
            (rule, [slip for slip in self.slips if slip.correction.rule == rule])
            for rule, _ in counted.most_common()
        ]


def measure(answers: Sequence[Answer]) -> Grammar:
    """The measures of some answers."""
    slips = [Slip(answer, one) for answer in answers for one in answer.corrections if one.category in COUNTED]
    every = [(answer, begin, unit) for answer in answers for begin, unit in _units(answer.heard.text)]
    clean = sum(not _has_slip(answer, begin, unit) for answer, begin, unit in every)
    return Grammar(
        words=sum(len(words_of(written_out(answer.heard.text))) for answer in answers),
        units=len(every),
        clean_units=clean,
        clauses=sum(count_clauses(unit) for _, _, unit in every),
        subordinate=sum(count_subordinate(unit) for _, _, unit in every),
        slips=slips,
        structures=_structures(answers),
    )


def _units(text: str) -> Iterator[tuple[int, str]]:
    """The speech units of a text of two words and more, with where they begin."""
    at = 0
    for sentence in sentences(text):
        for unit in units(sentence):
            begin = text.find(unit, at)
            at = begin + len(unit) if begin >= 0 else at
            if len(words_of(unit)) >= 2:
                yield max(begin, 0), unit


def _has_slip(answer: Answer, begin: int, unit: str) -> bool:
    end = begin + len(unit)
    return any(one.category in COUNTED and begin <= one.start < end for one in answer.corrections)


def _structures(answers: Sequence[Answer]) -> list[Used]:
    found: dict[str, Used] = {}
    for answer in answers:
        for sentence in sentences(answer.heard.text):
            plain = squeezed(written_out(sentence))
            for structure in placement_file().rules.structures:
                if structure.key not in found and structure.within(plain):
                    found[structure.key] = Used(structure.key, structure.level, answer, sentence)
    return sorted(found.values(), key=lambda used: (-LEVELS.index(used.level), used.key))
