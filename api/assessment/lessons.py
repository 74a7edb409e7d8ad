"""Lessons for what a judgement says to practise: by the kind of task that trains it, at the level ahead."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.assessment.judging.judgement import Estimate, Judgement
from api.contract.exams import Dimension
from api.contract.lessons import TaskKind
from api.contract.levels import Level
from api.curriculum import catalogue
from api.curriculum.catalogue import Offered

EACH: Final = 3
TRAINS: Final = {
    Dimension.FLUENCY: (TaskKind.TELL_STORY, TaskKind.INTRODUCE_YOURSELF, TaskKind.DESCRIBE_PICTURE),
    Dimension.PRONUNCIATION: (TaskKind.ROLE_PLAY, TaskKind.INTRODUCE_YOURSELF, TaskKind.TELL_STORY),
    Dimension.GRAMMAR: (TaskKind.TELL_STORY, TaskKind.EXPLAIN, TaskKind.ROLE_PLAY),
    Dimension.VOCABULARY: (TaskKind.DESCRIBE_PICTURE, TaskKind.EXPLAIN, TaskKind.EXCHANGE_VIEWS),
    Dimension.COHERENCE: (TaskKind.DEFEND_POSITION, TaskKind.EXCHANGE_VIEWS, TaskKind.EXPLAIN),
}
"""Tasks that train a dimension, the best first."""


async def fitting(
    session: AsyncSession, learner_id: UUID, target: Level, judged: Judgement
) -> list[list[UUID]]:
    """For each thing to practise some lessons, none twice.

    Args:
        session: A job's session, acting for the learner's organisation.
        learner_id: To whom the lessons must be offered.
        target: The exam's level; no lesson lies above it.
        judged: What says what to practise.
    """
    offered = await catalogue.offered_to(session, learner_id)
    taken: set[UUID] = set()
    found = []
    for one in judged.practise:
        level = level_ahead(judged.of(one.dimension).level, target)
        ids = chosen([lesson for lesson in offered if lesson.id not in taken], one.dimension, level)
        taken.update(ids)
        found.append(ids)
    return found


def level_ahead(reached: Estimate | None, target: Level) -> Level:
    """The level after the one that was reached, up to the target."""
    levels = list(Level)
    ahead = levels.index(Level(reached)) + 1 if reached not in {None, "below_A1"} else 0
    return levels[min(ahead, levels.index(target))]


def chosen(offered: Sequence[Offered], dimension: Dimension, level: Level) -> list[UUID]:
    """Lessons of a level that train a dimension, the best first."""
    kinds = TRAINS[dimension]
    fit = [lesson for lesson in offered if lesson.level is level and lesson.task in kinds]
    return [lesson.id for lesson in sorted(fit, key=lambda one: kinds.index(one.task))][:EACH]
