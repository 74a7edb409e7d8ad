"""Finding one clear slip in a learner's words, and the sentence in which the coach says it well.

A slip is reported only when a pattern of `prompts/guided/recasts.yaml` is sure; the words around it are
said back only as far as they are plain words. A wrong correction is worse than none.
"""

import re
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

import prompts
from agent.guided_content import Pattern, compiled
from agent.guided_hearing import plain

_SWAP = {
    "my": "your",
    "our": "your",
    "me": "you",
    "i": "you",
    "mine": "yours",
    "am": "are",
    "us": "you",
    "we": "you",
}
_LINKS = frozenset(
    {"and", "but", "because", "so", "then", "when", "that", "which", "who", "if", "where", "yesterday"}
)
_NO_END = frozenset(
    {
        "a",
        "an",
        "the",
        "my",
        "your",
        "his",
        "her",
        "our",
        "their",
        "in",
        "on",
        "at",
        "to",
        "with",
        "for",
        "from",
        "of",
        "by",
        "very",
        "so",
        "some",
        "many",
    }
)
_HANGING = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "wants",
        "want",
        "likes",
        "like",
        "loves",
        "love",
        "enjoy",
        "needs",
        "need",
        "makes",
        "make",
        "made",
        "takes",
        "take",
        "took",
        "gets",
        "get",
        "got",
        "bought",
        "buy",
        "met",
        "meet",
        "saw",
        "found",
        "find",
        "gave",
        "give",
        "visited",
        "visit",
        "left",
        "to",
    ]
)
"""Words that leave a sentence unfinished when nothing follows."""
_MAX_TAIL = 5
_MAX_RECAST = 90
"""Characters of the longest recast."""
_ADVERB = re.compile(r"^((?:very |so )?)good$")
"""Said of how somebody does a thing: "cooks very good"."""


class _Slip(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    when: Pattern = Field(alias="if")
    unless: Pattern | None = None
    say: str


class _Slips(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    version: int
    slips: tuple[_Slip, ...]
    maps: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Recast:
    """A slip and the sentence that says it well."""

    rule: str
    text: str


class Recasts:
    """The learner's slips that are sure enough to recast. `plain_words` may be said back; `names` take
    capitals."""

    def __init__(self, plain_words: frozenset[str], names: str) -> None:
        self._data = prompts.load("guided/recasts").parse(_Slips)
        self._words = plain_words
        self._names = compiled(names)
        self._tail_ending = frozenset(self._data.maps["third"]) | {"is", "are", "was"}

    def find(self, text: str) -> Recast | None:
        """The first sure slip in a turn, or None. A learner who corrects herself is not corrected again."""
        said = plain(text)
        if compiled("i mean|no sorry|sorry no|or rather").search(said):
            return None
        for slip in self._data.slips:
            match = compiled(slip.when).search(said)
            if match is None or (slip.unless and compiled(slip.unless).search(said)):
                continue
            sentence = self._say(slip, match, said)
            if sentence:
                return Recast(slip.id, sentence)
        return None

    def _say(self, slip: _Slip, match: re.Match[str], said: str) -> str | None:
        def fill(hole: re.Match[str]) -> str:
            name, _, mapping = hole.group(1).partition("|")
            if name == "tail":
                rest = self.tail(said[match.end() :])
                return _ADVERB.sub(r"\1well", rest) or ("it" if mapping == "it" else "")
            if name == "born":
                return self.tail(said[match.end() - 2 :])
            value = (match.group(int(name) + 1) if match.re.groups > int(name) else match.group()) or ""
            return self._mapped(mapping, value)

        sentence = " ".join(re.sub(r"\{([\w|]+)\}", fill, slip.say).split())
        sentence = self.proper(re.sub(r"\s+([.,])", r"\1", sentence))
        if sentence.startswith("So ") and sentence.rstrip(".").split()[-1] in _HANGING:
            return None
        return sentence if len(sentence) <= _MAX_RECAST else None

    def proper(self, sentence: str) -> str:
        """Names of places and days with their capitals."""
        return self._names.sub(lambda found: found.group().title(), sentence)

    def _mapped(self, mapping: str, value: str) -> str:
        if not mapping:
            return value
        if mapping == "your":
            return re.sub(r"^my ", "your ", value)
        if mapping == "mine":
            return turned(value) if not value.endswith(" ") else turned(value) + " "
        return self._data.maps.get(mapping, {}).get(value.strip(), value)

    def tail(self, rest: str, *, whole: bool = False) -> str:
        """As much of the words as is safe to say back, seen from the coach; possibly nothing. With `whole`
        it is all of them or nothing, and `and` may join them."""
        kept: list[str] = []
        for word in rest.split()[:_MAX_TAIL]:
            if whole and word == "and":
                kept.append(word)
                continue
            if word in _LINKS:
                if whole:
                    return ""
                break
            if word not in self._words and not word.isdigit() and word not in _SWAP:
                return ""
            kept.append(word)
        else:
            if len(rest.split()) > _MAX_TAIL and rest.split()[_MAX_TAIL] not in _LINKS:
                return ""
        if not kept or kept[-1] in _NO_END or any(word in self._tail_ending for word in kept):
            return ""
        return turned(" ".join(kept))


def turned(words: str) -> str:
    """The same words from the other side of the table: `my` becomes `your`; a leading space is kept."""
    lead = " " if words.startswith(" ") else ""
    return lead + " ".join(_SWAP.get(word, word) for word in words.split())
