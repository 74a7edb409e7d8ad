"""Routes about calls.

/api/v1/calls for the browser, /agent/calls for workers, /livekit/webhook for LiveKit.
"""

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.administration.switchboard import CurrentSwitches
from api.calls import record, service, webhooks
from api.calls.grants import Grant, verify
from api.calls.schemas import CallOut, TurnPage, WebhookAccepted
from api.contract.calls import (
    AppendTurns,
    CallClosed,
    CallOpened,
    CloseCall,
    LossNoted,
    OpenCall,
    Retrieve,
    Retrieved,
    TurnsAppended,
    WorkerNoted,
)
from api.contract.exams import AppendExamEvents, ExamEventsAppended
from api.contract.lessons import AppendLessonEvents, LessonEventsAppended
from api.curriculum.attempts import events as lesson_events
from api.database import Session
from api.errors import AvaazError, ForbiddenError, UnauthenticatedError
from api.exams import record as exams
from api.identity.auth import AppSettings, CurrentPrincipal
from api.knowledge import service as knowledge
from api.knowledge.retrieval import CurrentRetrieval
from api.listening import service as listening
from api.metrics import CurrentMetrics
from api.onboarding import spoken as placements
from api.pages import Cursor, decode_cursor
from infra.telemetry import get_logger

log = get_logger(__name__)

router = APIRouter(prefix="/calls", tags=["calls"])
agent_router = APIRouter(prefix="/agent/calls", tags=["agent"])
workers_router = APIRouter(prefix="/agent/workers", tags=["agent"])
webhook_router = APIRouter(prefix="/livekit", tags=["livekit"])

bearer = HTTPBearer(auto_error=False, description="The service key to open a call, its grant afterwards.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


@router.get("/{call_id}", response_model=CallOut)
async def read_call(call_id: UUID, person: CurrentPrincipal, session: Session) -> CallOut:
    """One of the learner's calls."""
    return await service.read_call(session, person, call_id)


@router.get("/{call_id}/turns", response_model=TurnPage)
async def list_turns(
    call_id: UUID,
    person: CurrentPrincipal,
    session: Session,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> TurnPage:
    """The transcript of one of the learner's calls, in order."""
    return await service.list_turns(session, person, call_id, after=decode_cursor(cursor), limit=limit)


async def require_service_key(credentials: Bearer, settings: AppSettings) -> None:
    """Admit only a worker that has the service key.

    Raises:
        UnauthenticatedError: The key is absent or wrong (`service_key`).
    """
    expected = settings.agent_service_key.get_secret_value().encode()
    offered = credentials.credentials.encode() if credentials else b""
    if not hmac.compare_digest(offered, expected):
        log.warning("service key refused", offered=bool(offered))
        raise UnauthenticatedError("The service key is not valid.", code="service_key")


async def require_grant(call_id: UUID, credentials: Bearer, settings: AppSettings) -> Grant:
    """Admit only the holder of a grant for the call in the address.

    Raises:
        UnauthenticatedError: There is no grant, or it has expired or is forged.
        ForbiddenError: The grant is for another call (`grant_other_call`).
    """
    try:
        if credentials is None:
            raise UnauthenticatedError("A grant is needed.", code="grant_required")
        grant = verify(settings, credentials.credentials)
        if grant.call_id != call_id:
            raise ForbiddenError("The grant is for another call.", code="grant_other_call")
    except AvaazError as refusal:
        log.warning("grant refused", code=refusal.code, call_id=str(call_id))
        raise
    return grant


CallGrant = Annotated[Grant, Depends(require_grant)]


@agent_router.post(
    "", status_code=201, response_model=CallOpened, dependencies=[Depends(require_service_key)]
)
async def open_call(
    request: OpenCall,
    session: Session,
    settings: AppSettings,
    switches: CurrentSwitches,
    metrics: CurrentMetrics,
) -> CallOpened:
    """A job started: open the call of its room, or carry it on, and tell the job what it needs to know."""
    opened = await record.open_call(session, settings, switches, request)
    metrics.calls_opened.labels(resumed=str(opened.brief.resumed).lower()).inc()
    return opened


@agent_router.post("/{call_id}/turns", response_model=TurnsAppended)
async def append_turns(
    batch: AppendTurns, grant: CallGrant, session: Session, metrics: CurrentMetrics
) -> TurnsAppended:
    """Keep a batch of turns; sent again, nothing is doubled."""
    call = await record.granted_call(session, grant, appending=True)
    appended = await record.append_turns(session, call, batch.turns)
    metrics.turns_kept.inc(appended.added)
    return appended


@agent_router.post("/{call_id}/lesson", response_model=LessonEventsAppended)
async def append_lesson_events(
    batch: AppendLessonEvents, grant: CallGrant, session: Session
) -> LessonEventsAppended:
    """Keep what happened in the call's lesson; sent again, late or in another order, nothing changes."""
    call = await record.granted_call(session, grant, appending=True)
    placed = await placements.events_came(session, call, batch)
    return placed or await lesson_events.append(session, call, batch)


@agent_router.post("/{call_id}/exam", response_model=ExamEventsAppended)
async def append_exam_events(
    batch: AppendExamEvents, grant: CallGrant, session: Session
) -> ExamEventsAppended:
    """Keep what moved the clock of the call's exam, each number once; answers the whole record."""
    call = await record.granted_call(session, grant, appending=True)
    return await exams.append(session, call, batch, grant.job_id)


@agent_router.post("/{call_id}/retrieve", response_model=Retrieved)
async def retrieve(
    query: Retrieve, grant: CallGrant, session: Session, retrieval: CurrentRetrieval
) -> Retrieved:
    """Passages that fit the query, within what the call's learner may see; none where nothing fits."""
    call = await record.granted_call(session, grant, appending=False)
    return await knowledge.retrieve(session, retrieval, call, query)


@agent_router.post("/{call_id}/close", response_model=CallClosed)
async def close_call(
    closing: CloseCall, grant: CallGrant, session: Session, metrics: CurrentMetrics
) -> CallClosed:
    """The call is over: keep its usage and say which turns the record still lacks."""
    call = await record.granted_call(session, grant, appending=True, lock=True)
    closed = await record.close_call(session, call, grant.job_id, closing)
    metrics.calls_closed.labels(reason=closing.reason).inc()
    return closed


@agent_router.post("/{call_id}/lost", response_model=LossNoted)
async def report_lost(grant: CallGrant, session: Session, metrics: CurrentMetrics) -> LossNoted:
    """The grant's job has died without closing its call: another coach is called at once."""
    call = await record.granted_call(session, grant, appending=True, lock=True)
    noted = await record.report_lost(session, call, grant.job_id)
    metrics.jobs_lost.inc(noted.replaced)
    return noted


@workers_router.post("/ready", response_model=WorkerNoted, dependencies=[Depends(require_service_key)])
async def worker_ready(session: Session) -> WorkerNoted:
    """LiveKit has registered a worker: rooms that wait for a coach get one now."""
    await record.note_worker(session)
    return WorkerNoted()


@webhook_router.post("/webhook", response_model=WebhookAccepted)
async def livekit_webhook(request: Request, session: Session, settings: AppSettings) -> WebhookAccepted:
    """LiveKit's signed webhook."""
    event = await webhooks.verified_event(
        settings, await request.body(), request.headers.get("authorization")
    )
    await webhooks.handle(session, settings, event)
    if event.event == "participant_left" and webhooks.is_listener(event):
        await listening.listener_left(request.app.state.livekit, event.room.name)
    return WebhookAccepted()
