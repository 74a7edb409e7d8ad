"""Routes about recordings: consent, hearing a call, and the segments that workers bring."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Header, Path, Response
from fastapi.responses import StreamingResponse

from api.administration.registry import SettingKey
from api.administration.switchboard import CurrentSwitches, Switches
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.audit.service import CurrentWitness
from api.calls import record
from api.calls.routes import CallGrant
from api.contract.calls import MAX_SEGMENT_NUMBER, SegmentKept
from api.contract.sound import AUDIO_TYPE
from api.database import Session
from api.errors import ForbiddenError, InvalidError
from api.identity.auth import AppSettings, Browsers, CookieValue, CurrentPrincipal, Principal
from api.recordings import consent, links, ranges, service
from api.recordings.schemas import HearingState, RecordingConsentAnswer, RecordingConsentOut, RecordingOut
from api.storage import CurrentStorage

router = APIRouter(tags=["recordings"])
agent_recordings_router = APIRouter(prefix="/agent/calls", tags=["agent"])

SOUND = {AUDIO_TYPE: {"schema": {"type": "string", "format": "binary"}}}
SegmentNumber = Annotated[int, Path(ge=0, le=MAX_SEGMENT_NUMBER)]


@router.get("/users/me/recording-consent", response_model=RecordingConsentOut)
async def read_consent(
    person: CurrentPrincipal, session: Session, settings: AppSettings, switches: CurrentSwitches
) -> RecordingConsentOut:
    """Whether the person's calls may be recorded, and whether they were asked."""
    return _within(switches, person, await consent.state_of(session, settings, person))


@router.put("/users/me/recording-consent", response_model=RecordingConsentOut)
async def answer_consent(
    answer: RecordingConsentAnswer,
    person: CurrentPrincipal,
    session: Session,
    settings: AppSettings,
    switches: CurrentSwitches,
) -> RecordingConsentOut:
    """Say yes or no to recording; a no stops the recording of a call that goes on."""
    return _within(switches, person, await consent.give_answer(session, settings, person, answer))


def _within(switches: Switches, person: Principal, state: RecordingConsentOut) -> RecordingConsentOut:
    """How it stands where the installation or the organisation may have recording switched off."""
    possible = switches.allows(SettingKey.RECORDINGS, person.organisation_id)
    return state.model_copy(update={"possible": possible, "granted": state.granted and possible})


@router.get("/calls/{call_id}/recording", response_model=RecordingOut)
async def read_recording(
    call_id: UUID,
    person: CurrentPrincipal,
    session: Session,
    settings: AppSettings,
    witness: CurrentWitness,
) -> RecordingOut:
    """The recording of a call, with an address that plays it for some minutes.

    Whoever hears somebody else's call is noted before.
    """
    learner_id = await service.learner_of_hearable(session, person, call_id)
    recording = await service.hear(session, settings, person, call_id)
    if recording.state is HearingState.READY:
        subject = Subject("call", call_id)
        await witness.note(person, AuditAction.CALL_HEARD, subject=subject, learner_id=learner_id)
    return recording


async def played_link(
    link: str, settings: AppSettings, browsers: Browsers, cookie: CookieValue
) -> links.Link:
    """What a link plays. It is proof enough; but a browser in which somebody else is signed in is refused.

    Raises:
        UnauthenticatedError: The link does not work, or not any more.
        ForbiddenError: It was made for somebody else (`link_of_another`).
    """
    meant = links.read(settings, link)
    holder = await browsers.holder(cookie) if cookie else None
    if holder is not None and holder.user.id != meant.user_id:
        raise ForbiddenError("This link was made for somebody else.", code="link_of_another")
    return meant


@router.get(
    "/recordings/{link}",
    response_class=StreamingResponse,
    responses={200: {"content": SOUND}, 206: {"content": SOUND, "description": "A range of it."}},
)
async def play(
    meant: Annotated[links.Link, Depends(played_link)],
    session: Session,
    storage: CurrentStorage,
    wanted: Annotated[str | None, Header(alias="Range")] = None,
    if_range: Annotated[str | None, Header(alias="If-Range")] = None,
) -> Response:
    """The sound itself, whole or a range of it."""
    recording = await service.of_link(session, meant)
    etag, size = f'"{recording.sha256}"', recording.size_bytes
    headers = {"Accept-Ranges": "bytes", "ETag": etag, "Cache-Control": "private, no-store"}
    try:
        span = ranges.asked(wanted, if_range, etag=etag, size=size)
    except ranges.UnsatisfiableRangeError:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    given = span or ranges.Span(0, size, size)
    headers["Content-Length"] = str(given.end - given.start)
    if span:
        headers["Content-Range"] = span.content_range
    sound = storage.read(recording.object_key or "", given.start, given.end)
    return StreamingResponse(sound, 206 if span else 200, headers, AUDIO_TYPE)


async def sent_sound(
    data: Annotated[bytes, Body(media_type=AUDIO_TYPE)], content_type: Annotated[str, Header()]
) -> bytes:
    """The segment in a request.

    Raises:
        InvalidError: It is said to be something else (`segment_invalid`).
    """
    if content_type.split(";")[0].strip() != AUDIO_TYPE:
        raise InvalidError(f"A segment is {AUDIO_TYPE}.", code="segment_invalid")
    return data


@agent_recordings_router.put("/{call_id}/audio/{number}", response_model=SegmentKept)
async def keep_segment(
    number: SegmentNumber,
    data: Annotated[bytes, Depends(sent_sound)],
    grant: CallGrant,
    session: Session,
    storage: CurrentStorage,
) -> SegmentKept:
    """Keep a segment of a call's recording; sent again, nothing is doubled."""
    call = await record.granted_call(session, grant, appending=True)
    return await service.keep_segment(session, storage, call, number, data)
