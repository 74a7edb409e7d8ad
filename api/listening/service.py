"""Who may listen in, the pass for it, and telling the learner as long as somebody does."""

from datetime import timedelta
from uuid import UUID

from livekit import api as lkapi
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit import service as audit
from api.audit.models import AuditAction
from api.audit.schemas import Subject
from api.calls.livekit import LiveKit, LiveKitUnavailableError
from api.contract.room import LISTENED_IN, listener_identity
from api.database import utc_now
from api.errors import ConflictError, ForbiddenError, NotFoundError, UnavailableError
from api.identity.auth import Principal
from api.listening.repository import ListeningRepository
from api.listening.schemas import ListeningOut, ListeningPass
from api.organisations import access
from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

PASS_TTL = timedelta(minutes=2)
"""Time to come into the room; who is in stays until the call ends or the learner takes the consent back."""


async def state_of(session: AsyncSession, person: Principal) -> ListeningOut:
    """Whether the learner lets instructors of their organisation listen in."""
    since = await ListeningRepository(session, person.organisation_id).since(person.user.id)
    return ListeningOut(allowed=since is not None, since=since)


async def choose(
    session: AsyncSession, livekit: LiveKit, person: Principal, *, allowed: bool
) -> ListeningOut:
    """Keep the learner's choice. A no puts whoever listens out of the call that goes on.

    Raises:
        UnavailableError: Somebody may be listening and could not be put out; nothing was changed.
    """
    repository = ListeningRepository(session, person.organisation_id)
    keep = repository.allow if allowed else repository.withdraw
    if await keep(person.user.id, utc_now()):
        action = AuditAction.CONSENT_GIVEN if allowed else AuditAction.CONSENT_WITHDRAWN
        await audit.record(session, person, action, learner_id=person.user.id, details={"what": "listening"})
    room = None if allowed else await repository.open_room(person.user.id)
    if room is not None:
        await _put_out(livekit, room)
    return await state_of(session, person)


async def listen(
    session: AsyncSession, settings: Settings, livekit: LiveKit, person: Principal, call_id: UUID
) -> ListeningPass:
    """Let an instructor into a call that goes on, unseen and mute; the learner is told before.

    Raises:
        NotFoundError: The call is not theirs to see.
        ForbiddenError: The learner does not allow it (`listening_not_allowed`).
        ConflictError: The call is over (`call_over`).
        UnavailableError: The learner cannot be told now.
    """
    repository = ListeningRepository(session, person.organisation_id)
    found = await repository.call(call_id)
    if found is None:
        raise NotFoundError
    call, learner_id = found
    await access.require_visible(session, person, learner_id)
    if await repository.since(learner_id) is None:
        raise ForbiddenError("The learner does not allow listening in.", code="listening_not_allowed")
    if call.ended_at is not None:
        raise ConflictError("The call is over.", code="call_over")
    try:
        await livekit.tell_room(call.room, LISTENED_IN)
    except LiveKitUnavailableError as error:
        raise UnavailableError from error
    await audit.record(
        session,
        person,
        AuditAction.CALL_LISTENED_IN,
        subject=Subject("call", call_id),
        learner_id=learner_id,
    )
    token = _pass(settings, person, call.room)
    return ListeningPass(server_url=settings.browser_livekit_url, participant_token=token)


async def listener_left(livekit: LiveKit, room: str) -> None:
    """Somebody stopped listening: the learner is told once nobody listens any more."""
    try:
        if not await livekit.listeners(room):
            await livekit.tell_room(room, "")
    except LiveKitUnavailableError as error:
        log.warning("room not told that nobody listens", error=str(error))


async def _put_out(livekit: LiveKit, room: str) -> None:
    try:
        for identity in await livekit.listeners(room):
            await livekit.remove(room, identity)
    except LiveKitUnavailableError as error:
        raise UnavailableError from error


def _pass(settings: Settings, person: Principal, room: str) -> str:
    grants = lkapi.VideoGrants(
        room_join=True,
        room=room,
        hidden=True,
        can_publish=False,
        can_publish_data=False,
        can_subscribe=True,
        can_update_own_metadata=False,
    )
    return (
        lkapi.AccessToken(settings.livekit_api_key, settings.livekit_api_secret.get_secret_value())
        .with_identity(listener_identity(person.user.id))
        .with_ttl(PASS_TTL)
        .with_grants(grants)
        .to_jwt()
    )
