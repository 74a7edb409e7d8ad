"""Which lessons to take next, and why: rules alone, in this order, each lesson by its first reason.

1. What an instructor asked for, by the day it is due.
2. What was begun and not finished, the furthest first.
3. Lessons whose phrases are due for review.
4. At the learner's level, new lessons that serve the skill with the lowest mean mastery; an objective without
   evidence counts as the prior of `api.curriculum.attempts.mastery`. Left out while there is no evidence.
5. New lessons at the learner's level.
6. When those are done, the next level's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from statistics import fmean
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.lessons import Skill
from api.contract.levels import Level
from api.curriculum import catalogue, objectives
from api.curriculum.attempts.mastery import PRIOR_PIECES, PRIOR_SHOWN
from api.curriculum.attempts.schemas import LessonState
from api.curriculum.repository import LessonRepository
from api.curriculum.schemas import (
    LessonBrief,
    ObjectiveOut,
    Reason,
    ReasonCode,
    Recommendation,
    Recommendations,
)
from api.identity.auth import Principal
from api.practice import service as practice

PRIOR: Final = PRIOR_SHOWN / PRIOR_PIECES
MOST_OF_SKILL: Final = 2
"""Lessons for the weakest skill among those recommended, so that others are seen too."""

_UNFINISHED: Final = {LessonState.OPEN, LessonState.STARTED}


@dataclass(frozen=True)
class Ground:
    """What the rules go by."""

    level: Level
    lessons: list[LessonBrief]
    objectives: list[ObjectiveOut]
    due: Mapping[UUID, int]
    """How many phrases of a lesson are due for review."""


async def recommend(session: AsyncSession, person: Principal, limit: int) -> Recommendations:
    """The lessons that the person might take next, the best first."""
    rows = await LessonRepository(session).all_offered(person.user.id)
    ground = Ground(
        level=Level(person.user.level),
        lessons=await catalogue.briefs(session, person, rows),
        objectives=(await objectives.list_objectives(session, person)).items,
        due=await practice.due_by_lesson(session, person),
    )
    return Recommendations(items=list(islice(ranked(ground), limit)))


def ranked(ground: Ground) -> Iterator[Recommendation]:
    """Every lesson that there is a reason for, once."""
    seen: set[UUID] = set()
    for rule in (_assigned, _unfinished, _due, _weakest, _at_level, _next_level):
        for lesson, reason in rule(ground):
            if lesson.id not in seen:
                seen.add(lesson.id)
                yield Recommendation(lesson=lesson, reason=reason)


Reasoned = Iterable[tuple[LessonBrief, Reason]]


def _assigned(ground: Ground) -> Reasoned:
    asked_for = [one for one in ground.lessons if one.assigned]
    for lesson in sorted(asked_for, key=lambda one: one.due_on or date.max):
        day = {"due_on": lesson.due_on.isoformat()} if lesson.due_on else {}
        yield lesson, Reason(code=ReasonCode.ASSIGNED, parameters={**day})


def _unfinished(ground: Ground) -> Reasoned:
    begun = [one for one in ground.lessons if one.state in _UNFINISHED]
    for lesson in sorted(begun, key=lambda one: (one.state != LessonState.OPEN, -one.steps_done / one.steps)):
        done = {"steps_done": lesson.steps_done, "steps": lesson.steps}
        yield lesson, Reason(code=ReasonCode.GO_ON, parameters={**done})


def _due(ground: Ground) -> Reasoned:
    waiting = [one for one in ground.lessons if ground.due.get(one.id)]
    for lesson in sorted(waiting, key=lambda one: -ground.due[one.id]):
        yield lesson, Reason(code=ReasonCode.REVIEWS_DUE, parameters={"count": ground.due[lesson.id]})


def _weakest(ground: Ground) -> Reasoned:
    skill = weakest_skill(ground.objectives, ground.level)
    if skill is None:
        return
    name, mean = skill
    serving = {
        key
        for one in ground.objectives
        if one.skill is name and one.level is ground.level
        for key in one.lesson_ids
    }
    fitting = [one for one in _new(ground, ground.level) if one.id in serving]
    for lesson in fitting[:MOST_OF_SKILL]:
        yield (
            lesson,
            Reason(
                code=ReasonCode.WEAKEST_SKILL, parameters={"skill": name.value, "percent": round(100 * mean)}
            ),
        )


def weakest_skill(every: Iterable[ObjectiveOut], level: Level) -> tuple[Skill, float] | None:
    """The skill with the lowest mean mastery, 0 to 1, at a level; None while there is no evidence there."""
    here = [one for one in every if one.level is level]
    if not any(one.mastery for one in here):
        return None
    means = {
        skill: fmean(one.mastery.level if one.mastery else PRIOR for one in here if one.skill is skill)
        for skill in Skill
        if any(one.skill is skill for one in here)
    }
    return min(means.items(), key=lambda item: item[1])


def _at_level(ground: Ground) -> Reasoned:
    for lesson in _new(ground, ground.level):
        yield lesson, Reason(code=ReasonCode.LEVEL, parameters={"level": ground.level.value})


def _next_level(ground: Ground) -> Reasoned:
    levels = list(Level)
    above = levels[levels.index(ground.level) + 1 :]
    if _new(ground, ground.level) or not above:
        return
    for lesson in _new(ground, above[0]):
        yield lesson, Reason(code=ReasonCode.NEXT_LEVEL, parameters={"level": above[0].value})


def _new(ground: Ground, level: Level) -> list[LessonBrief]:
    return [one for one in ground.lessons if one.level is level and one.state is LessonState.NEW]
