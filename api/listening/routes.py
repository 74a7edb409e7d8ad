"""Routes about listening in: the learner's choice, and the instructor's way into a call."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from api.administration.registry import SettingKey
from api.administration.switchboard import CurrentSwitches
from api.calls.livekit import LiveKit
from api.database import Session
from api.identity.auth import AppSettings, CurrentPrincipal, Principal, RequireRole
from api.identity.models import MemberRole
from api.listening import service
from api.listening.schemas import ListeningChoice, ListeningOut, ListeningPass

router = APIRouter(tags=["listening"])

Teacher = Annotated[Principal, Depends(RequireRole(MemberRole.INSTRUCTOR, MemberRole.ADMIN))]


async def livekit(request: Request) -> LiveKit:
    """The application's client of LiveKit."""
    client: LiveKit = request.app.state.livekit
    return client


CurrentLiveKit = Annotated[LiveKit, Depends(livekit)]


@router.get("/users/me/listening", response_model=ListeningOut)
async def read_choice(person: CurrentPrincipal, session: Session) -> ListeningOut:
    """Whether instructors may listen in on the learner's calls; they may not unless the learner says so."""
    return await service.state_of(session, person)


@router.put("/users/me/listening", response_model=ListeningOut)
async def choose(
    choice: ListeningChoice, person: CurrentPrincipal, session: Session, livekit: CurrentLiveKit
) -> ListeningOut:
    """Allow listening in, or not; a no ends it in a call that goes on."""
    return await service.choose(session, livekit, person, allowed=choice.allowed)


@router.post("/review/calls/{call_id}/listen", status_code=201, response_model=ListeningPass)
async def listen(  # noqa: PLR0917 - FastAPI passes each by name
    call_id: UUID,
    person: Teacher,
    session: Session,
    settings: AppSettings,
    switches: CurrentSwitches,
    livekit: CurrentLiveKit,
) -> ListeningPass:
    """Listen in on a call that goes on; the learner sees it, and it is noted.

    Answers 403 `listening_not_allowed` where the learner or the organisation does not allow it, 409
    `call_over` after the end.
    """
    switches.require_on(
        SettingKey.LISTENING_IN,
        person.organisation_id,
        code="listening_not_allowed",
        message="Your organisation does not allow listening in.",
    )
    return await service.listen(session, settings, livekit, person, call_id)
