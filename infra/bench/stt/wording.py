"""The one normalisation of the bench, and what word errors are counted by.

Lower case; hyphens and other marks are spaces, apostrophes stay; figures are spelled out: up to two digits as
a number, four digits from 1100 to 2099 as a year, everything else digit by digit, as telephone numbers are
read. Nothing else is forgiven: no fillers, no spellings, no contractions.
"""

import re
from typing import Final

_WORDS: Final = re.compile("[a-z']+")
_ONES: Final = _WORDS.findall(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS: Final = _WORDS.findall("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_TOKEN: Final = re.compile(r"\d+|[a-z]+(?:'[a-z]+)*")
_FUNCTION: Final = frozenset(
    _WORDS.findall(
        "a about again all also am an and any are as at be been being but by can can't could did didn't do "
        "does doesn't don't down for from had has have he her here hers him his how i i'm if in into is "
        "isn't it it's its just may me might must my no not of off on or our out over shall she should so "
        "some than that that's the their them then there these they this those to too under until up us very "
        "was we were what when where which while who whom whose why will with won't would yes you your"
    )
)


def words(text: str) -> list[str]:
    """A text's words in the bench's normalisation."""
    found: list[str] = []
    for token in _TOKEN.findall(text.lower().replace("’", "'")):
        found += _spelled(token) if token.isdigit() else [token]
    return found


def content_words(text: str) -> list[str]:
    """The words that carry a sentence, each once, in its order."""
    return [word for word in dict.fromkeys(words(text)) if word not in _FUNCTION and len(word) > 1]


def errors(said: list[str], heard: list[str]) -> int:
    """Fewest words to change, add or leave out to get from one to the other."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(said, start=1):
        above, row[0] = row[0], index
        for column, other in enumerate(heard, start=1):
            best = min(row[column] + 1, row[column - 1] + 1, above + (word != other))
            above, row[column] = row[column], best
    return row[-1]


def _spelled(digits: str) -> list[str]:
    if len(digits) <= 2:
        return _below_hundred(int(digits)) if digits[0] != "0" else [_ONES[int(digit)] for digit in digits]
    if len(digits) == 4 and 1100 <= int(digits) < 2100 and digits[2:] >= "10":
        return [*_below_hundred(int(digits[:2])), *_below_hundred(int(digits[2:]))]
    return [_ONES[int(digit)] for digit in digits]


def _below_hundred(value: int) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    return [_TENS[value // 10], *([_ONES[value % 10]] if value % 10 else [])]
