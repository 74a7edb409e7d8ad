"""A sentence as the rules see it: words with the kinds they can be of where they stand."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from infra.models.learner_rules.lexicon import lexicon

_TOKEN: Final = re.compile(r"\d+(?:[.:,]\d+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?|\S")
_SENTENCE: Final = re.compile(r"[^.!?\n]+(?:[.!?]+|\n|$)|[.!?]+")
_PARTS: Final = re.compile(r"(?i)^(.+?)(n['’]t|['’](?:m|re|ve|ll|d|s))$")
_WHOLE: Final = {"ca": "can", "wo": "will", "sha": "shall"}


@dataclass(slots=True, eq=False)
class Token:
    """A word, a part of a contraction, or a mark.

    `start` and `end` are its place in the text; a token that a rule wrote has neither, but the rule's number.
    """

    surface: str
    word: str
    space: str
    start: int = -1
    end: int = -1
    rule: int = -1

    @property
    def is_new(self) -> bool:
        """Whether a rule wrote it."""
        return self.start < 0


def _closed() -> dict[str, frozenset[str]]:
    listed: dict[str, str] = yaml.safe_load((Path(__file__).parent / "closed.yaml").read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for tag, words in listed.items():
        for word in words.split():
            found.setdefault(word, set()).add(tag)
    return {word: frozenset(tags) for word, tags in found.items()}


_CLOSED_TAGS: Final = _closed()
_ORDINALS: Final = frozenset({"first", "second", "third", "fourth", "fifth", "next", "last"})


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends."""
    return [match.span() for match in _SENTENCE.finditer(text)]


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of one sentence of a text."""
    found: list[Token] = []
    last = start
    for match in _TOKEN.finditer(text, start, end):
        space = text[last : match.start()]
        last = match.end()
        word = match.group()
        parts = _PARTS.match(word)
        if parts is None or word.lower() in {"let's", "o'clock"}:
            if word.endswith(("'", "’")) and len(word) > 1:
                found.append(_token(word[:-1], space, match.start()))
                found.append(_token(word[-1], "", match.end() - 1))
            else:
                found.append(_token(word, space, match.start()))
            continue
        cut = match.start() + parts.end(1)
        found.append(_token(parts[1], space, match.start()))
        found.append(_token(parts[2], "", cut))
    return found


def _token(surface: str, space: str, start: int) -> Token:
    word = surface.lower().replace("’", "'")
    return Token(surface, _WHOLE.get(word, word), space, start, start + len(surface))


def written(text: str, rule: int) -> list[Token]:
    """The tokens of what a rule says."""
    return [Token(token.surface, token.word, token.space, rule=rule) for token in tokens(text, 0, len(text))]


def tagged(words: list[Token]) -> list[set[str]]:
    """The kinds of each token, those that its neighbours rule out left away."""
    kinds = [_kinds(token, index) for index, token in enumerate(words)]
    for index in range(len(words)):
        _narrow(words, kinds, index)
    return kinds


def _kinds(token: Token, index: int) -> set[str]:
    word = token.word
    if not (word[0].isalnum() or (word[0] == "'" and len(word) > 1)):
        return _mark(word)
    found = {"W", *lexicon().tags(word), *_CLOSED_TAGS.get(word, ()), *_of_numbers(word)}
    if len(found) == 1:
        found |= {"UNK", "NAME"} if index and token.surface[0].isupper() else {"UNK"} | _guessed(word)
    if token.surface[0].isupper():
        found.add("CAP")
    if word in lexicon().wrong_forms:
        found.add("WRONGFORM")
    if word in lexicon().wrong_plurals:
        found.add("WRONGPLURAL")
    if word[0] in "aeiou":
        found.add("VOWEL")
    return found


def _of_numbers(word: str) -> set[str]:
    if word[0].isdigit():
        return {"ORD"} if word[-1].isalpha() else {"NUM", "DIGITS"}
    if "-" in word and "TENS" in _CLOSED_TAGS.get(word.partition("-")[0], ()):
        return {"NUM"}
    return {"ORD"} if word in _ORDINALS else set()


_PROPER: Final = frozenset({"CITY", "COUNTRY", "DAY", "MONTH", "LANG"})


def is_common(word: str) -> bool:
    """Whether a word is written small within a sentence."""
    return word in _CLOSED_TAGS or (bool(lexicon().tags(word)) and not lexicon().tags(word) & _PROPER)


def _mark(word: str) -> set[str]:
    if word in ",;:–—":
        return {"PUNCT", "COMMA"}
    if word in ".!?":
        return {"PUNCT", "END", *({"QM"} if word == "?" else ())}
    return {"PUNCT", "APOS"} if word in "'’" else {"PUNCT"}


def _guessed(word: str) -> set[str]:
    """Kinds of a word that is not known, by its ending."""
    if word.endswith("ly"):
        return {"RB"}
    if word.endswith(("tion", "sion", "ment", "ship", "ance", "ence")):
        return {"N", "NNGUESS"}
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return {"NNSGUESS"}
    return set()


_NOMINAL: Final = frozenset(
    {"NN", "NNS", "N", "MASS", "THING", "PERSON", "JOB", "TIME", "TIMES", "JJ", "BODY"}
)
_ALSO_CONJUNCTIONS: Final = frozenset({"before", "after", "since", "until", "like", "than", "as", "to"})
_DETERMINES: Final = frozenset({"ART", "POSS"})


def _narrow(words: list[Token], kinds: list[set[str]], index: int) -> None:
    here = kinds[index]
    if "V" not in here or "BE" in here or "HAVE" in here or "DO" in here:
        return
    back = index - 1
    while back > 0 and "RB" in kinds[back] and words[back].word != "to" and "NOT" not in kinds[back]:
        back -= 1
    before = kinds[back] if back >= 0 else set()
    nominal = bool(here & {"NN", "NNS", "MASS"})
    if "MD" in before or _is_negated(kinds, back):
        here -= _NOMINAL
    elif "TO" in before:
        if "VB" in here:
            here -= _NOMINAL
    elif before & {"SUBJ"} and words[back].word not in {"you", "it"}:
        here -= _NOMINAL
    elif nominal and _after_determiner(words, kinds, index - 1):
        here -= {"VB", "VBZ", "V"} if not here & {"VBG", "VBN", "VBD"} else {"VB", "VBZ"}
    elif nominal and "PREP" in before and words[back].word not in _ALSO_CONJUNCTIONS:
        here -= {"VB", "VBZ"}


def _is_negated(kinds: list[set[str]], back: int) -> bool:
    return back > 0 and "NOT" in kinds[back] and bool(kinds[back - 1] & {"DO", "MD"})


def _after_determiner(words: list[Token], kinds: list[set[str]], at: int) -> bool:
    while at > 0 and "JJ" in kinds[at] and not kinds[at] & {"VB", "SUBJ"}:
        at -= 1
    if at < 0:
        return False
    return bool(kinds[at] & _DETERMINES) and not (words[at].word == "her" and "V" in kinds[at])


_STRUCTURE: Final = str.maketrans("", "", "<>~")


def encoded(words: list[Token]) -> tuple[str, list[int]]:
    """The sentence as one string for the rules' expressions, and where each of its tokens begins there.

    A token is `<word~.KIND.KIND.>`; one of kind START comes first (not counted), one of kind END closes it.
    """
    parts, starts, at = ["<~.START.>"], [], len("<~.START.>")
    for token, kinds in zip(words, tagged(words), strict=True):
        part = f"<{token.word.translate(_STRUCTURE)}~.{'.'.join(sorted(kinds))}.>"
        parts.append(part)
        starts.append(at)
        at += len(part)
    starts.append(at)
    if not words or words[-1].word not in ".!?":
        parts.append("<~.END.>")
    return "".join(parts), starts
