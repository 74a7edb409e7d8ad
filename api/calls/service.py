"""Calls as the learner's browser sees them, and the room that the next token leads into."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.administration.registry import SettingKey
from api.administration.switchboard import Switches
from api.calls.models import Call, LearnersCall, Turn
from api.calls.repository import CallRepository, SessionState, TurnRepository
from api.calls.rooms import room_name
from api.calls.schemas import CallOut, CallPage, CallState, TurnOut, TurnPage
from api.contract.calls import Channel, CloseReason
from api.errors import NotFoundError, UnavailableError
from api.identity.auth import Principal
from api.pages import Mark, encode_cursor
from api.settings import Settings

SERVER_FULL_RETRY_S = 30


async def default_state(session: AsyncSession, person: Principal) -> SessionState:
    """The learner's default session, with its calls counted and the one that goes on.

    Raises:
        NotFoundError: The account has none, which no account made by sign-up lacks.
    """
    found = await CallRepository(session).default_state(person.organisation_id, person.user.id)
    if found is None:
        raise NotFoundError
    return found


async def room_to_join(
    session: AsyncSession, settings: Settings, switches: Switches, person: Principal
) -> str:
    """The room of the learner's open call, else of the next one. Reads only.

    Raises:
        NotFoundError: The account has no default session.
        UnavailableError: Every place is taken by other learners (`server_full`), or no call may begin
            (`maintenance`).
    """
    state = await default_state(session, person)
    if state.open_call is None:
        if not person.user.is_superuser:
            switches.require_calls_begin()
        await _require_place(session, settings, switches, person.organisation_id)
    return _room_of(settings, state)


async def _require_place(
    session: AsyncSession, settings: Settings, switches: Switches, organisation_id: UUID
) -> None:
    """There is room for another call on the server, and within what the organisation set for itself."""
    most = switches.number(SettingKey.MAXIMUM_CALLS)
    own = switches.own_number(SettingKey.MAXIMUM_CALLS, organisation_id)
    full = await count_open(session) >= (settings.max_calls if most is None else most)
    if full or (own is not None and len(await CallRepository(session).all_open()) >= own):
        raise UnavailableError(
            "All places are taken at the moment. Please try again in a little while.",
            code="server_full",
            retry_after_s=SERVER_FULL_RETRY_S,
        )


async def present_room(session: AsyncSession, settings: Settings, person: Principal) -> str:
    """The room of the learner's open call, else the one the next call would have. Reads only."""
    return _room_of(settings, await default_state(session, person))


async def open_calls(session: AsyncSession) -> list[tuple[UUID, str]]:
    """The calls that go on in the organisation that is acted for, with their rooms."""
    return [(call.id, call.room) for call in await CallRepository(session).all_open()]


def _room_of(settings: Settings, state: SessionState) -> str:
    if state.open_call is not None:
        return state.open_call.room
    return room_name(settings, state.practice.id, state.next_number)


async def list_calls(
    session: AsyncSession, person: Principal, session_id: UUID, *, after: Mark | None, limit: int
) -> CallPage:
    """One page of a session's calls, newest first.

    Raises:
        NotFoundError: The session does not exist or is somebody else's.
    """
    rows = await CallRepository(session).page(
        session_id, person.organisation_id, person.user.id, after, limit + 1
    )
    if rows is None:
        raise NotFoundError
    shown, more = rows[:limit], len(rows) > limit
    last = shown[-1].call if shown else None
    return CallPage(
        items=[shown_call(row.call, row.turn_count, row.first_words) for row in shown],
        next_cursor=encode_cursor(Mark(0, last.started_at, last.id)) if more and last else None,
    )


async def read_call(session: AsyncSession, person: Principal, call_id: UUID) -> CallOut:
    """A call of this learner.

    Raises:
        NotFoundError: It does not exist or is somebody else's.
    """
    row = await CallRepository(session).row_of_learner(call_id, person.organisation_id, person.user.id)
    if row is None:
        raise NotFoundError
    return shown_call(row.call, row.turn_count, row.first_words)


async def list_turns(
    session: AsyncSession, person: Principal, call_id: UUID, *, after: Mark | None, limit: int
) -> TurnPage:
    """One page of a call's turns, in order.

    Raises:
        NotFoundError: The call does not exist or is somebody else's.
    """
    await read_call(session, person, call_id)
    return await turn_page(session, call_id, after=after, limit=limit)


async def turn_page(session: AsyncSession, call_id: UUID, *, after: Mark | None, limit: int) -> TurnPage:
    """One page of a call's turns, in order, for callers that proved their right to it."""
    rows = await turns_of(session, call_id, after=after, limit=limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    mark = Mark(shown[-1].position, shown[-1].started_at, shown[-1].id) if more else None
    return TurnPage(
        items=[TurnOut.model_validate(turn) for turn in shown],
        next_cursor=encode_cursor(mark) if mark else None,
    )


async def turns_of(
    session: AsyncSession, call_id: UUID, *, after: Mark | None = None, limit: int | None = None
) -> Sequence[Turn]:
    """The next turns of a call, in order, for callers that proved their right to it; all without a limit."""
    return await TurnRepository(session).page(call_id, after, limit)


async def open_call(session: AsyncSession, call_id: UUID) -> Call | None:
    """A call that goes on, for jobs; None where it is over, gone or deleted."""
    call = await CallRepository(session).get(call_id)
    return call if call is not None and call.ended_at is None else None


async def with_learner(session: AsyncSession, call_id: UUID) -> LearnersCall | None:
    """A call and its learner, for jobs; None where it is gone or deleted."""
    return await CallRepository(session).with_learner(call_id)


async def count_open(session: AsyncSession) -> int:
    """How many calls are open on the server."""
    return await CallRepository(session).count_open()


def shown_call(call: Call, turn_count: int, first_words: str) -> CallOut:
    """A call as browsers get it."""
    return CallOut(
        id=call.id,
        session_id=call.session_id,
        channel=Channel(call.channel),
        state=CallState.CLOSED if call.ended_at else CallState.OPEN,
        started_at=call.started_at,
        ended_at=call.ended_at,
        close_reason=CloseReason(call.close_reason) if call.close_reason else None,
        turn_count=turn_count,
        first_words=first_words,
    )
