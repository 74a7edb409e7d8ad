"""How what is said hangs together and belongs to the task, from the words.

Definitions:

- **markers**: words and phrases that join ideas (`prompts/assessment/rules.yaml`), each with what it does and
  the level at which it is expected; "and" and "but" are among them. The range of markers is the mean level of
  the six highest different ones; their variety is how many of seven jobs they do.
- **referring back**: share of sentences, from an answer's second on, that take up the one before: by a word
  that refers ("it", "this", "they") or by a word of content said there (referential cohesion, Graesser et al.
  2004, "Coh-Metrix").
- **relevance**: how many different words of the task's list were said, against how many an answer of that
  length is expected to hold: one in every 25 words, at least 2 and at most 4. By part, weighted by words.
- **answer length**: words that the learner says before somebody else speaks, the mean of the longer half.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from api.analytics.language.levels import base_and_level, parts_of
from api.assessment.judging.fluency import stretches
from api.assessment.judging.rules import LEVELS, marking, rules, words_for
from api.assessment.judging.speech import Answer, Material, Part
from api.contract.levels import Level
from api.memory.said import sentences, squeezed, words_of, written_out

HIGHEST: Final = 6
WORDS_A_HIT: Final = 25
LEAST_HITS: Final = 2
MOST_HITS: Final = 4
JOBS: Final = 7


@dataclass(frozen=True)
class Marker:
    """A marker where it was said first."""

    words: str
    function: str
    level: Level
    answer: Answer
    sentence: str


@dataclass(frozen=True)
class Relevance:
    """How an answer to a part's task belongs to it."""

    part: Part
    words: int
    hits: list[str]

    @property
    def expected(self) -> int:
        """How many words of the task's list an answer of this length is expected to hold."""
        return max(LEAST_HITS, min(MOST_HITS, self.words // WORDS_A_HIT, len(self.part.task.words)))

    @property
    def value(self) -> float:
        """0 to 1."""
        return min(1.0, len(self.hits) / self.expected)


@dataclass(frozen=True)
class Coherence:
    """The measures."""

    words: int
    markers: list[Marker]
    """Each once, the highest level first."""
    marker_count: int
    linked: int
    linkable: int
    relevance: list[Relevance]
    lengths: list[int]
    """Words of each answer, until somebody else spoke."""

    @property
    def marker_range(self) -> float:
        """Mean level of the highest markers: 0 for none, 1 for A1, 4 for B2."""
        return sum(LEVELS.index(marker.level) + 1 for marker in self.markers[:HIGHEST]) / HIGHEST

    @property
    def jobs(self) -> int:
        """How many kinds of joining there are."""
        return len({marker.function for marker in self.markers})

    @property
    def density(self) -> float:
        """Markers in 100 words."""
        return 100 * self.marker_count / self.words if self.words else 0.0

    @property
    def referring(self) -> float | None:
        """Share of sentences that take up the one before; None where no answer had two."""
        return self.linked / self.linkable if self.linkable else None

    @property
    def on_task(self) -> float:
        """Relevance of all parts, weighted by words."""
        words = sum(one.words for one in self.relevance)
        return sum(one.value * one.words for one in self.relevance) / words if words else 0.0

    @property
    def answer_words(self) -> float:
        """Mean length of the longer half of the answers."""
        longer = sorted(self.lengths, reverse=True)[: max(1, (len(self.lengths) + 1) // 2)]
        return sum(longer) / len(longer) if longer else 0.0


def measure(material: Material) -> Coherence:
    """The measures of all answers."""
    answers = material.answers
    found, count = _markers(answers)
    linked, linkable = _links(answers)
    return Coherence(
        words=sum(len(words_of(answer.heard.text)) for answer in answers),
        markers=found,
        marker_count=count,
        linked=linked,
        linkable=linkable,
        relevance=[
            relevance(part, material.of_part(part.key))
            for part in material.parts
            if material.of_part(part.key)
        ],
        lengths=[len(stretch.words) for stretch in stretches(answers)],
    )


def relevance(part: Part, answers: Sequence[Answer]) -> Relevance:
    """How some answers belong to their part's task."""
    text = " ".join(answer.heard.text for answer in answers)
    said = bases(text)
    plain = f" {squeezed(text)} "
    hits = [word for word in _expected(part) if _base(word) in said or f" {squeezed(word)} " in plain]
    return Relevance(part, len(words_of(text)), hits)


def _expected(part: Part) -> list[str]:
    """The task's list, and the words of content of its title, topic, points and questions; each base once."""
    task = part.task
    told = words_of(" ".join((task.title, task.topic, *task.points, *task.questions)))
    own = {_base(word) for word in part.task.words}
    more = {base for word in told if (base := _base(word)) not in own | words_for("common")}
    return [*part.task.words, *sorted(more)]


def bases(text: str) -> set[str]:
    """The base forms of a text's words."""
    return {_base(part) for word in words_of(text) for part in parts_of(word.replace("’", "'"))}


@lru_cache(maxsize=20_000)
def _base(word: str) -> str:
    lower = word.lower()
    return base_and_level(rules().irregular.get(lower, lower))[0]


def _markers(answers: Sequence[Answer]) -> tuple[list[Marker], int]:
    found: dict[str, Marker] = {}
    count = 0
    for answer in answers:
        for sentence in sentences(answer.heard.text):
            left = squeezed(written_out(sentence))
            for words, function, level, pattern in marking():
                left, times = pattern.subn(" | ", left)
                count += times
                if times:
                    found.setdefault(words, Marker(words, function, level, answer, sentence))
    return sorted(found.values(), key=lambda one: (-LEVELS.index(one.level), one.words)), count


def _links(answers: Sequence[Answer]) -> tuple[int, int]:
    """Of how many sentences that follow another one in the same stretch, how many take it up."""
    linked = linkable = 0
    for stretch in stretches(answers):
        said = [part for answer in stretch.answers for part in sentences(answer.heard.text)]
        for before, sentence in pairwise(said):
            linkable += 1
            refers = re.search(rf"\b(?:{rules().referring})\b", squeezed(sentence)) is not None
            linked += refers or bool(bases(before) & bases(sentence) - words_for("common"))
    return linked, linkable
