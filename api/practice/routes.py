"""Routes about reviews and what practising earns; everything is the signed-in person's own."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response

from api.database import Session
from api.identity.auth import CurrentPrincipal
from api.pages import Cursor, decode_cursor
from api.practice import rewards, saying, service
from api.practice.schemas import (
    DueReviews,
    GoalUpdate,
    Graded,
    Grading,
    PracticeOut,
    ReviewPage,
    ReviewSummary,
    Said,
    Typed,
    Undoing,
)
from api.rate_limit import Limiter
from api.speech.service import AppSpeech
from api.time_zones import is_time_zone
from api.time_zones import time_zone as zone_named

router = APIRouter(tags=["practice"])

Zone = Annotated[
    str | None,
    Query(max_length=64, description="Whose days count where the person's preferences do not say it."),
]
Limit = Annotated[int, Query(ge=1, le=100)]
RECORDING = {
    "requestBody": {
        "required": True,
        "content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def days_of(person: CurrentPrincipal, time_zone: Zone = None) -> ZoneInfo:
    """The time zone of the person's days.

    Raises:
        InvalidError: There is no such time zone (`unknown_time_zone`).
    """
    named = zone_named(time_zone or "UTC")
    own = person.user.time_zone
    return zone_named(own) if own and is_time_zone(own) else named


Days = Annotated[ZoneInfo, Depends(days_of)]


@router.get("/practice", response_model=PracticeOut)
async def read_practice(person: CurrentPrincipal, session: Session, days: Days) -> PracticeOut:
    """Streak, the week against its goal, points and badges."""
    return await rewards.overview(session, person, days)


@router.put("/practice/goal", status_code=204, response_class=Response)
async def set_goal(body: GoalUpdate, person: CurrentPrincipal, session: Session) -> Response:
    """Choose how many minutes a week to speak."""
    await rewards.set_goal(session, person, body.minutes)
    return Response(status_code=204)


@router.get("/reviews", response_model=ReviewPage)
async def list_reviews(
    person: CurrentPrincipal,
    session: Session,
    suspended: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ReviewPage:
    """The items that come back, or those that are left out, the newest first."""
    return await service.page(session, person, suspended=suspended, after=decode_cursor(cursor), limit=limit)


@router.get("/reviews/due", response_model=DueReviews)
async def read_due(person: CurrentPrincipal, session: Session, limit: Limit = 50) -> DueReviews:
    """What is due now, the item that has waited longest first."""
    return await service.due(session, person, limit)


@router.get("/reviews/summary", response_model=ReviewSummary)
async def read_summary(person: CurrentPrincipal, session: Session, days: Days) -> ReviewSummary:
    """How many items there are, and how many come back on each of the next seven days."""
    return await service.summary(session, person, days)


@router.post("/reviews/{item_id}", response_model=Graded)
async def grade(
    item_id: UUID, body: Grading, person: CurrentPrincipal, session: Session, days: Days
) -> Graded:
    """Say how well an item came; it comes back when it is about to be forgotten."""
    return await service.grade(session, person, days, item_id, body)


@router.post("/reviews/{item_id}/undo", response_model=Graded)
async def undo(item_id: UUID, body: Undoing, person: CurrentPrincipal, session: Session) -> Graded:
    """Take an item's last grading back."""
    return await service.undo(session, person, item_id, body)


@router.post("/reviews/{item_id}/said", response_model=Said, openapi_extra=RECORDING)
async def hear(  # noqa: PLR0917 - dependencies
    item_id: UUID,
    request: Request,
    person: CurrentPrincipal,
    session: Session,
    speech: AppSpeech,
    limits: Limiter,
) -> Said:
    """What a recording says, beside the item's answer: a WAV file of half a minute at most, kept nowhere."""
    item = await service.read(session, person, item_id)
    limits.speech.take(str(person.user.id))
    return saying.beside(await speech.hear(await request.body()), item.answer)


@router.post("/reviews/{item_id}/typed", response_model=Said)
async def compare(item_id: UUID, body: Typed, person: CurrentPrincipal, session: Session) -> Said:
    """What was typed, beside the item's answer."""
    item = await service.read(session, person, item_id)
    return saying.beside(body.text, item.answer)


@router.put("/reviews/{item_id}/suspension", status_code=204, response_class=Response)
async def suspend(item_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Leave an item out."""
    await service.suspend(session, person, item_id, suspended=True)
    return Response(status_code=204)


@router.delete("/reviews/{item_id}/suspension", status_code=204, response_class=Response)
async def restore(item_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Take an item in again."""
    await service.suspend(session, person, item_id, suspended=False)
    return Response(status_code=204)


@router.delete("/reviews/{item_id}", status_code=204, response_class=Response)
async def remove(item_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Remove an item for good."""
    await service.remove(session, person, item_id)
    return Response(status_code=204)
