"""What a lesson can use of a document without a language model: sentences to quote, and what they are about.

Everything here is quoted as it stands, or passed over: a document's words are material and never instruct.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from cefrpy import CEFRAnalyzer
from pydantic import BaseModel, ConfigDict

import prompts
from api.contract.levels import Level

MOST_CHARACTERS: Final = 120_000
"""Of a document that are looked at; a lesson needs a few sentences of it."""

MOST_EXCERPTS: Final = 6
SENTENCE_WORDS: Final = range(6, 25)
SENTENCE_CHARACTERS: Final = 180
KEY_CHARACTERS: Final = 40
_TITLE_CHARACTERS: Final = 60
_KEY_WORDS: Final = 3
_NOUNS: Final = frozenset({"NN", "NNS", "NNP", "NNPS"})
_VERBS: Final = frozenset({"VB", "VBZ", "VBP", "VBD", "VBN"})
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_RUN_END = re.compile(r"[^A-Za-z'’\s-]")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[\"“‘'(]*[A-Z])")
_LETTERS: Final = 0.75


@dataclass(frozen=True)
class Excerpt:
    """A sentence of a document, and the word or short phrase in it that it can be asked about."""

    key: str
    sentence: str
    about: str
    """The key as it is talked about: with "the" where the document has an article before it."""


@dataclass(frozen=True)
class Material:
    """What a lesson may use, in the order of the document."""

    title: str
    excerpts: Sequence[Excerpt] = field(default_factory=tuple)

    @property
    def keys(self) -> list[str]:
        """The words that the excerpts are about."""
        return [one.key for one in self.excerpts]


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    common: str
    articles: str
    leading: str
    following: str
    leaning: str
    passed_over: list[str]


@dataclass(frozen=True)
class _Around:
    """Which words may stand around a noun."""

    articles: frozenset[str]
    leading: frozenset[str]
    following: frozenset[str]


@dataclass(frozen=True)
class _Sentence:
    text: str
    words: tuple[str, ...]
    """As they are written."""


@dataclass(frozen=True)
class _Key:
    text: str
    known: bool
    """Whether an article, or a word like one, stands before it."""

    @property
    def words(self) -> set[str]:
        return set(self.text.lower().split())


@cache
def _common() -> frozenset[str]:
    return frozenset(_words().common.split())


@cache
def _leaning() -> frozenset[str]:
    return frozenset(_words().leaning.split())


@cache
def _around() -> _Around:
    words = _words()
    articles = frozenset(words.articles.split())
    return _Around(articles, articles | set(words.leading.split()), frozenset(words.following.split()))


@cache
def _passed_over() -> re.Pattern[str]:
    return re.compile("|".join(_words().passed_over), re.IGNORECASE)


@cache
def _words() -> _Words:
    return prompts.load("authoring/words").parse(_Words)


@cache
def _profile() -> CEFRAnalyzer:
    return CEFRAnalyzer()


def speaks_to_reader(text: str) -> bool:
    """Whether a text talks to a reader or a machine, as instructions hidden in a document do."""
    return _passed_over().search(text) is not None


def title_of(name: str) -> str:
    """A document's name as the title of a lesson: without its ending, on one line, short, harmless.

    Empty where nothing sayable is left.
    """
    bare = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name.strip())
    said = " ".join(re.sub(r"[^\w\s'’&:,.!?()-]|_", " ", bare).split()).strip(" .,:-")
    if speaks_to_reader(said) or not re.search(r"[^\W\d_]", said):
        return ""
    if len(said) <= _TITLE_CHARACTERS:
        return said
    return said[:_TITLE_CHARACTERS].rsplit(" ", 1)[0].rstrip(" .,:-")


def material_of(title: str, texts: Sequence[str], most: int = MOST_EXCERPTS) -> Material:
    """The sentences of a document, or several, that stand for it best, in its order.

    Args:
        title: The document's name.
        texts: Its text in order, in pieces that may overlap.
        most: How many sentences are wanted; there may be fewer, or none.
    """
    sentences = _sentences(texts)
    scores = _scored_keys(sentences)
    return Material(title_of(title), tuple(_spread(sentences, scores, most)))


def word_level(word: str, most: Level) -> Level:
    """The level at which learners usually meet a word, at most `most`; `most` where nobody knows."""
    levels = [_profile().get_average_word_level_CEFR(one.lower()) for one in _WORD.findall(word)]
    known = [Level(str(one)) for one in levels if one is not None and str(one) in set(Level)]
    return max([*known, Level.A1]) if known and max(known) <= most else most


def _sentences(texts: Sequence[str]) -> list[_Sentence]:
    found: dict[str, _Sentence] = {}
    left = MOST_CHARACTERS
    for text in texts:
        for part in re.split(r"\n\s*\n", text[:left]):
            for one in _SENTENCE_END.split(" ".join(part.split())):
                sentence = _Sentence(one.strip(), tuple(_WORD.findall(one)))
                found.setdefault(" ".join(sentence.words).lower(), sentence)
        left -= len(text)
        if left <= 0:
            break
    return list(found.values())


def _is_quotable(sentence: _Sentence) -> bool:
    text = sentence.text
    return (
        len(sentence.words) in SENTENCE_WORDS
        and len(text) <= SENTENCE_CHARACTERS
        and text[0].isupper()
        and text[-1] in ".!"
        and sum(one.isalpha() or one == " " for one in text) >= _LETTERS * len(text)
        and sentence.words[0].lower() not in _leaning()
        and not speaks_to_reader(text)
    )


def _scored_keys(sentences: Sequence[_Sentence]) -> Counter[str]:
    """Short phrases of the document, and how much it is about each."""
    times: Counter[str] = Counter()
    for sentence in sentences:
        times.update(key.text for key in _candidates(sentence))
    return Counter({key: count * (1 + 0.6 * key.count(" ")) for key, count in times.items()})


def _candidates(sentence: _Sentence) -> Iterator[_Key]:
    for run, before in _runs(sentence.text):
        for start in range(len(run)):
            led = start > 0 or before in _around().leading
            for end in range(start + 1, min(len(run), start + _KEY_WORDS) + 1):
                whole = end == len(run) or not _is_noun(run[end])
                key = " ".join(run[start:end])
                if led and whole and len(key) <= KEY_CHARACTERS and _can_be_asked_about(run[start:end]):
                    yield _Key(key, known=before in _around().articles)


def _runs(text: str) -> Iterator[tuple[list[str], str]]:
    """Words that stand together with no common one among them, and the word before them."""
    for clause in _RUN_END.split(text):
        run: list[str] = []
        before = ""
        for word in [*_WORD.findall(clause), ""]:
            if word and word.lower() not in _common():
                run.append(word)
                continue
            if run:
                yield _without_verb(run, word.lower()), before
            run, before = [], word.lower()


def _without_verb(run: list[str], after: str) -> list[str]:
    """A run without a last word that is more likely the sentence's verb: "compost keeps | the soil"."""
    may_be_verb = len(run) > 1 and bool(_kinds(run[-1]) & _VERBS)
    return run[:-1] if may_be_verb and after and after not in _around().following else run


