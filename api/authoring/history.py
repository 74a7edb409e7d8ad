"""What differs between two versions of a lesson: text by text, with things found again by their names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

MOST_CHANGES: Final = 200
MOST_CHARACTERS: Final = 300
_NAMES: Final = ("key", "word", "text")
"""Fields by which an item of a list is known again, the first that it has."""


@dataclass(frozen=True)
class Change:
    """A text or figure that is different; None where it was not there, or is there no more.

    Items of lists stand in the path under their name where they have one, else under their number.
    """

    path: str
    before: str | None
    after: str | None


def changes(before: Any, after: Any) -> list[Change]:
    """What differs, in the order of the newer one."""
    found: list[Change] = []
    for change in _changes(before, after, ""):
        found.append(change)
        if len(found) == MOST_CHANGES:
            break
    return found


def _changes(before: Any, after: Any, path: str) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*after, *before]):
            yield from _changes(before.get(name), after.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(before, list | None) and isinstance(after, list | None) and _has_parts(before, after):
        yield from _changes(_by_name(before or []), _by_name(after or []), path)
        names = list(_by_name(before or [])), list(_by_name(after or []))
        if sorted(names[0]) == sorted(names[1]) and names[0] != names[1]:
            yield Change(f"{path}.order", ", ".join(names[0]), ", ".join(names[1]))
    else:
        yield Change(path, _said(before), _said(after))


def _has_parts(before: list[Any] | None, after: list[Any] | None) -> bool:
    return any(isinstance(one, dict) for one in [*(before or []), *(after or [])])


def _by_name(items: list[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for number, item in enumerate(items):
        name = next((str(item[one]) for one in _NAMES if isinstance(item, dict) and item.get(one)), None)
        named[name if name is not None and name not in named else str(number)] = item
    return named


def _said(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        said = value
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        said = ", ".join(value)
    elif isinstance(value, dict):
        said = next((str(value[one]) for one in ("title", "say", "says", *_NAMES) if value.get(one)), None)
    else:
        said = json.dumps(value, ensure_ascii=False)
    return said if said is None or len(said) <= MOST_CHARACTERS else f"{said[:MOST_CHARACTERS]}…"
