"""How much the coach helps, from how the last answers went: a rule that can be told in one sentence.

Looked at are the last `WINDOW` answers of the lesson: whether each needed help, whether it was long enough
for what was asked, whether it met a goal.

- `more` when at least three of them needed help, or at least four were short;
- `less` when none needed help, at most one was short, and at least two met a goal;
- back to `usual` from `more` when the last three needed no help and were long enough; from `less` when two of
  the last three were short or needed help.

After each change the rule begins anew, so that support does not swing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import prompts
from api.contract.lessons import Support
from api.contract.levels import Level

WINDOW = 5
_BACK = 3


@dataclass(frozen=True)
class Mark:
    """How one answer went."""

    helped: bool
    short: bool
    met: bool


@dataclass(frozen=True)
class Change:
    """Another measure of support, and why."""

    support: Support
    reason: str


def change_after(marks: Sequence[Mark], support: Support) -> Change | None:
    """The change of support that the answers since the last change ask for, if any."""
    if support is not Support.USUAL:
        return _back(marks[-_BACK:], support)
    last = marks[-WINDOW:]
    helped, short = sum(mark.helped for mark in last), sum(mark.short for mark in last)
    if helped >= 3:
        return Change(Support.MORE, _reason("more_help", helped, len(last)))
    if short >= 4:
        return Change(Support.MORE, _reason("more_short", short, len(last)))
    if len(last) == WINDOW and not helped and short <= 1 and sum(mark.met for mark in last) >= 2:
        return Change(Support.LESS, _reason("less", WINDOW, WINDOW))
    return None


def _back(last: Sequence[Mark], support: Support) -> Change | None:
    if len(last) < _BACK:
        return None
    weak = sum(mark.helped or mark.short for mark in last)
    if support is Support.MORE and weak == 0:
        return Change(Support.USUAL, _reason("usual_after_more", _BACK, _BACK))
    if support is Support.LESS and weak >= 2:
        return Change(Support.USUAL, _reason("usual_after_less", weak, _BACK))
    return None


def is_short(words: int, wants: str, level: Level) -> bool:
    """Whether an answer of so many words is a short one for what was asked at this level."""
    return words < _enough()[level.value][wants]


def _reason(name: str, n: int, of: int) -> str:
    return prompts.load("lesson").text("reasons", name).format(n=n, of=of)


@cache
def _enough() -> dict[str, dict[str, int]]:
    enough: dict[str, dict[str, int]] = prompts.load("lesson").value("enough")
    return enough
