"""The rules' language, turned into regular expressions over an encoded sentence (`tokens.encoded`).

Elements stand side by side, a token each: words (`has|have`), kinds in capitals (`PERSON`), both (`very|RB`),
all of several (`VB&!NN&!go`). `x=` names what is caught, `? * +` repeat, `>!` says what may not follow;
`>` is for the eye alone, before what must follow. `( ... )` groups elements, `||` stands between
alternatives, `[ ... ]` marks the words that are replaced: all of them, where there is none.
"""

import re
from dataclasses import dataclass
from typing import Final

_ELEMENT: Final = re.compile(r"^(>!|>)?(?:(\w+)=)?(.+?)([?*+]|\{\d,?\d?\})?$")
REGION: Final = "_region"


class PatternError(ValueError):
    """A pattern of the rules that makes no sense."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """An expression, and words of which one must be there for it to match."""

    expression: re.Pattern[str]
    needs: tuple[frozenset[str], ...]

    def may_match(self, words: frozenset[str]) -> bool:
        """Whether it is worth a look at a sentence of these words."""
        return all(not need.isdisjoint(words) for need in self.needs)


def compiled(text: str, *, ending: bool = False) -> Pattern:
    """A pattern.

    Args:
        text: In the rules' language.
        ending: Whether what it finds must end where the search ends.

    Raises:
        PatternError: It makes no sense.
    """
    parts: list[str] = []
    needs: list[frozenset[str]] = []
    depth = 0
    elements = text.split()
    for element in elements:
        expression, words = _element(element)
        parts.append(expression)
        depth -= element.startswith(")")
        if words and not depth:
            needs.append(words)
        depth += element.endswith("(")
    if depth:
        raise PatternError(f"{text}: a bracket stays open")
    follows = any(element.startswith(">") and element[1:2] != "!" for element in elements)
    if follows and "[" not in elements:
        raise PatternError(f"{text}: what follows would be replaced")
    needed = () if "||" in _outside(elements) else tuple(needs)
    body = "".join(parts)
    try:
        return Pattern(re.compile(f"(?:{body})\\Z" if ending else body), needed)
    except re.error as error:
        raise PatternError(f"{text}: {error}") from None


def _outside(elements: list[str]) -> list[str]:
    """The elements outside every group."""
    found, depth = [], 0
    for element in elements:
        depth -= element.startswith(")")
        if not depth:
            found.append(element)
        depth += element.endswith("(")
    return found


def _element(element: str) -> tuple[str, frozenset[str]]:
    if element in {"[", "]", "||"}:
        return {"[": f"(?P<{REGION}>", "]": ")", "||": "|"}[element], frozenset()
    if element.startswith(")"):
        return _closing(element[1:]), frozenset()
    if element.endswith("("):
        return _opening(element[:-1]), frozenset()
    match = _ELEMENT.match(element)
    if match is None:
        raise PatternError(element)
    look, name, body, repeated = match.groups()
    expression = _alternatives(body)
    if repeated:
        expression = f"(?:{expression}){repeated}"
    if name:
        expression = f"(?P<{name}>{expression})"
    if look == ">!":
        return f"(?!{expression})", frozenset()
    literal = body.split("|")
    plain = repeated in {None, "+"} and all(_is_word(word) for word in literal)
    return expression, frozenset(literal) if plain else frozenset()


def _opening(prefix: str) -> str:
    """`(`, `name=(`, `>(`, `this|that|(`: always two brackets, for a list of alternatives and one of them."""
    look, name, before = re.match(r"^(>!|>)?(?:(\w+)=)?(.*)$", prefix).groups()  # type: ignore[union-attr]
    outer = f"(?P<{name}>" if name else {">!": "(?!"}.get(look or "", "(?:")
    if name and look:
        raise PatternError(prefix)
    return f"{outer}{_alternatives(before.removesuffix('|')) + '|' if before else ''}(?:"


def _closing(suffix: str) -> str:
    """`)`, `)?`, `)|this|that`, `)|(`."""
    if not suffix.startswith("|"):
        return "))" + suffix
    rest = suffix[1:]
    if rest == "(":
        return ")|(?:"
    if rest.endswith("|("):
        return f")|{_alternatives(rest[:-2])}|(?:"
    repeated = rest[-1] if rest[-1] in "?*+" else ""
    return f")|{_alternatives(rest.removesuffix(repeated) if repeated else rest)}){repeated}"


def _is_word(option: str) -> bool:
    return option == option.lower() and not set("&!") & set(option)


def _alternatives(body: str) -> str:
    options = body.split("|")
    plain = [re.escape(option) for option in options if _is_word(option)]
    found = [f"<(?:{'|'.join(plain)})~[^>]*>"] if plain else []
    found += [_all_of(option) for option in options if not _is_word(option)]
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _all_of(option: str) -> str:
    looks = []
    for term in option.split("&"):
        negated, bare = term.startswith("!"), term.removeprefix("!")
        if bare == "START":
            wanted = "~\\.START\\."
        else:
            wanted = f"{re.escape(bare)}~" if _is_word(bare) else f"[^>]*\\.{re.escape(bare)}\\."
        looks.append(f"(?{'!' if negated else '='}{wanted})")
    return f"<{''.join(looks)}[^>]*>"
