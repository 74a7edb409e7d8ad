"""What authors leave open, decided: objectives of the level, and what a lesson may name."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from api.authoring.checking import Known
from api.authoring.schemas import LessonWish
from api.authoring.template_files import template_of
from api.authoring.templates import Wanted
from api.contract.levels import Level
from api.curriculum import objectives
from api.errors import InvalidError
from prompts.curriculum import pictures


async def wanted_of(session: AsyncSession, wish: LessonWish) -> Wanted:
    """A wish with what it leaves open decided.

    Raises:
        InvalidError: An objective does not exist (`unknown_objective`).
    """
    usual = template_of(wish.task).objectives.get(wish.level, ())
    return Wanted(
        level=wish.level,
        task=wish.task,
        topic=wish.topic,
        area=wish.area,
        kind=wish.kind,
        title=wish.title,
        objectives=wish.objectives or await objectives_for(session, wish.level, usual),
        exam_tags=wish.exam_tags,
    )


async def objectives_for(session: AsyncSession, level: Level, preferred: Sequence[str] = ()) -> list[str]:
    """Objectives of a level for a lesson whose author names none: the preferred ones that exist, else one.

    Raises:
        InvalidError: The installation has no objective of this level (`unknown_objective`).
    """
    found = await objectives.catalogue(session)
    there = {one.key for one in found}
    chosen = [key for key in preferred if key in there]
    if chosen:
        return chosen
    of_level = [one for one in found if one.level == level]
    order = ("production", "interaction", "mediation", "reception")
    of_level.sort(key=lambda one: order.index(one.skill))
    if not of_level:
        raise InvalidError("There is no objective of this level.", code="unknown_objective")
    return [of_level[0].key]


async def known(session: AsyncSession) -> Known:
    """What lessons may name."""
    found = await objectives.catalogue(session)
    return Known(frozenset(one.key for one in found), pictures())
