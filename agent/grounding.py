"""Answers that keep to the learner's material: the sentence that holds what was asked, or nothing.

Without a language model: each sentence of the passages is weighed by how many of the question's words stand in
it, in its passage and in its title, and by whether it has the kind of thing that is asked for. What is no
question, what asks for somebody or something that the passage does not name, and what no sentence fits well
enough, is not answered from the material.
"""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from api.contract.calls import Passage, Source

STRONG: Final = 0.35
"""Score of a passage below which nothing is answered from it."""
FITS: Final = 0.6
"""Weight of a sentence from which on it is an answer. Set on half of the questions of `avaaz bench retrieval`."""
MOST_WORDS: Final = 45
"""Of an answer: longer sentences are not said."""
SHARED: Final = 3
"""Words that an answer shares with a passage for it to count among the answer's sources."""
_ASKS: Final = re.compile(
    r"\?\s*$|^(?:(?:so|and|but|well|okay|um|uh|please)[, ]+)*"
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|do|does|did|can|could|may|must|should|until|"
    r"with|in|on|at|for|from|to|within|before|after|under|by|of|tell me|do you know)\b",
    re.I,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")
_WORD: Final = re.compile(r"[a-z0-9]+(?:'[a-z]+)?", re.I)
_NAME: Final = re.compile(r"(?<=[a-z,] )([A-Z][a-z]+)")
_EMPTY: Final = frozenset(
    "a an the of to in on at for from by with and or but if is are was were be been being am do does did can "
    "could may might must should would will shall have has had i you he she it we they me my your our their "
    "his her its this that these those there here what which who whom whose when where why how many much "
    "long often far old tall not no any some so as than then up out about into over under please tell know "
    "think say said mean get us one s according".split()
)
_NUMBER: Final = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|"
    r"thousand|half|quarter|once|twice|third|percent|every|first|second|dozen|minute|walnut|nothing|free)\b",
    re.I,
)
_TIME: Final = re.compile(
    r"\b(?:\d+|o'clock|noon|midnight|morning|evening|night|day|week|month|year|before|after|until|when|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|"
    r"august|september|october|november|december|one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|end|last|first|third|second|minutes?|hours?)\b",
    re.I,
)
_KINDS: Final = (
    (re.compile(r"\bhow (?:many|much|long|far|old|tall|often|high|fast|big|large|wide)\b", re.I), _NUMBER),
    (
        re.compile(r"\bwhat (?:does|do|is|share|percentage).*\b(?:cost|fine|price|share|percentage)\b", re.I),
        _NUMBER,
    ),
    (re.compile(r"\b(?:when|what time|which day|what day|which month|until what time)\b", re.I), _TIME),
)
_ENDINGS: Final = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ers",
    "ies",
    "ied",
    "ed",
    "es",
    "er",
    "ly",
    "s",
    "y",
    "e",
)


@dataclass(frozen=True)
class Answered:
    """A sentence of the material, and where it stands."""

    text: str
    source: Source


def answer_from(question: str, passages: Sequence[Passage]) -> Answered | None:
    """The sentence that answers a question; None where the passages do not hold it.

    Args:
        question: What the learner said.
        passages: What retrieval found, best first.
    """
    asked = stems(question)
    if not asked or not _ASKS.search(question.strip()):
        return None
    best: tuple[float, Answered] | None = None
    for rank, passage in enumerate(passages):
        if passage.score < STRONG or not _names_all(question, passage):
            continue
        weight, sentence = _best_sentence(question, asked, passage)
        weight -= 0.02 * rank
        if sentence and weight >= FITS and (best is None or weight > best[0]):
            best = (weight, Answered(sentence, passage.source))
    return best[1] if best else None


def rested_on(answer: str, passages: Sequence[Passage]) -> list[Source]:
    """The sources that an answer has used: those with which it shares enough words that tell something."""
    said = stems(answer)
    return [one.source for one in passages if len(said & stems(one.text)) >= min(SHARED, max(1, len(said)))]


def stems(text: str) -> set[str]:
    """The words that tell something, without their endings."""
    return {_stem(word) for word in _words(text) if word not in _EMPTY}


def _words(text: str) -> Iterable[str]:
    return (word.lower().removesuffix("'s") for word in _WORD.findall(text))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _names_all(question: str, passage: Passage) -> bool:
    """Whether everybody and everything that the question names stands in the passage."""
    there = set(_words(f"{passage.source.title} {passage.text}"))
    return all(name.lower() in there for name in _NAME.findall(question))


def _best_sentence(question: str, asked: set[str], passage: Passage) -> tuple[float, str]:
    around = stems(f"{passage.source.title} {passage.text}")
    wanted = next((kind for when, kind in _KINDS if when.search(question)), None)
    sentences = [one.strip() for one in _SENTENCE.split(passage.text) if one.strip()]
    best = (0.0, "")
    for place, sentence in enumerate(sentences):
        own = stems(sentence)
        before = stems(sentences[place - 1]) if place else set()
        weight = (0.6 * len(asked & own) + 0.15 * len(asked & before) + 0.4 * len(asked & around)) / len(
            asked
        )
        if wanted is not None:
            weight += 0.1 if wanted.search(sentence) else -0.25
        if len(sentence.split()) <= MOST_WORDS and weight > best[0]:
            best = (weight, sentence)
    return best


def main() -> None:
    """Answer questions with passages, a JSON object a line, for `avaaz bench retrieval`."""
    for line in sys.stdin:
        asked = json.loads(line)
        passages = [Passage.model_validate(one) for one in asked["passages"]]
        answered = answer_from(asked["question"], passages)
        sys.stdout.write(json.dumps({"answer": answered.text if answered else ""}) + "\n")


if __name__ == "__main__":
    main()
