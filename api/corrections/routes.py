"""Routes about corrections: the learner's own, and those of learners whom one looks after."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.corrections import service
from api.corrections.schemas import CallCorrections
from api.database import Session
from api.identity.auth import CurrentPrincipal
from api.review import service as review
from api.review.routes import CurrentReading

router = APIRouter(tags=["corrections"])


@router.get("/calls/{call_id}/corrections", response_model=CallCorrections)
async def read_corrections(call_id: UUID, person: CurrentPrincipal, session: Session) -> CallCorrections:
    """What was found in the learner's words of one of their calls; during the call, what was found so far."""
    return await service.of_own_call(session, person, call_id)


@router.get("/review/calls/{call_id}/corrections", response_model=CallCorrections)
async def read_learners_corrections(call_id: UUID, reading: CurrentReading) -> CallCorrections:
    """The same, of a learner whom the person looks after; noted in the audit log."""
    await review.note_reading(reading, call_id)
    return await service.of_call(reading.session, call_id)


@router.put("/corrections/{correction_id}/dismissal", status_code=204, response_class=Response)
async def dismiss(correction_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Hide a correction as wrong: the learner's own, or one of a learner whom the person looks after."""
    await service.dismiss(session, person, correction_id)
    return Response(status_code=204)


@router.delete("/corrections/{correction_id}/dismissal", status_code=204, response_class=Response)
async def restore(correction_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Show a dismissed correction again."""
    await service.restore(session, person, correction_id)
    return Response(status_code=204)
