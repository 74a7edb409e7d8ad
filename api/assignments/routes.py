"""Routes about assignments: under /api/v1/review for instructors, under /api/v1/users/me for learners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response

from api.assignments import service
from api.assignments.schemas import (
    AssignmentChange,
    AssignmentOut,
    AssignmentPage,
    Doing,
    NewAssignment,
)
from api.database import Session
from api.identity.auth import CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.pages import Cursor, decode_cursor

router = APIRouter(prefix="/review", tags=["assignments"])
learner_router = APIRouter(prefix="/users/me", tags=["assignments"])

Teacher = Annotated[Principal, Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))]
ReadVersion = Annotated[int, Query(ge=1, le=2**31 - 1, description="The version that was read.")]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/learners/{learner_id}/assignments", response_model=AssignmentPage)
async def list_assignments(
    learner_id: UUID, person: Teacher, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> AssignmentPage:
    """A learner's assignments, newest first."""
    after = decode_cursor(cursor)
    return await service.list_of_learner(session, person, learner_id, after=after, limit=limit)


@router.post("/learners/{learner_id}/assignments", status_code=201, response_model=AssignmentOut)
async def assign(learner_id: UUID, data: NewAssignment, person: Teacher, session: Session) -> AssignmentOut:
    """Ask a learner to practise something, by a day if need be."""
    return await service.assign(session, person, learner_id, data)


@router.patch("/assignments/{assignment_id}", response_model=AssignmentOut)
async def change_assignment(
    assignment_id: UUID, data: AssignmentChange, person: Teacher, session: Session
) -> AssignmentOut:
    """Change an assignment; 409 `changed_meanwhile` holds the present one."""
    return await service.change(session, person, assignment_id, data)


@router.delete("/assignments/{assignment_id}", status_code=204, response_class=Response)
async def delete_assignment(
    assignment_id: UUID, version: ReadVersion, person: Teacher, session: Session
) -> Response:
    """Remove an assignment."""
    await service.delete(session, person, assignment_id, version)
    return Response(status_code=204)


@learner_router.get("/assignments", response_model=AssignmentPage)
async def list_own_assignments(
    person: CurrentPrincipal, session: Session, cursor: Cursor = None, limit: Limit = 20
) -> AssignmentPage:
    """The learner's own assignments, newest first."""
    return await service.list_own(session, person, after=decode_cursor(cursor), limit=limit)


@learner_router.post("/assignments/{assignment_id}/done", response_model=AssignmentOut)
async def mark_done(
    assignment_id: UUID,
    person: CurrentPrincipal,
    session: Session,
    data: Annotated[Doing | None, Body()] = None,
) -> AssignmentOut:
    """The learner has done it, or takes that back."""
    done = data is None or data.done
    return await service.mark_done(session, person, assignment_id, done=done)
