"""Which regular expressions an author may write: those whose time cannot explode over a long answer.

A pattern is tried in the call itself, on the loop that all calls of a worker share, so one that takes seconds
would hold up strangers. What is refused can be said with the phrases and words of other criteria.
"""

import re
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

MOST_OPEN_REPEATS: Final = 2
"""Parts that may be of any length, one after the other; each multiplies the time by the answer's length."""
_OPEN_FROM: Final = 12
_FEW_TIMES: Final = 6
_REPEATS: Final = frozenset({constants.MAX_REPEAT, constants.MIN_REPEAT})
_PLAIN: Final = frozenset({constants.LITERAL, constants.AT})
_SPACE: Final = ord(" ")


class _WildError(Exception):
    """It could take very long."""


def is_tame(pattern: str) -> bool:
    """Whether a pattern is one that can be tried on anything said without taking long."""
    try:
        return _open_repeats(parser.parse(pattern)) <= MOST_OPEN_REPEATS
    except (re.error, OverflowError, RecursionError, _WildError):
        return False


def _open_repeats(parsed: Any) -> int:
    """How many parts of any length follow one another at most; `_WildError` for loops within loops."""
    found = 0
    for kind, value in parsed:
        if kind in _REPEATS:
            found += _repeat(*value)
        elif kind is constants.BRANCH:
            found += max(_open_repeats(branch) for branch in value[1])
        elif kind is constants.SUBPATTERN:
            found += _open_repeats(value[3])
        elif kind in {constants.ASSERT, constants.ASSERT_NOT}:
            found += _open_repeats(value[1])
        elif kind in {constants.GROUPREF, constants.GROUPREF_EXISTS}:
            raise _WildError
    return found


def _repeat(least: int, most: Any, body: Any) -> int:
    is_open = most is constants.MAXREPEAT or most - least > _OPEN_FROM
    within = _open_repeats(body)
    if most is constants.MAXREPEAT or most > 1:
        chooses = _chooses(body, branches=is_open or most > _FEW_TIMES)
        if chooses and not _is_word_by_word(body):
            raise _WildError
    return within + is_open


def _chooses(parsed: Any, *, branches: bool) -> bool:
    """Whether a loop's body can match in several ways: a repeat in it, or (if `branches`) a choice."""
    for kind, value in parsed:
        if kind in _REPEATS and value[0] != value[1]:
            return True
        if kind is constants.BRANCH:
            if branches or any(_chooses(branch, branches=branches) for branch in value[1]):
                return True
        elif kind is constants.SUBPATTERN and _chooses(value[3], branches=branches):
            return True
    return False


def _is_word_by_word(body: Any) -> bool:
    """Whether a loop takes one word and one space each time, which can be done in one way only."""
    items = list(body)
    if len(items) == 1 and items[0][0] is constants.BRANCH:
        return _are_words(items[0][1][1])
    spaces = [place for place, item in enumerate(items) if item == (constants.LITERAL, _SPACE)]
    if len(spaces) != 1 or spaces[0] not in {0, len(items) - 1}:
        return False
    rest = [item for place, item in enumerate(items) if place != spaces[0]]
    return not any(_can_be_space(kind, value) for kind, value in rest)


def _are_words(branches: Any) -> bool:
    """Whether a choice is one between different words, each with its space behind it."""
    words = [
        "".join(chr(value) for _, value in branch)
        if all(kind is constants.LITERAL for kind, _ in branch)
        else ""
        for branch in branches
    ]
    return len(set(words)) == len(words) and all(word.find(" ") == len(word) - 1 > 0 for word in words)


def _can_be_space(kind: Any, value: Any) -> bool:
    if kind in _PLAIN:
        return kind is constants.LITERAL and value == _SPACE
    if kind in _REPEATS:
        return any(_can_be_space(*item) for item in value[2])
    if kind is constants.SUBPATTERN:
        return any(_can_be_space(*item) for item in value[3])
    if kind is constants.BRANCH:
        return any(_can_be_space(*item) for branch in value[1] for item in branch)
    if kind is constants.IN:
        return not all(_is_of_words(*item) for item in value)
    return True


def _is_of_words(kind: Any, value: Any) -> bool:
    if kind is constants.LITERAL:
        return bool(value != _SPACE)
    if kind is constants.RANGE:
        return bool(value[0] > _SPACE)
    return kind is constants.CATEGORY and value in {constants.CATEGORY_WORD, constants.CATEGORY_DIGIT}
