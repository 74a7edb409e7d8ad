"""Which figures of groups may be told: none that say something of fewer than five people.

A program's figures of a week are withheld

- where fewer than `SMALLEST_GROUP` of its learners had a call in that week, nobody included, and
- where they differ from the figures of another program that are told by the calls of fewer than
  `SMALLEST_GROUP` learners: the difference of the two would be theirs. Of two such programs the one with
  more learners is told.

Weeks do not overlap, a sum is only made of weeks that are told, a week is told when it is over, and calls
count for the programs that their learner was enrolled in when they ended. So neither a longer period, nor
looking twice on one day, nor enrolling or removing somebody tells a withheld figure.

How far this goes: pairs of programs are compared, not unions of three and more. A call that is deleted or
delivered late changes its week when it is reckoned again, and who knows both states knows the difference. A
group of five in which one person speaks nearly all the time is told. And an instructor may open each learner
of a program anyway: this is for figures that are handed on.
"""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

SMALLEST_GROUP: Final = 5


Spoke = tuple[UUID, UUID]
"""A learner, and a call of theirs that counts."""


def tellable(programs: Mapping[UUID, frozenset[Spoke]]) -> frozenset[UUID]:
    """The programs whose figures of a week may be told.

    Args:
        programs: For each program the calls that make up its figures, with their learners.
    """
    told: list[UUID] = []
    for program in sorted(programs, key=lambda one: (-len(_learners(programs[one])), str(one))):
        calls = programs[program]
        if len(_learners(calls)) >= SMALLEST_GROUP and not _exposes(calls, (programs[one] for one in told)):
            told.append(program)
    return frozenset(told)


def _learners(calls: frozenset[Spoke]) -> set[UUID]:
    return {learner for learner, _ in calls}


def _exposes(calls: frozenset[Spoke], others: Iterable[frozenset[Spoke]]) -> bool:
    return any(_is_near(calls, other) for other in others if calls & other)


def _is_near(one: frozenset[Spoke], other: frozenset[Spoke]) -> bool:
    """Whether either of two sets of calls has some of only a few learners that the other has not."""
    return any(0 < len(_learners(rest)) < SMALLEST_GROUP for rest in (one - other, other - one))
