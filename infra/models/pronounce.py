"""How English words sound: ARPAbet phones from the packaged dictionary, else from spelling."""

import re
from functools import lru_cache

from infra.models.weights import verified

Phones = tuple[str, ...]

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

# Spelling to sound for names and rare words, the longest match first. Rough on purpose: it feeds an aligner
# and a comparison that both tolerate a wrong vowel.
_SPELLING: dict[str, str] = {
    "tion": "SH AH N", "sion": "ZH AH N", "ough": "AO", "augh": "AO", "eigh": "EY", "igh": "AY",
    "tch": "CH", "sch": "SH", "dge": "JH", "ght": "T", "ch": "CH", "sh": "SH", "th": "TH", "ph": "F",
    "wh": "W", "ck": "K", "ng": "NG", "qu": "K W", "kn": "N", "wr": "R", "gh": "G", "rh": "R",
    "zh": "ZH", "ts": "T S", "ee": "IY", "ea": "IY", "oo": "UW", "ou": "AW", "ow": "OW", "oa": "OW",
    "ai": "EY", "ay": "EY", "ei": "EY", "ey": "IY", "ie": "IY", "oi": "OY", "oy": "OY", "au": "AO",
    "aw": "AO", "ew": "UW", "ue": "UW", "ui": "UW", "aa": "AA", "ar": "AA R", "er": "ER", "ir": "ER",
    "ur": "ER", "or": "AO R", "yu": "Y UW", "bb": "B", "cc": "K", "dd": "D", "ff": "F", "gg": "G",
    "ll": "L", "mm": "M", "nn": "N", "pp": "P", "rr": "R", "ss": "S", "tt": "T", "zz": "Z", "ce": "S",
    "ci": "S IH", "cy": "S IY", "ge": "JH", "a": "AA", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F",
    "g": "G", "h": "HH", "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "OW", "p": "P",
    "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip
_PIECE = re.compile("|".join(sorted(_SPELLING, key=len, reverse=True)))


class Pronunciations:
    """Looks words up in the packaged CMU dictionary; immutable, so any thread may ask."""

    def __init__(self) -> None:
        path = verified("pocketsphinx", "model/en-us/cmudict-en-us.dict")
        self._text = b"\n" + path.read_bytes()
        self.phones = lru_cache(maxsize=8192)(self._phones)

    def known(self, word: str) -> bool:
        """Whether the dictionary has the lower-case word."""
        return self._text.find(f"\n{word} ".encode()) >= 0

    def _phones(self, word: str) -> Phones:
        """Phones of a lower-case word, by the dictionary or by its spelling."""
        at = self._text.find(f"\n{word} ".encode())
        if at < 0:
            return from_spelling(word)
        return self._at(at)

    def variants(self, word: str) -> list[Phones]:
        """Other ways in the dictionary to say a lower-case word: "read" and "read", "the" before a vowel."""
        found: list[Phones] = []
        while (at := self._text.find(f"\n{word}({len(found) + 2}) ".encode())) >= 0:
            found.append(self._at(at))
        return found

    def _at(self, at: int) -> Phones:
        line = self._text[at + 1 : self._text.index(b"\n", at + 1)]
        return tuple(line.decode().split()[1:])


def from_spelling(word: str) -> Phones:
    """Phones guessed from letters; a silent final e is dropped."""
    letters = word.lower()
    if len(letters) > 3 and letters.endswith("e") and letters[-2] not in "aeiou":
        letters = letters[:-1]
    return tuple(phone for piece in _PIECE.findall(letters) for phone in _SPELLING[piece].split())


def spoken(word: str) -> list[str]:
    """The lower-case words by which a written token is spoken: figures in words, compounds split."""
    parts = re.findall(r"\d+|[a-z]+(?:'[a-z]+)?", word.lower().replace("’", "'"))
    return [name for part in parts for name in (_number(part) if part.isdigit() else [part])]


def _number(digits: str) -> list[str]:
    value = int(digits[:15])
    if len(digits) > 6:
        return [_ONES[int(digit)] for digit in digits]
    if len(digits) == 4 and 1100 <= value < 2000:
        return [*_below_hundred(value // 100), *(_below_hundred(value % 100) if value % 100 else ["hundred"])]
    names: list[str] = []
    if value >= 1000:
        names += [*_number(str(value // 1000)), "thousand"]
        value %= 1000
    if value >= 100:
        names += [_ONES[value // 100], "hundred"]
        value %= 100
    return names + (_below_hundred(value) if value or not names else [])


def _below_hundred(value: int) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    return [_TENS[value // 10], *([_ONES[value % 10]] if value % 10 else [])]
