"""Patterns of lessons that others write: refused where a crafted answer could hold a worker up.

Python's regular expressions backtrack without an end, so what is allowed is a part of them in which no text
is divided in many ways: no back-references, few repetitions without a limit, and nothing repeated or chosen
within what is repeated, except words in a row, each with the one space that parts it from the next:
`(?: [a-z]+)*`, `(?:the |a |his )*`.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

constants: Any = import_module("re._constants")
parser: Any = import_module("re._parser")
MOST_OPEN: Final = 2
"""Repetitions without a limit that may follow one another: each multiplies the time by the answer's length,
and four take 16 s over 300 letters."""
FEW: Final = 8
"""A repetition with this limit or less is a short one."""
MOST_WORDS: Final = 64
"""Words that may be named in a row of words."""
_REFERENCES: Final = {constants.GROUPREF, constants.GROUPREF_EXISTS}
_REPEATS: Final = {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}
_SPACE: Final = (constants.LITERAL, ord(" "))

Node = tuple[Any, Any]


def fault_of(pattern: str) -> str | None:
    """Why a pattern is refused, in plain words; None where it is tame.

    Args:
        pattern: A pattern that compiles.
    """
    nodes = list(_nodes(parser.parse(pattern)))
    if any(name in _REFERENCES for name, _ in nodes):
        return "A pattern may not refer back to a group."
    if _open_in_a_row(parser.parse(pattern)) > MOST_OPEN:
        return f"No more than {MOST_OPEN} repetitions without a limit may follow one another."
    if any(_runs_away(node) for node in nodes):
        return "Nothing may be repeated within what is repeated, unless a space parts it."
    return None


def _nodes(tree: Any) -> Iterator[Node]:
    """Every node of a parsed pattern, with what it holds."""
    if isinstance(tree, parser.SubPattern):
        for node in tree:
            yield node
            yield from _nodes(node[1])
    elif isinstance(tree, tuple | list):
        for part in tree:
            yield from _nodes(part)


def _open_in_a_row(tree: Any) -> int:
    """How many repetitions without a limit follow one another at most; of a choice, in its longest branch."""
    if isinstance(tree, parser.SubPattern):
        return sum(_open_of(node) for node in tree)
    if isinstance(tree, tuple | list):
        return sum(_open_in_a_row(part) for part in tree)
    return 0


def _open_of(node: Node) -> int:
    if node[0] is constants.BRANCH:
        return max(_open_in_a_row(branch) for branch in node[1][1])
    return (_limit(node) is constants.MAXREPEAT) + _open_in_a_row(node[1])


def _limit(node: Node) -> Any:
    """How often a node may come; 1 where it is no repetition."""
    return node[1][1] if node[0] in _REPEATS else 1


def _runs_away(node: Node) -> bool:
    """Whether a repetition can divide one text in very many ways."""
    if _limit(node) == 1:
        return False
    body = _unwrapped(list(node[1][2]))
    inner = list(_nodes(node[1][2]))
    if _limit(node) <= FEW:
        ambiguous = any(_limit(one) > FEW for one in inner)
    else:
        ambiguous = any(one[0] in _REPEATS or one[0] is constants.BRANCH for one in inner)
    return ambiguous and not _is_row_of_words(body)


def _unwrapped(body: list[Node]) -> list[Node]:
    """What is in a group that is all there is."""
    while len(body) == 1 and body[0][0] is constants.SUBPATTERN:
        body = list(body[0][1][3])
    return body


def _is_row_of_words(body: list[Node]) -> bool:
    """Whether each is a word with one space before or behind it: there is one way to divide a text."""
    return _is_any_word(body) or _is_one_of(_strings(body))


def _is_any_word(body: list[Node]) -> bool:
    words = [node for node in body if node != _SPACE]
    if len(words) != 1 or len(body) - len(words) != 1:
        return False
    [(name, held)] = words
    return name in _REPEATS and len(held[2]) == 1 and not _may_be_space(held[2][0])


def _is_one_of(strings: list[str] | None) -> bool:
    """Whether these are different words with the one space that parts them."""
    if not strings or len(strings) != len(set(strings)) or any(one.count(" ") != 1 for one in strings):
        return False
    return all(one.endswith(" ") for one in strings) or all(one.startswith(" ") for one in strings)


def _strings(body: list[Node]) -> list[str] | None:
    """All that a body without repetitions can match, `MOST_WORDS` at most; else None."""
    found = [""]
    for name, held in body:
        if name is constants.LITERAL:
            choices: list[str] | None = [chr(held)]
        elif name is constants.SUBPATTERN:
            choices = _strings(list(held[3]))
        elif name is constants.BRANCH:
            branches = [_strings(list(one)) for one in held[1]]
            choices = None if None in branches else [one for each in branches if each for one in each]
        elif name is constants.IN and all(kind is constants.LITERAL for kind, _ in held):
            choices = [chr(letter) for _, letter in held]
        else:
            return None
        if choices is None or len(found) * len(choices) > MOST_WORDS:
            return None
        found = [one + choice for one in found for choice in choices]
    return found


def _may_be_space(node: Node) -> bool:
    """Whether a single character's node may match a space."""
    if node[0] is constants.LITERAL:
        return bool(node == _SPACE)
    if node[0] is not constants.IN:
        return True
    return any(_member_may_be_space(kind, held) for kind, held in node[1])


def _member_may_be_space(kind: Any, held: Any) -> bool:
    if kind is constants.LITERAL:
        return bool(held == ord(" "))
    if kind is constants.RANGE:
        return bool(held[0] <= ord(" ") <= held[1])
    word_like = {constants.CATEGORY_WORD, constants.CATEGORY_DIGIT, constants.CATEGORY_NOT_SPACE}
    return not (kind is constants.CATEGORY and held in word_like)
