"""What was to be said: words as written, with phones by the dictionary or as the caller gives them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from infra.models.pronounce import Pronunciations, spoken

VOWELS: Final = frozenset(re.findall(r"\w+", "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"))
_CONSONANTS: Final = frozenset(re.findall(r"\w+", "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"))
PHONES: Final = tuple(sorted(VOWELS | _CONSONANTS))
INDEX: Final = {phone: at for at, phone in enumerate(PHONES)}
_STRESS: Final = re.compile(r"\d$")


class UnknownPhoneError(ValueError):
    """A phone that is not ARPAbet's."""


@dataclass(frozen=True, slots=True)
class MeantWord:
    """A word as written, its ARPAbet phones without stress, and its place in the text."""

    text: str
    phones: tuple[str, ...]
    at: int
    variants: tuple[tuple[str, ...], ...] = ()
    """Other phones by which it may as well be said."""


def meant(text: str, pronunciations: Pronunciations, phones: Sequence[str] = ()) -> list[MeantWord]:
    """The words of `text` that can be spoken; `phones`, where given, are dealt out among them.

    Raises:
        UnknownPhoneError: one of `phones` is no ARPAbet phone.
    """
    words = [_by_dictionary(word, at, pronunciations) for at, word in enumerate(text.split())]
    words = [word for word in words if word.phones]
    given = [_STRESS.sub("", phone.upper()) for phone in phones]
    for phone in given:
        if phone not in INDEX:
            raise UnknownPhoneError(f"'{phone[:8]}' is no ARPAbet phone")
    return _dealt_out(words, given) if given and words else words


def _by_dictionary(word: str, at: int, pronunciations: Pronunciations) -> MeantWord:
    names = spoken(word)
    phones = tuple(phone for name in names for phone in pronunciations.phones(name))
    variants = pronunciations.variants(names[0]) if len(names) == 1 else []
    return MeantWord(word, phones, at, tuple(variants))


def _dealt_out(words: Sequence[MeantWord], given: Sequence[str]) -> list[MeantWord]:
    """The same words, the phones replaced by those given: each goes where the dictionary has its like."""
    flat = [(phone, at) for at, word in enumerate(words) for phone in word.phones]
    groups: list[list[str]] = [[] for _ in words]
    for phone, owner in zip(given, _owners(given, flat), strict=True):
        groups[owner].append(phone)
    return [
        MeantWord(word.text, tuple(group), word.at)
        for word, group in zip(words, groups, strict=True)
        if group
    ]


def _owners(given: Sequence[str], flat: Sequence[tuple[str, int]]) -> list[int]:
    """Index of the word that each given phone belongs to, by the cheapest edit of one row into the other."""
    rows, columns = len(given), len(flat)
    costs = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows + 1):
        for column in range(columns + 1):
            options = []
            if row and column:
                options.append(costs[row - 1][column - 1] + _unlike(given[row - 1], flat[column - 1][0]))
            if row:
                options.append(costs[row - 1][column] + 1.0)
            if column:
                options.append(costs[row][column - 1] + 1.0)
            costs[row][column] = min(options, default=0.0)
    owners = [0] * rows
    row, column = rows, columns
    while row:
        here = costs[row][column]
        if column and here == costs[row - 1][column - 1] + _unlike(given[row - 1], flat[column - 1][0]):
            row, column = row - 1, column - 1
            owners[row] = flat[column][1]
        elif here == costs[row - 1][column] + 1.0:
            row -= 1
            owners[row] = flat[max(0, column - 1)][1]
        else:
            column -= 1
    return owners


def _unlike(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return 0.7 if (one in VOWELS) == (other in VOWELS) else 1.3
