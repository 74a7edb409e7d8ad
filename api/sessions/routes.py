"""Routes under /api/v1/sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query

from api.administration.switchboard import CurrentSwitches
from api.calls import service as calls
from api.calls.schemas import CallPage
from api.contract.calls import Mode
from api.database import Session
from api.identity import consents
from api.identity.auth import AppSettings, CurrentPrincipal
from api.pages import Cursor, decode_cursor
from api.rate_limit import Limiter
from api.sessions import tokens
from api.sessions.schemas import OpenCallOut, SessionOut, TokenOut, TokenRequest
from infra.telemetry import correlation_id

router = APIRouter(prefix="/sessions", tags=["sessions"])


@router.get("/default", response_model=SessionOut)
async def read_default(person: CurrentPrincipal, session: Session) -> SessionOut:
    """The learner's continuing session, with the call that is going on, if any."""
    state = await calls.default_state(session, person)
    found = state.practice
    return SessionOut(
        id=found.id,
        mode=Mode(found.mode),
        summary=found.summary,
        last_activity_at=found.last_activity_at,
        call_count=state.call_count,
        open_call=OpenCallOut(id=state.open_call.id, started_at=state.open_call.started_at)
        if state.open_call
        else None,
        created_at=found.created_at,
    )


@router.post("/default/token", status_code=201, response_model=TokenOut)
async def mint_token(  # noqa: PLR0917 - FastAPI passes each by name
    person: CurrentPrincipal,
    session: Session,
    settings: AppSettings,
    switches: CurrentSwitches,
    limiter: Limiter,
    request: Annotated[TokenRequest | None, Body()] = None,
) -> TokenOut:
    """LiveKit's standard token endpoint: a short-lived token for the one room of the learner's present call.

    Has no side effects. Answers 503 `server_full` while every place is taken by other learners, 503
    `maintenance` while no call may begin, and 403 `consent_needed` (or `email_unverified`, `age_needed`,
    where the settings ask for them) to those who may not talk yet.
    """
    limiter.token.take(str(person.user.id))
    await consents.require_may_talk(session, settings, person.user)
    room = await calls.room_to_join(session, settings, switches, person)
    chosen_name = request.participant_name if request else None
    token = tokens.mint(
        settings,
        tokens.Admission(
            user_id=person.user.id,
            display_name=chosen_name or person.user.display_name,
            room=room,
            correlation_id=correlation_id.get(),
        ),
    )
    return TokenOut(server_url=settings.browser_livekit_url, participant_token=token)


@router.get("/{session_id}/calls", response_model=CallPage)
async def list_calls(
    session_id: UUID,
    person: CurrentPrincipal,
    session: Session,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> CallPage:
    """The calls of a session, newest first."""
    return await calls.list_calls(session, person, session_id, after=decode_cursor(cursor), limit=limit)
