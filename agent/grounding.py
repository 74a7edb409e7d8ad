"""Answers that keep to the learner's material: the sentence that holds what was asked, or nothing.

Without a language model: each sentence of the passages is weighed by how many of the question's words stand
in it, in its passage and in its title, and by whether it has the kind of thing that is asked for. What is no
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
FITS: Final = 0.5
"""Weight of an answering sentence at least; set on half of the questions of `avaaz bench retrieval`."""
MOST_WORDS: Final = 45
"""Of an answer: what is longer is not said."""
MISSING: Final = 4
"""One of so many words of a question may be missing in a passage that answers it."""
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
_EMPTY: Final = frozenset({
    "a", "an", "the", "of", "to", "in", "on", "at", "for", "from", "by", "with", "and", "or", "but",
    "if", "is", "are", "was", "were", "be", "been", "being", "am", "do", "does", "did", "can", "could",
    "may", "might", "must", "should", "would", "will", "shall", "have", "has", "had", "i", "you", "he",
    "she", "it", "we", "they", "me", "my", "your", "our", "their", "his", "her", "its", "this", "that",
    "these", "those", "there", "here", "what", "which", "who", "whom", "whose", "when", "where", "why",
    "how", "many", "much", "long", "often", "far", "old", "tall", "not", "no", "any", "some", "so",
    "as", "than", "then", "up", "out", "about", "into", "over", "under", "please", "tell", "know",
    "think", "say", "said", "mean", "get", "us", "one", "s", "according",
})  # fmt: skip
_NUMBER: Final = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|"
    r"thousand|half|quarter|once|twice|third|percent|every|first|second|dozen|minute|walnut|nothing|free)\b",
    re.I,
)
_TIME: Final = re.compile(
    r"\b(?:\d+|o'clock|noon|midnight|morning|evening|night|day|week|month|year|before|after|until|when|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|"
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
_GOES_ON: Final = re.compile(r"(?:it|they|he|she|this|these|there)\b", re.I)
"""A sentence that begins so speaks of what the one before it named."""
_ENDINGS: Final = ("ation", "ing", "ed", "er", "ly")


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
    if not asked or not asks(question):
        return None
    best: tuple[float, Answered] | None = None
    for rank, passage in enumerate(passages):
        if passage.score < STRONG or not _names_all(question, passage):
            continue
        weight, said = _best_part(question, asked, passage)
        weight -= 0.02 * rank
        if said and weight >= FITS and (best is None or weight > best[0]):
            best = (weight, Answered(said, passage.source))
    return best[1] if best else None


def asks(text: str) -> bool:
    """Whether words are a question, however it is put."""
    return _ASKS.search(text.strip()) is not None


def quoted_in(answer: str, passages: Sequence[Passage]) -> list[Source]:
    """The sources of which a whole sentence stands in an answer."""
    return [
        one.source
        for one in passages
        if any(len(stems(sentence)) > 1 and sentence in answer for sentence in sentences_of(one.text))
    ]


def sentences_of(text: str) -> list[str]:
    """The sentences of a passage."""
    return [one.strip() for one in _SENTENCE.split(text) if one.strip()]


def rested_on(answer: str, passages: Sequence[Passage]) -> list[Source]:
    """The sources that an answer has used: those with which it shares enough words that tell something."""
    return [one.source for one in about(answer, passages)]


def about(text: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages with which a text shares enough words that tell something."""
    said = stems(text)
    return [one for one in passages if len(said & stems(one.text)) >= min(SHARED, max(1, len(said)))]


def stems(text: str) -> set[str]:
    """The words that tell something, without their endings."""
    return {_stem(word) for word in _words(text) if word not in _EMPTY}


def _words(text: str) -> Iterable[str]:
    return (word.lower().removesuffix("'s") for word in _WORD.findall(text))


def _stem(word: str) -> str:
    """A word without its ending, the same for its forms: stay, stays, stayed, staying."""
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word.rstrip("eiy") if len(word) > 3 else word


def _names_all(question: str, passage: Passage) -> bool:
    """Whether everybody and everything that the question names stands in the passage."""
    there = set(_words(f"{passage.source.title} {passage.text}"))
    return all(name.lower() in there for name in _NAME.findall(question))


def _best_part(question: str, asked: set[str], passage: Passage) -> tuple[float, str]:
    """The sentence, or the two together, that fit best, with their weight."""
    around = stems(f"{passage.source.title} {passage.text}")
    if len(asked - around) > len(asked) // MISSING:
        return 0.0, ""
    wanted = next((kind for when, kind in _KINDS if when.search(question)), None)
    best = (0.0, "")
    for part in _parts(sentences_of(passage.text)):
        text = " ".join(part)
        weight = 0.7 * len(asked & stems(text)) / len(asked) + 0.3 * len(asked & around) / len(asked)
        if wanted is not None and not wanted.search(text):
            weight -= 0.25
        weight -= 0.03 * (len(part) - 1)
        if len(text.split()) <= MOST_WORDS and weight > best[0]:
            best = (weight, text)
    return best


def _parts(sentences: list[str]) -> Iterable[list[str]]:
    """Each sentence that stands by itself, and each pair of neighbours."""
    for place, sentence in enumerate(sentences):
        if not _GOES_ON.match(sentence):
            yield [sentence]
        if place:
            yield [sentences[place - 1], sentence]


def main() -> None:
    """Answer questions with passages, a JSON object a line, for `avaaz bench retrieval`."""
    for line in sys.stdin:
        asked = json.loads(line)
        passages = [Passage.model_validate(one) for one in asked["passages"]]
        answered = answer_from(asked["question"], passages)
        sys.stdout.write(json.dumps({"answer": answered.text if answered else ""}) + "\n")


if __name__ == "__main__":
    main()
