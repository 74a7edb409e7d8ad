"""Routes under /api/v1/admin/jobs: what waits, what runs, and what failed for good. For operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.administration.desk import Desk, OperatorsDesk
from api.administration.schemas import JobsOut
from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.database import Session
from api.dead_letters import service
from api.dead_letters.schemas import DeadLetterPage
from api.pages import Cursor, decode_cursor

router = APIRouter(prefix="/admin/jobs", tags=["administration"])


@router.get("", response_model=JobsOut)
async def read_jobs(_desk: OperatorsDesk, session: Session) -> JobsOut:
    """How many jobs of each kind are in which state, and the next ones."""
    return JobsOut(
        states=await service.queue_states(session), waiting=await service.waiting_jobs(session, limit=50)
    )


@router.get("/dead", response_model=DeadLetterPage)
async def list_dead(
    _desk: OperatorsDesk,
    session: Session,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DeadLetterPage:
    """Jobs that used up their attempts, newest first; not what they were about."""
    return await service.list_dead(session, after=decode_cursor(cursor), limit=limit)


@router.post("/dead/{letter_id}/retry", status_code=204, response_class=Response)
async def retry(letter_id: UUID, desk: OperatorsDesk, session: Session) -> Response:
    """Put a job that failed for good on the queue again."""
    await service.retry(session, letter_id)
    await _note(session, desk, AuditAction.JOB_RETRIED, letter_id)
    return Response(status_code=204)


@router.delete("/dead/{letter_id}", status_code=204, response_class=Response)
async def discard(letter_id: UUID, desk: OperatorsDesk, session: Session) -> Response:
    """Let go of a job that failed for good."""
    await service.discard(session, letter_id)
    await _note(session, desk, AuditAction.JOB_DISCARDED, letter_id)
    return Response(status_code=204)


async def _note(session: Session, desk: Desk, action: AuditAction, letter_id: UUID) -> None:
    await audit.record(session, desk.person, action, subject=Subject("dead_letter", letter_id))
