"""What was practised in a call: the answers of due items, found in the learner's own words.

The coach needs to tell nothing: an item that was due counts as reviewed where the learner said its answer,
as `hard` where the coach had just said it.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.models import LearnersCall, Turn
from api.contract.calls import Role
from api.database import utc_now
from api.practice import service
from api.practice.matching import says
from api.practice.models import How, ReviewItem
from api.practice.repository import ReviewRepository
from api.practice.scheduling import Grade

MOST_ITEMS: Final = 200
"""Due items that are looked for in a call."""


async def hear(session: AsyncSession, row: LearnersCall, turns: Sequence[Turn]) -> int:
    """Grade the due items whose answers were said in a call; done again it changes nothing.

    Returns:
        How many were said.
    """
    repository = ReviewRepository(session, row.call.organisation_id, row.user_id)
    zone = await service.zone_of(session, row.user_id)
    heard = 0
    for item in await repository.due(row.call.ended_at or utc_now(), MOST_ITEMS, lock=True):
        turn, grade = next(_answers(item, turns), (None, Grade.GOOD))
        grading_id = uuid5(item.id, f"call {row.call.id}")
        if turn is None or await repository.entry(grading_id) is not None:
            continue
        service.keep_grading(
            repository,
            item,
            grade,
            turn.started_at,
            zone,
            grading_id=grading_id,
            how=How.CALL,
            call_id=row.call.id,
            turn_id=turn.id,
        )
        heard += 1
    return heard


def _answers(item: ReviewItem, turns: Sequence[Turn]) -> Iterator[tuple[Turn, Grade]]:
    """The learner's turns in which the answer was said after the item was due, with how well it came."""
    given = False
    for turn in turns:
        said = says(turn.text, item.answer)
        if turn.role == Role.COACH:
            given = said
        elif said and turn.started_at >= item.due_at:
            yield turn, Grade.HARD if given else Grade.GOOD
