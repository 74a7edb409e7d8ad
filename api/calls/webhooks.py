"""What LiveKit's signed webhooks tell: rooms that ended, participants who came and went."""

from datetime import UTC, datetime, timedelta

from livekit import api as lkapi
from livekit.protocol.models import ParticipantInfo
from sqlalchemy.ext.asyncio import AsyncSession

from api.calls.record import end_call
from api.calls.repository import CallRepository
from api.calls.rooms import RoomRef, parse_room
from api.contract.calls import CloseReason
from api.contract.room import LISTENER_PREFIX, coach_identity
from api.errors import NotFoundError, UnauthenticatedError
from api.exams import record as exams
from api.jobs import JobName, enqueue
from api.sessions import service as sessions
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

AGENT_GRACE = timedelta(seconds=1.5)
"""An agent that leaves at a call's end has its close on the way; only then is its absence a loss."""
WEBHOOK_RESOLUTION = timedelta(seconds=1)
"""A webhook tells its time in whole seconds, cut off."""


async def verified_event(settings: Settings, body: bytes, authorization: str | None) -> lkapi.WebhookEvent:
    """Read a webhook.

    Raises:
        UnauthenticatedError: Its signature is absent, wrong or for another body (`webhook_signature`).
    """
    verifier = lkapi.TokenVerifier(settings.livekit_api_key, settings.livekit_api_secret.get_secret_value())
    try:
        return lkapi.WebhookReceiver(verifier).receive(body.decode(), (authorization or "").strip())
    except Exception as error:  # the receiver raises bare exceptions of many kinds
        log.warning("webhook refused", reason=type(error).__name__)
        raise UnauthenticatedError(
            "The webhook's signature is not valid.", code="webhook_signature"
        ) from None


async def handle(session: AsyncSession, settings: Settings, event: lkapi.WebhookEvent) -> None:
    """Act on an event of one of our rooms; others are not ours to judge. Told twice, it changes nothing."""
    ref = parse_room(settings, event.room.name)
    if ref is None:
        return
    await sessions.act_for_owner(session, ref.session_id)
    if is_listener(event):
        return
    if event.event in {"participant_joined", "participant_left"}:
        await _record_attendance(session, ref, event)
    if event.event == "participant_left":
        await _somebody_left(session, event)
    if event.event == "participant_joined" and event.participant.kind == ParticipantInfo.AGENT:
        await _agent_joined(session, event)
    if event.event == "room_finished":
        await _close_finished(session, event)


def is_listener(event: lkapi.WebhookEvent) -> bool:
    """Whether it is about somebody who listens in, who is no part of the call."""
    return event.participant.identity.startswith(LISTENER_PREFIX)


async def _record_attendance(session: AsyncSession, ref: RoomRef, event: lkapi.WebhookEvent) -> None:
    person = event.participant
    try:
        practice = await sessions.session_by_id(session, ref.session_id)
    except NotFoundError:
        return
    at = datetime.fromtimestamp(event.created_at, tz=UTC)
    joined = datetime.fromtimestamp(person.joined_at, tz=UTC) if person.joined_at else at
    await CallRepository(session).record_attendance(
        {
            "organisation_id": practice.organisation_id,
            "session_id": practice.id,
            "room": event.room.name,
            "participant_sid": person.sid[:64],
            "is_agent": person.kind == ParticipantInfo.AGENT,
            "joined_at": joined,
            "left_at": at if event.event == "participant_left" else None,
        }
    )


async def _somebody_left(session: AsyncSession, event: lkapi.WebhookEvent) -> None:
    room = event.room.name
    call = await CallRepository(session).by_room(room)
    if call is None or call.ended_at is not None:
        return
    if event.participant.kind == ParticipantInfo.AGENT:
        await enqueue(session, JobName.ENSURE_AGENT, {"room": room}, delay=AGENT_GRACE)
    at = datetime.fromtimestamp(event.created_at, tz=UTC) + WEBHOOK_RESOLUTION
    await exams.somebody_left(session, call, at)


async def _agent_joined(session: AsyncSession, event: lkapi.WebhookEvent) -> None:
    call = await CallRepository(session).by_room(event.room.name)
    if call is not None and event.participant.identity == coach_identity(call.job_id):
        await exams.note_return(session, call)


async def _close_finished(session: AsyncSession, event: lkapi.WebhookEvent) -> None:
    """Close the call of a room that ended, unless the room was seen living since."""
    call = await CallRepository(session).by_room(event.room.name, lock=True)
    if call is None:
        return
    finished = datetime.fromtimestamp(event.created_at, tz=UTC)
    if finished + timedelta(seconds=1) >= call.last_seen_at:
        await end_call(session, call, CloseReason.ROOM_FINISHED, finished)
