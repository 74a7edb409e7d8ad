"""Reviews: what is due, grading it, taking a grading back, leaving items out and removing them."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

import prompts
from api.contract.calls import DueItem
from api.database import utc_now
from api.errors import ConflictError, NotFoundError
from api.identity import service as identity
from api.identity.auth import Principal
from api.jobs import JobName, enqueue
from api.pages import Mark, encode_cursor
from api.practice import scheduling
from api.practice.days import day_of, start_of
from api.practice.models import How, ReviewEntry, ReviewItem
from api.practice.repository import ReviewRepository
from api.practice.scheduling import Grade, Standing
from api.practice.schemas import (
    DueOnDay,
    DueReviews,
    Graded,
    Grading,
    ReviewItemOut,
    ReviewPage,
    ReviewSummary,
    Undoing,
)
from api.sessions.models import PracticeSession

FORECAST_DAYS: Final = 7
IN_BRIEF: Final = 5
"""Items that the coach is told of."""
CUE_IN_BRIEF: Final = 220
AWARD_AFTER: Final = timedelta(seconds=5)
"""Gradings come one after the other; what they earn is reckoned once."""


def reviews_of(session: AsyncSession, person: Principal) -> ReviewRepository:
    """The person's own items, in the organisation that they act under."""
    return ReviewRepository(session, person.organisation_id, person.user.id)


async def due(session: AsyncSession, person: Principal, limit: int) -> DueReviews:
    """What is due now."""
    repository, now = reviews_of(session, person), utc_now()
    items, counts = await repository.due(now, limit), await repository.counts(now)
    return DueReviews(
        items=[ReviewItemOut.model_validate(item) for item in items],
        due=counts.due,
        next_due_at=counts.next_due_at,
    )


async def page(
    session: AsyncSession, person: Principal, *, suspended: bool, after: Mark | None, limit: int
) -> ReviewPage:
    """The person's items, the newest first."""
    before = (after.at, after.id) if after else None
    rows = await reviews_of(session, person).page(suspended=suspended, before=before, limit=limit + 1)
    shown = rows[:limit]
    more = len(rows) > limit
    return ReviewPage(
        items=[ReviewItemOut.model_validate(item) for item in shown],
        next_cursor=encode_cursor(Mark(0, shown[-1].created_at, shown[-1].id)) if more else None,
    )


async def summary(session: AsyncSession, person: Principal, zone: ZoneInfo) -> ReviewSummary:
    """How many items there are, and how many come back on each of the next days."""
    repository, now = reviews_of(session, person), utc_now()
    counts, today = await repository.counts(now), day_of(now, zone)
    days = [today + timedelta(days=number) for number in range(FORECAST_DAYS)]
    end = start_of(today + timedelta(days=FORECAST_DAYS), zone) - timedelta(microseconds=1)
    found = await repository.due_by_day(zone.key, end)
    waiting = sum(count for day, count in found.items() if day < today)
    return ReviewSummary(
        total=counts.total,
        due=counts.due,
        suspended=counts.suspended,
        next_due_at=counts.next_due_at,
        forecast=[
            DueOnDay(day=day, due=found.get(day, 0) + (waiting if day == today else 0)) for day in days
        ],
    )


async def read(session: AsyncSession, person: Principal, item_id: UUID) -> ReviewItem:
    """One of the person's items.

    Raises:
        NotFoundError: They have none of that key.
    """
    item = await reviews_of(session, person).get(item_id)
    if item is None:
        raise NotFoundError
    return item


async def grade(
    session: AsyncSession, person: Principal, zone: ZoneInfo, item_id: UUID, grading: Grading
) -> Graded:
    """Keep how well an item came, and say when it comes back; the same grading counts once.

    Raises:
        NotFoundError: The person has no such item.
        ConflictError: The item is suspended (`item_suspended`), or the key was used for another grading
            (`grading_id_used`).
    """
    repository = reviews_of(session, person)
    item = await _locked(repository, item_id)
    kept = await repository.entry(grading.grading_id)
    if kept is None:
        if item.suspended_at is not None:
            raise ConflictError("This item is left out at present.", code="item_suspended")
        keep_grading(repository, item, grading.rating.grade, utc_now(), zone, grading_id=grading.grading_id)
        await session.flush()
        await award_soon(session, person.organisation_id, person.user.id)
    elif (kept.item_id, kept.rating) != (item_id, grading.rating.grade):
        raise ConflictError("This key was used for another grading.", code="grading_id_used")
    return await _graded(repository, item)


def keep_grading(
    repository: ReviewRepository,
    item: ReviewItem,
    grade: Grade | None,
    at: datetime,
    zone: ZoneInfo,
    *,
    grading_id: UUID,
    how: How = How.SCREEN,
    call_id: UUID | None = None,
    turn_id: UUID | None = None,
) -> None:
    """Move an item on by a grading, and keep the grading; without a grade only what happened is kept."""
    before = standing_of(item)
    after = before if grade is None else scheduling.graded(before, grade, at, zone)
    stand(item, after)
    repository.add(
        ReviewEntry(
            organisation_id=item.organisation_id,
            user_id=item.user_id,
            item_id=item.id,
            grading_id=grading_id,
            how=how,
            rating=grade,
            reviewed_at=at,
            before=before.kept(),
            after=after.kept(),
            call_id=call_id,
            turn_id=turn_id,
        )
    )


