"""Keeping calls and rooms in step: a coach for every learner who waits, an end for every call that is over.

Runs in the job worker: every few seconds, when a webhook gives cause, when a dead job is reported, and when a
worker has come. While LiveKit cannot be asked nothing is concluded. Each decision is taken again from what is
true now, so a step that comes twice does no harm.
"""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from api.calls.livekit import LiveKit, LiveKitUnavailableError, LivingRoom
from api.calls.models import Call
from api.calls.record import end_call
from api.calls.repository import CallRepository
from api.calls.rooms import RoomRef, parse_room
from api.contract.calls import CloseReason
from api.contract.room import coach_identity
from api.database import Database, utc_now
from api.errors import NotFoundError
from api.sessions import service as sessions
from api.settings import Settings
from api.tenancy import act_for
from infra.telemetry import correlation_id, get_logger

log = get_logger(__name__)

DISPATCH_INTERVAL = timedelta(seconds=4)
"""Time an agent is given to arrive before another one is called."""
COMING_WITHIN = timedelta(seconds=8)
"""Time a coach that a worker has promised is given to enter the room."""
REGISTRATION = timedelta(seconds=0.2)
"""A worker may say that it is registered before LiveKit has finished with that."""
MOST_DISPATCHES = 40
"""In one call; a worker that is slow to start again on a busy machine costs one every few seconds."""
ARRIVAL = timedelta(seconds=5)
"""Time the token's own dispatch is given in a new room."""
ROOM_LINGER = timedelta(seconds=15)
"""Time after a call's end in which its room is left to the job that takes it down."""


@dataclass
class Attempts:
    """Dispatches into rooms whose call was never opened, which no row can count; the living rooms' only."""

    made: dict[str, list[datetime]] = field(default_factory=dict)

    def claim(self, room: str, now: datetime, interval: timedelta) -> bool:
        """Take the next attempt of a room, if enough time has passed and some are left."""
        earlier = self.made.setdefault(room, [])
        if len(earlier) >= MOST_DISPATCHES or (earlier and now - earlier[-1] < interval):
            return False
        earlier.append(now)
        return True

    def keep_only(self, rooms: set[str]) -> None:
        """Forget rooms that do not live any more."""
        self.made = {room: attempts for room, attempts in self.made.items() if room in rooms}


@dataclass(frozen=True)
class Supervisor:
    """Looks after all calls of the server."""

    database: Database
    livekit: LiveKit
    settings: Settings
    attempts: Attempts = field(default_factory=Attempts)

    async def sweep(self) -> bool:
        """Compare the open calls with the living rooms and mend what differs; False while that cannot be."""
        try:
            rooms = {room.name: room for room in await self.livekit.rooms()}
            await self._close_orphans(set(rooms))
            self.attempts.keep_only(set(rooms))
            for room in rooms.values():
                await self._look_after(room)
        except LiveKitUnavailableError as error:
            log.warning("sweep skipped: livekit unavailable", reason=str(error))
            return False
        return True

    async def ensure_agent(
        self, room: str, *, dead: str = "", interval: timedelta = DISPATCH_INTERVAL
    ) -> None:
        """Call an agent into a room where a learner waits without one, and none is on its way.

        Args:
            room: The room's name.
            dead: Identity of a coach that is known to have died.
            interval: Time an earlier dispatch is given.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        ref = parse_room(self.settings, room)
        if ref is None:
            return
        presence = await self.livekit.presence(room, without=dead)
        if presence.agent or not presence.learner or await self._one_is_coming(room, dead):
            return
        if await self._may_dispatch(ref, room, interval):
            log.warning("agent missing: dispatching another", session_id=str(ref.session_id))
            await self.livekit.dispatch(room, self._metadata())

    async def replace_agent(self, room: str, job_id: str) -> None:
        """A job has died: take its coach out of the room, which tells the learner, and call another.

        LiveKit would find the death out by itself, half a minute later.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        dead = coach_identity(job_id)
        await self.livekit.remove(room, dead)
        await self.ensure_agent(room, dead=dead)

    async def cover_rooms(self) -> None:
        """A worker has come: give it the rooms that wait for a coach, at once and not at the next sweep.

        LiveKit keeps no dispatch for later, so those made before found no worker and are not waited for.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        await asyncio.sleep(REGISTRATION.total_seconds())
        for room in await self.livekit.rooms():
            await self._look_after(room, REGISTRATION)

    async def end_room(self, room: str) -> None:
        """Take the room of a closed call down, so that nobody waits in it.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        ref = parse_room(self.settings, room)
        call = await self._call_of(ref, room) if ref else None
        if call is not None and call.ended_at is not None:
            await self.livekit.delete_room(room)

    async def end_erased_room(self, room: str) -> None:
        """Take a room down whose session was erased with its learner's account.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        ref = parse_room(self.settings, room)
        if ref is None:
            return
        try:
            async with self.database.reading() as session:
                await sessions.session_by_id(session, ref.session_id)
        except NotFoundError:
            await self.livekit.delete_room(room)

    async def _close_orphans(self, living: set[str]) -> None:
        now = utc_now()
        patience = timedelta(seconds=self.settings.orphan_after_s)
        async with self.database.transaction() as session:
            repository = CallRepository(session)
            for organisation_id in await repository.organisations_in_call():
                await act_for(session, organisation_id)
                calls = await repository.all_open()
                await repository.seen([call.room for call in calls if call.room in living], now)
                for call in calls:
                    if call.room not in living and now - call.last_seen_at > patience:
                        await end_call(session, call, CloseReason.ORPHANED, call.last_seen_at)

    async def _call_of(self, ref: RoomRef, room: str) -> Call | None:
        async with self.database.reading() as session:
            await sessions.act_for_owner(session, ref.session_id)
            return await CallRepository(session).by_room(room)

    async def _one_is_coming(self, room: str, dead: str) -> bool:
        now = utc_now()
        promised = await self.livekit.coming(room)
        return any(now - at < COMING_WITHIN for identity, at in promised.items() if identity != dead)

    async def _look_after(self, room: LivingRoom, interval: timedelta = DISPATCH_INTERVAL) -> None:
        ref = parse_room(self.settings, room.name)
        if ref is None:
            return
        call = await self._call_of(ref, room.name)
        now = utc_now()
        if call is not None and call.ended_at is not None:
            if now - call.ended_at > ROOM_LINGER:
                await self.livekit.delete_room(room.name)
            return
        if now - datetime.fromtimestamp(room.created_at, tz=UTC) > ARRIVAL:
            await self.ensure_agent(room.name, interval=interval)

    async def _may_dispatch(self, ref: RoomRef, room: str, interval: timedelta) -> bool:
        now = utc_now()
        async with self.database.transaction() as session:
            await sessions.act_for_owner(session, ref.session_id)
            repository = CallRepository(session)
            call = await repository.by_room(room)
            if call is None:
                return self.attempts.claim(room, now, interval)
            if self._given_up(call, now):
                await end_call(session, call, CloseReason.WORKER_FAILED, now)
                return False
            return await repository.claim_dispatch(room, now, interval=interval, most=MOST_DISPATCHES)

    @staticmethod
    def _given_up(call: Call, now: datetime) -> bool:
        waited = call.last_dispatch_at is None or now - call.last_dispatch_at > DISPATCH_INTERVAL
        return call.ended_at is None and call.dispatches >= MOST_DISPATCHES and waited

    @staticmethod
    def _metadata() -> str:
        return json.dumps({"channel": "web", "correlation_id": correlation_id.get()})
