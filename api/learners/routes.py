"""Routes under /api/v1/review/learners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.audit.service import CurrentWitness
from api.database import Session
from api.identity.auth import Principal, RequireRole
from api.identity.models import MemberRole
from api.learners import service
from api.learners.schemas import Direction, LearnerPage, LearnerProfile, LearnerSort, Wanted
from api.text import PlainText

router = APIRouter(prefix="/review/learners", tags=["learners"])

Teacher = Annotated[Principal, Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))]


async def wanted(
    sort: LearnerSort = LearnerSort.ACTIVITY,
    order: Direction = Direction.DESCENDING,
    search: Annotated[PlainText, Query(max_length=100)] = "",
    program_id: UUID | None = None,
) -> Wanted:
    """The filter and order in an address."""
    return Wanted(sort, order, search, program_id)


@router.get("", response_model=LearnerPage)
async def list_learners(
    person: Teacher,
    session: Session,
    wanted: Annotated[Wanted, Depends(wanted)],
    cursor: Annotated[str | None, Query(max_length=600)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> LearnerPage:
    """The learners whom the person looks after, by last activity unless another order is asked for."""
    return await service.list_learners(session, person, wanted, cursor=cursor, limit=limit)


@router.get("/{learner_id}", response_model=LearnerProfile)
async def read_learner(
    learner_id: UUID, person: Teacher, session: Session, witness: CurrentWitness
) -> LearnerProfile:
    """A learner's page; noted in the audit log."""
    return await service.read_learner(session, person, witness, learner_id)
