"""Routes under /api/v1/sessions/default/messages: a call by text, over plain HTTPS."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from api.administration.switchboard import CurrentSwitches
from api.database import Session
from api.identity.auth import AppSettings, CurrentPrincipal
from api.rate_limit import Limiter
from api.relay import service
from api.relay.connection import STANDING, Connection
from api.relay.events import served
from api.relay.relays import CurrentRelays
from api.relay.schemas import Command, CommandAnswer, Joined, MessageIn, MessageOut

router = APIRouter(prefix="/sessions/default/messages", tags=["text"])

EVENT_STREAM = "text/event-stream"


@router.post("/join", status_code=202, response_model=Joined)
async def join(  # noqa: PLR0917 - FastAPI passes each by name
    person: CurrentPrincipal,
    session: Session,
    settings: AppSettings,
    switches: CurrentSwitches,
    relays: CurrentRelays,
    limiter: Limiter,
) -> Joined:
    """Be in the present call, or begin one, by text alone. The coach greets; the stream tells.

    Refuses as the token endpoint does: `server_full`, `maintenance`, `consent_needed` and the like.
    """
    limiter.token.take(str(person.user.id))
    connection = await service.join(session, settings, switches, relays, person)
    return Joined(position=connection.log.position)


@router.post("", status_code=202, response_model=MessageOut)
async def send(  # noqa: PLR0917
    message: MessageIn,
    person: CurrentPrincipal,
    session: Session,
    settings: AppSettings,
    switches: CurrentSwitches,
    relays: CurrentRelays,
    limiter: Limiter,
) -> MessageOut:
    """Say something by typing, in the present call or in a new one.

    The message becomes a turn of the same record as speech. The answer to it comes over the stream.
    """
    limiter.message.take(str(person.user.id))
    connection = await service.join(session, settings, switches, relays, person)
    taken = connection.post(message.text, message.message_id)
    return MessageOut.model_validate(
        {"message_id": taken.id, "state": taken.state, "position": connection.log.position}
    )


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {EVENT_STREAM: {}}, "description": "Server-sent events"}},
)
async def stream(
    person: CurrentPrincipal,
    relays: CurrentRelays,
    after: Annotated[str | None, Query(max_length=40)] = None,
    last_event_id: Annotated[str | None, Header(max_length=40)] = None,
) -> StreamingResponse:
    """What happens in the call, as server-sent events.

    `coach` (who is there, with attributes; empty while nobody is), `caption` (`segment_id`, `from_learner`,
    `text`, `final`; each replaces the segment's earlier one), `message` (`id`, `text`, `state` of what was
    typed), `notice`, `lesson`, `visual`, `exam`, `corrections`, `sources` (`value`: as the room has it),
    `listened`, and `ended` (`why`: learner, coach, idle, alone, tab, lost), after which the stream closes.

    A stream that breaks off goes on after `Last-Event-ID`; one that begins after a position is told first how
    things stand. Quiet stretches hold comments. Answers 404 `no_text_call` where there is no such call.
    """
    connection = service.present(relays, person, ended=True)
    connection.require_place()
    standing = frozenset[str]() if last_event_id else STANDING
    return StreamingResponse(
        _read(connection, last_event_id or after, standing),
        media_type=EVENT_STREAM,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/command", response_model=CommandAnswer)
async def command(asked: Command, person: CurrentPrincipal, relays: CurrentRelays) -> CommandAnswer:
    """Press a button of the call: repeat, slower, hint, skip, stop; patience; no more recording.

    Answers 404 `no_text_call` where there is no call by text, 409 `no_coach` while no coach hears it.
    """
    connection = service.present(relays, person)
    return CommandAnswer(answer=await connection.call(asked.method, asked.payload))


@router.post("/end", status_code=204, response_class=Response)
async def end(person: CurrentPrincipal, relays: CurrentRelays) -> Response:
    """Hang up. Without a call by text nothing happens."""
    connection = relays.of(person.user.id, person.organisation_id)
    if connection is not None:
        await connection.end()
    return Response(status_code=204)


async def _read(connection: Connection, position: str | None, standing: frozenset[str]) -> AsyncIterator[str]:
    async with connection.reading():
        async for piece in served(connection.log, position=position, standing=standing):
            yield piece
