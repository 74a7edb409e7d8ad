"""Routes about reports, and about what the coach remembers."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.database import Session
from api.identity.auth import CurrentPrincipal
from api.memory import service
from api.memory.schemas import MemoryOut, ReportOut

router = APIRouter(tags=["memory"])


@router.get("/calls/{call_id}/report", response_model=ReportOut)
async def read_report(call_id: UUID, person: CurrentPrincipal, session: Session) -> ReportOut:
    """The report on one of the learner's calls: `pending` until it is written, within a minute of the end.

    `refused` says that too little was said for an honest one, `failed` that it could not be written.
    """
    return await service.report_of(session, person, call_id)


@router.get("/users/me/memory", response_model=MemoryOut)
async def read_memory(person: CurrentPrincipal, session: Session) -> MemoryOut:
    """What the coach remembers of the signed-in person, each thing with the words it rests on."""
    return await service.memory_of(session, person)


@router.delete("/users/me/memory", status_code=204, response_class=Response)
async def forget_all(person: CurrentPrincipal, session: Session) -> Response:
    """Let the coach forget everything that it was told; the calls themselves stay."""
    await service.forget_all(session, person)
    return Response(status_code=204)


@router.delete("/users/me/memory/{fact_id}", status_code=204, response_class=Response)
async def forget_fact(fact_id: UUID, person: CurrentPrincipal, session: Session) -> Response:
    """Let the coach forget one thing; it comes back only if it is said again."""
    await service.forget_fact(session, person, fact_id)
    return Response(status_code=204)
