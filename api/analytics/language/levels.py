"""The CEFR level of English words, as the library `cefrpy` knows them.

Its levels of common words come from the CEFR-J word list; those of other words it estimates from how often
they are written. Only the former count here: everything else is "beyond the list", which is said
plainly where it is shown. A word counts at the lowest level of its uses, and under its base form where that
is on the list.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from cefrpy import CEFRAnalyzer

LEVELS: Final = ("A1", "A2", "B1", "B2", "C")
_NUMBERED: Final = {1: "A1", 2: "A2", 3: "B1", 4: "B2", 5: "C", 6: "C"}
_ENDINGS: Final = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", ""),
    ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("est", ""),
)  # fmt: skip
_SHORTEST_STEM: Final = 3
_BASES: Final = {
    form: base
    for base, forms in {
        "be": "am are is was were been being",
        "do": "does did done doing",
        "go": "goes went gone going",
        "have": "has had having",
    }.items()
    for form in forms.split()
}
_PARTS: Final = {
    "n't": "not",
    "'m": "am",
    "'re": "are",
    "'ve": "have",
    "'ll": "will",
    "'d": "would",
    "'s": "",
}


@cache
def _list() -> CEFRAnalyzer:
    """The word list; reading it takes about a second."""
    return CEFRAnalyzer()


def parts_of(word: str) -> Iterator[str]:
    """The words of which a contraction is made; a word by itself otherwise."""
    for ending, whole in _PARTS.items():
        if word.endswith(ending) and len(word) > len(ending):
            yield {"wo": "will", "ca": "can", "sha": "shall"}.get(word[: -len(ending)], word[: -len(ending)])
            if whole:
                yield whole
            return
    yield word


@lru_cache(maxsize=50_000)
def base_and_level(word: str) -> tuple[str, str | None]:
    """The base form of a word in lower case, and its level; no level where it is not on the list."""
    found = [(level, len(form), form) for form in _forms(word) if (level := _listed(form)) is not None]
    if not found:
        return word, None
    level, _length, base = min(found)
    return base, _NUMBERED[level]


def _forms(word: str) -> Iterator[str]:
    yield _BASES.get(word, word)
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            yield stem + instead
            if not instead and stem[-1] == stem[-2] and len(stem) > _SHORTEST_STEM:
                yield stem[:-1]


def _listed(word: str) -> int | None:
    """The lowest level of the uses of a word that the list has; estimates are no whole numbers."""
    if not word.isascii() or not word.isalpha():
        return None
    uses = _list().get_all_pos_for_word_as_str(word)
    levels = [_list().get_word_pos_level_float(word, use) for use in uses if not use.startswith("NNP")]
    whole = [int(level) for level in levels if level is not None and level == int(level)]
    return min(whole, default=None)
