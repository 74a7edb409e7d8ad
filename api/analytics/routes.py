"""Routes about figures: the learner's own, a learner's for who may see them, a program's."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.analytics import service
from api.analytics.language import service as language
from api.analytics.language.schemas import LearnerLanguage
from api.analytics.programs import service as programs
from api.analytics.schemas import LearnerFigures, ProgramFigures, RefreshOut
from api.database import Session
from api.identity.auth import CurrentPrincipal
from api.organisations.access import require_visible
from api.rate_limit import Limiter
from api.time_zones import time_zone as zone_named

router = APIRouter(prefix="/analytics", tags=["analytics"])

Zone = Annotated[str, Query(max_length=64, description="Time zone of days and weeks, as Europe/Madrid.")]
Weeks = Annotated[int, Query(ge=1, le=53)]


@router.get("/me", response_model=LearnerFigures)
async def read_own_figures(
    person: CurrentPrincipal, session: Session, time_zone: Zone = "UTC", weeks: Weeks = 12
) -> LearnerFigures:
    """How the signed-in learner stands: minutes, calls, streak, and the trend by week."""
    return await service.learner_figures(
        session, person.organisation_id, person.user.id, zone=time_zone, weeks=weeks
    )


@router.get("/me/language", response_model=LearnerLanguage)
async def read_own_language(
    person: CurrentPrincipal, session: Session, time_zone: Zone = "UTC", weeks: Weeks = 12
) -> LearnerLanguage:
    """The signed-in learner's words by level, and how fluently they spoke week after week."""
    zone = zone_named(time_zone)
    return await language.language_of(session, person.organisation_id, person.user.id, zone, weeks)


@router.get("/learners/{learner_id}", response_model=LearnerFigures)
async def read_learner_figures(
    learner_id: UUID,
    person: CurrentPrincipal,
    session: Session,
    time_zone: Zone = "UTC",
    weeks: Weeks = 12,
) -> LearnerFigures:
    """The same of a learner, for their instructors and administrators."""
    await require_visible(session, person, learner_id)
    return await service.learner_figures(
        session, person.organisation_id, learner_id, zone=time_zone, weeks=weeks
    )


@router.get("/programs/{program_id}", response_model=ProgramFigures)
async def read_program_figures(
    program_id: UUID, person: CurrentPrincipal, session: Session, weeks: Weeks = 12
) -> ProgramFigures:
    """What may be told of a program, for those who teach it and administrators."""
    return await programs.figures(session, person, program_id, weeks)


@router.post("/programs/{program_id}/refresh", status_code=202, response_model=RefreshOut)
async def refresh_program_figures(
    program_id: UUID, person: CurrentPrincipal, session: Session, limits: Limiter
) -> RefreshOut:
    """Have the figures reckoned now rather than by night."""
    await programs.ask_for_refresh(session, person, program_id)
    limits.refresh.take(str(person.organisation_id))
    return RefreshOut()