def _can_be_asked_about(words: Sequence[str]) -> bool:
    """Whether words are, or end in, a noun: something that follows "about" well."""
    return (
        all(len(word) > 2 for word in words)
        and _is_noun(words[-1])
        and all(_is_noun(word) or _is_modifier(word) for word in words[:-1])
    )


@cache
def _kinds(word: str) -> frozenset[str]:
    return frozenset(str(one) for one in _profile().get_all_pos_for_word_as_str(word.lower()) or ())


def _is_noun(word: str) -> bool:
    kinds = _kinds(word)
    if kinds:
        return bool(kinds & _NOUNS) and not word.lower().endswith("ing")
    return not word.lower().endswith(("ly", "ed", "ing"))


def _is_modifier(word: str) -> bool:
    return "JJ" in _kinds(word)


def _spread(sentences: Sequence[_Sentence], scores: Counter[str], most: int) -> Iterator[Excerpt]:
    """The best sentence of each part of the document, each about something else."""
    quotable = [one for one in sentences if _is_quotable(one)]
    parts = min(most, len(quotable))
    taken: set[str] = set()
    for part in range(parts):
        start, end = part * len(quotable) // parts, (part + 1) * len(quotable) // parts
        best = _best(quotable[start:end], scores, taken)
        if best is not None:
            taken.update(best.key.lower().split())
            yield best


def _best(sentences: Sequence[_Sentence], scores: Counter[str], taken: set[str]) -> Excerpt | None:
    found: tuple[float, Excerpt] | None = None
    for sentence in sentences:
        keys = [key for key in _candidates(sentence) if not taken & key.words]
        if not keys:
            continue
        key = max(keys, key=lambda one: scores[one.text])
        worth = sum(scores[one.text] for one in keys) / len(sentence.words)
        if found is None or worth > found[0]:
            about = f"the {key.text}" if key.known else key.text
            found = (worth, Excerpt(key.text, sentence.text, about))
    return found[1] if found else None
