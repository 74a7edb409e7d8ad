"""Making items: of the corrections of a call, and of the phrases and words of a lesson."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.contract.lessons import Phrase, VocabularyItem
from api.database import utc_now
from api.practice import scheduling, service
from api.practice.material import (
    MOST_NEW_OF_CALL,
    MOST_OF_RULE,
    Material,
    Slip,
    of_phrase,
    of_slip,
    worth_learning,
)
from api.practice.models import How, ItemKind, ReviewItem
from api.practice.repository import ReviewRepository
from api.practice.scheduling import Grade


async def add_phrases(
    session: AsyncSession,
    organisation_id: UUID,
    user_id: UUID,
    phrases: Iterable[Phrase],
    vocabulary: Iterable[VocabularyItem] = (),
    *,
    lesson_id: UUID | None = None,
) -> int:
    """Have a lesson's phrases and words come back from tomorrow on; those that are there already stay.

    Returns:
        How many are new.
    """
    made = [of_phrase(ItemKind.PHRASE, one.text, one.meaning, one.example, lesson_id) for one in phrases]
    made += [of_phrase(ItemKind.WORD, one.word, one.meaning, "", lesson_id) for one in vocabulary]
    repository = ReviewRepository(session, organisation_id, user_id)
    zone, now = await service.zone_of(session, user_id), utc_now()
    added = [await _put(repository, material, now, zone) for material in made if material]
    return sum(item is not None for item in added)


async def add_slips(
    session: AsyncSession, organisation_id: UUID, user_id: UUID, call_id: UUID, slips: Iterable[Slip]
) -> int:
    """Have a call's slips come back from the day after it; done again it changes nothing.

    A slip that has its item already, and one by a rule of which enough is learned at a time, counts for that
    item, once a call: where it was reviewed before, it was forgotten.

    Returns:
        How many items are new.
    """
    found = worth_learning(slips)
    repository = ReviewRepository(session, organisation_id, user_id)
    known = await repository.by_keys([slip.key for slip in found])
    crowd = _Crowd(await repository.learning_by_rule(sorted({slip.correction.rule for slip in found})))
    of_call = _OfCall(repository, call_id, await service.zone_of(session, user_id))
    new = 0
    for slip in found:
        item = known.get(slip.key) or crowd.stands_for(slip)
        if item is not None:
            await of_call.slipped(item, slip)
        elif new < MOST_NEW_OF_CALL and crowd.has_place(slip) and await of_call.begin(slip):
            crowd.take_place(slip)
            new += 1
    return new


class _Crowd:
    """Of each rule, the items that are learned at present, the one due last first."""

    def __init__(self, items: dict[str, list[ReviewItem]]) -> None:
        self._items = items
        self._count = Counter({rule: len(some) for rule, some in items.items()})

    def has_place(self, slip: Slip) -> bool:
        return self._count[slip.correction.rule] < MOST_OF_RULE

    def take_place(self, slip: Slip) -> None:
        self._count[slip.correction.rule] += 1

    def stands_for(self, slip: Slip) -> ReviewItem | None:
        """An earlier item in the place of one for this slip, where there are enough of its rule."""
        items = self._items.get(slip.correction.rule)
        return items[0] if items and not self.has_place(slip) else None


@dataclass(frozen=True)
class _OfCall:
    """The slips of one call, each kept with the item that it belongs to."""

    repository: ReviewRepository
    call_id: UUID
    zone: ZoneInfo

    async def begin(self, slip: Slip) -> bool:
        """Make an item of a slip; False where somebody else has just made it."""
        place = {"call_id": self.call_id, "turn_id": slip.turn_id}
        item = await _put(self.repository, of_slip(slip), slip.said_at, self.zone, **place)
        if item is not None:
            self._note(item, slip)
        return item is not None

    async def slipped(self, item: ReviewItem, slip: Slip) -> None:
        """A slip that has an item was made again."""
        if item.removed_at is not None or await self.repository.entry(self._key(item)) is not None:
            return
        item.times_made += 1
        if item.key == slip.key:
            material = of_slip(slip)
            item.cue, item.answer, item.note = material.cue, material.answer, material.note
            item.source_id, item.call_id, item.turn_id = material.source_id, self.call_id, slip.turn_id
        reviewed = item.last_review_at is not None and item.last_review_at < slip.said_at
        self._note(item, slip, Grade.AGAIN if reviewed and item.suspended_at is None else None)

    def _note(self, item: ReviewItem, slip: Slip, grade: Grade | None = None) -> None:
        service.keep_grading(
            self.repository,
            item,
            grade,
            slip.said_at,
            self.zone,
            grading_id=self._key(item),
            how=How.SLIP,
            call_id=self.call_id,
            turn_id=slip.turn_id,
        )

    def _key(self, item: ReviewItem) -> UUID:
        return uuid5(item.id, f"slip {self.call_id}")


async def _put(
    repository: ReviewRepository, material: Material, at: datetime, zone: ZoneInfo, **place: UUID
) -> ReviewItem | None:
    """Keep a new item; None where there is one of that key."""
    standing = scheduling.new(at, zone)
    values = {field.name: getattr(standing, field.name) for field in fields(standing)}
    return await repository.put_new({**vars(material), **values, **place})