async def undo(session: AsyncSession, person: Principal, item_id: UUID, undoing: Undoing) -> Graded:
    """Take an item's last grading back; done twice it changes nothing more.

    Raises:
        NotFoundError: The person has no such item, or it no such grading.
        ConflictError: The grading is not the item's last, or was none of the learner's own (`not_the_last`).
    """
    repository = reviews_of(session, person)
    item = await _locked(repository, item_id)
    entry = await repository.entry(undoing.grading_id)
    if entry is None or entry.item_id != item_id:
        raise NotFoundError
    if await repository.undoing(entry.id) is not None:
        return await _graded(repository, item)
    last = await repository.last_entry(item_id)
    if last is None or last.id != entry.id or entry.how != How.SCREEN:
        raise ConflictError("Only the last grading can be taken back.", code="not_the_last")
    now_standing = standing_of(item)
    stand(item, Standing.of(entry.before))
    repository.add(
        ReviewEntry(
            organisation_id=item.organisation_id,
            user_id=item.user_id,
            item_id=item.id,
            grading_id=uuid4(),
            how=How.UNDO,
            reviewed_at=utc_now(),
            before=now_standing.kept(),
            after=entry.before,
            undoes_id=entry.id,
        )
    )
    await session.flush()
    return await _graded(repository, item)


async def suspend(session: AsyncSession, person: Principal, item_id: UUID, *, suspended: bool) -> None:
    """Leave an item out of what is due, or take it in again.

    Raises:
        NotFoundError: The person has no such item.
    """
    item = await _locked(reviews_of(session, person), item_id)
    if suspended != (item.suspended_at is not None):
        item.suspended_at = utc_now() if suspended else None


async def remove(session: AsyncSession, person: Principal, item_id: UUID) -> None:
    """Remove an item for good; it is not made again.

    Raises:
        NotFoundError: The person has no such item.
    """
    item = await _locked(reviews_of(session, person), item_id)
    item.removed_at = utc_now()
    item.cue = item.answer = item.note = ""


async def due_for_brief(session: AsyncSession, practice: PracticeSession) -> list[DueItem]:
    """What the coach weaves into a call of this session, most urgent first."""
    repository = ReviewRepository(session, practice.organisation_id, practice.user_id)
    items = await repository.due(utc_now(), IN_BRIEF)
    ask = prompts.load("practice/ask").content
    return [
        DueItem(id=item.id, prompt=ask[item.kind].format(cue=item.cue[:CUE_IN_BRIEF]), answer=item.answer)
        for item in items
    ]


async def count_due(session: AsyncSession, person: Principal) -> int:
    """How many of the person's items are due."""
    return (await reviews_of(session, person).counts(utc_now())).due


async def due_by_lesson(session: AsyncSession, person: Principal) -> dict[UUID, int]:
    """How many phrases and words of each lesson are due."""
    return await reviews_of(session, person).due_by_source(utc_now())


async def forget_call(session: AsyncSession, person: Principal, call_id: UUID) -> None:
    """Remove the items that one of the person's calls gave: for those who delete calls."""
    await reviews_of(session, person).forget_call(call_id)


async def doubt(
    session: AsyncSession, organisation_id: UUID, user_id: UUID, correction_id: UUID, *, doubted: bool
) -> None:
    """Leave the item of a correction out that was dismissed as wrong, or take it in again."""
    repository = ReviewRepository(session, organisation_id, user_id)
    await repository.suspend_source(correction_id, utc_now() if doubted else None)


async def award_soon(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> None:
    """Have what a learner earned reckoned within moments."""
    arguments = {"organisation_id": str(organisation_id), "user_id": str(user_id)}
    await enqueue(session, JobName.AWARD, arguments, delay=AWARD_AFTER)


async def look_at_call(session: AsyncSession, organisation_id: UUID, call_id: UUID, *, occasion: str) -> None:
    """Have a call looked at for what was practised and what is to be practised.

    To be asked when a call has ended, when turns came after that, and when its corrections were written;
    `occasion` tells one from the other.
    """
    arguments = {"organisation_id": str(organisation_id), "call_id": str(call_id)}
    await enqueue(session, JobName.PRACTISE_CALL, arguments, delay=AWARD_AFTER, occasion=occasion)


async def zone_of(session: AsyncSession, user_id: UUID) -> ZoneInfo:
    """The time zone of a learner's days; UTC where they named none."""
    return ZoneInfo(await identity.time_zone_of(session, user_id) or "UTC")


def standing_of(item: ReviewItem) -> Standing:
    """How an item stands."""
    return Standing(
        due_at=item.due_at,
        state=item.state,
        step=item.step,
        stability=item.stability,
        difficulty=item.difficulty,
        last_review_at=item.last_review_at,
    )


def stand(item: ReviewItem, standing: Standing) -> None:
    """Let an item stand so."""
    item.due_at, item.last_review_at = standing.due_at, standing.last_review_at
    item.state, item.step = standing.state, standing.step
    item.stability, item.difficulty = standing.stability, standing.difficulty


async def _locked(repository: ReviewRepository, item_id: UUID) -> ReviewItem:
    item = await repository.get(item_id, lock=True)
    if item is None:
        raise NotFoundError
    return item


async def _graded(repository: ReviewRepository, item: ReviewItem) -> Graded:
    counts = await repository.counts(utc_now())
    return Graded(item=ReviewItemOut.model_validate(item), due=counts.due, next_due_at=counts.next_due_at)
