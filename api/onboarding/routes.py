"""Routes under /api/v1/users/me about beginning, and an instructor's word on a level."""

from uuid import UUID

from fastapi import APIRouter, Depends

from api.database import Session
from api.identity.auth import CurrentPrincipal, RequireRole
from api.identity.models import MemberRole
from api.onboarding import service
from api.onboarding.schemas import (
    LevelOut,
    LevelUpdate,
    OnboardingOut,
    OnboardingUpdate,
    PlacementAnswers,
    PlacementOut,
    PlacementStart,
)

router = APIRouter(prefix="/users/me", tags=["onboarding"])
review_router = APIRouter(
    prefix="/review/learners/{learner_id}/level",
    tags=["onboarding"],
    dependencies=[Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))],
)


@router.get("/onboarding", response_model=OnboardingOut)
async def read_onboarding(person: CurrentPrincipal, session: Session) -> OnboardingOut:
    """What the signed-in person said at the beginning."""
    return await service.state_of(session, person)


@router.patch("/onboarding", response_model=OnboardingOut)
async def update_onboarding(
    changes: OnboardingUpdate, person: CurrentPrincipal, session: Session
) -> OnboardingOut:
    """Answer the first questions, or some of them, or say that they are done with."""
    return await service.update(session, person, changes)


@router.get("/level", response_model=LevelOut)
async def read_level(person: CurrentPrincipal, session: Session) -> LevelOut:
    """The level, who or what said it, and the levels before."""
    return await service.level_of(session, person.organisation_id, person.user)


@router.put("/level", response_model=LevelOut)
async def choose_level(chosen: LevelUpdate, person: CurrentPrincipal, session: Session) -> LevelOut:
    """Choose one's level by hand."""
    return await service.choose_level(session, person, chosen.level)


@router.post("/placements", status_code=201, response_model=PlacementOut)
async def begin_placement(wanted: PlacementStart, person: CurrentPrincipal, session: Session) -> PlacementOut:
    """Begin to be placed: a typed one answers with its tasks, a spoken one is the next call."""
    return await service.begin(session, person, wanted.kind)


@router.get("/placements/{placement_id}", response_model=PlacementOut)
async def read_placement(placement_id: UUID, person: CurrentPrincipal, session: Session) -> PlacementOut:
    """A placement, with the level that came out and its reasons."""
    return await service.placement_of(session, person, placement_id)


@router.post("/placements/{placement_id}/answers", response_model=PlacementOut)
async def answer_placement(
    placement_id: UUID, given: PlacementAnswers, person: CurrentPrincipal, session: Session
) -> PlacementOut:
    """Hand in a typed placement: the level is set at once, and can be changed at once."""
    return await service.answer(session, person, placement_id, given)


@review_router.get("", response_model=LevelOut)
async def read_level_of_learner(learner_id: UUID, person: CurrentPrincipal, session: Session) -> LevelOut:
    """A learner's level and how it came about."""
    return await service.level_of_learner(session, person, learner_id)


@review_router.put("", response_model=LevelOut)
async def set_level_of_learner(
    learner_id: UUID, chosen: LevelUpdate, person: CurrentPrincipal, session: Session
) -> LevelOut:
    """Set a learner's level."""
    return await service.set_level_of_learner(session, person, learner_id, chosen.level)
