"""LiveKit's server API, with a time limit on every request and one error for all its failures."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from livekit import api as lkapi
from livekit.protocol.models import ParticipantInfo

from api.contract.room import AGENT_NAME, LISTENER_PREFIX
from api.settings import Settings

TIMEOUT_S = 3.0


class LiveKitUnavailableError(Exception):
    """LiveKit did not answer, or answered with an error."""


class _NotFoundError(LiveKitUnavailableError):
    """What was asked for does not exist."""


@contextmanager
def _asked() -> Iterator[None]:
    """Around one request: whatever goes wrong with it is a `LiveKitUnavailableError`."""
    try:
        yield
    except lkapi.TwirpError as error:
        missing = error.code == lkapi.TwirpErrorCode.NOT_FOUND
        raise (_NotFoundError if missing else LiveKitUnavailableError)(error.code) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise LiveKitUnavailableError(type(error).__name__) from error


@dataclass(frozen=True)
class LivingRoom:
    """A room that exists now, and since when (seconds since the epoch)."""

    name: str
    created_at: int


@dataclass(frozen=True)
class Presence:
    """Who is in a room."""

    learner: bool
    agent: bool


class LiveKit:
    """Client of LiveKit's server API; connects when it is first used."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.livekit_http_url
        self._key = settings.livekit_api_key
        self._secret = settings.livekit_api_secret.get_secret_value()
        self._client: lkapi.LiveKitAPI | None = None

    @property
    def _api(self) -> lkapi.LiveKitAPI:
        if self._client is None:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
            self._client = lkapi.LiveKitAPI(
                self._url, self._key, self._secret, timeout=timeout, failover=False
            )
        return self._client

    async def rooms(self) -> list[LivingRoom]:
        """Every room that lives.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        with _asked():
            answer = await self._api.room.list_rooms(lkapi.ListRoomsRequest())
        return [LivingRoom(room.name, room.creation_time) for room in answer.rooms]

    async def presence(self, room: str, *, without: str = "") -> Presence:
        """Who is in a room; nobody where it does not live.

        Args:
            room: The room's name.
            without: Identity that does not count, because it is known to be dead.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        try:
            with _asked():
                answer = await self._api.room.list_participants(lkapi.ListParticipantsRequest(room=room))
        except _NotFoundError:
            return Presence(learner=False, agent=False)
        here = [
            person
            for person in answer.participants
            if person.state != ParticipantInfo.DISCONNECTED
            and person.identity != without
            and not person.identity.startswith(LISTENER_PREFIX)
        ]
        agents = [person for person in here if person.kind == ParticipantInfo.AGENT]
        return Presence(learner=len(here) > len(agents), agent=bool(agents))

    async def coming(self, room: str) -> dict[str, datetime]:
        """The coaches that a worker ever promised to a room, by identity, and when each was promised.

        A job says nothing here of its end, a dispatch that no worker took leaves none, and in the seconds
        after a worker has registered LiveKit may list a job late.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        try:
            with _asked():
                dispatches = await self._api.agent_dispatch.list_dispatch(room)
        except _NotFoundError:
            return {}
        jobs = [job for dispatch in dispatches for job in dispatch.state.jobs]
        return {
            job.state.participant_identity: datetime.fromtimestamp(job.state.started_at / 1e9, tz=UTC)
            for job in jobs
        }

    async def remove(self, room: str, identity: str) -> None:
        """Take a participant out of a room; one that is not there is fine.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        request = lkapi.RoomParticipantIdentity(room=room, identity=identity)
        with suppress(_NotFoundError), _asked():
            await self._api.room.remove_participant(request)

    async def listeners(self, room: str) -> list[str]:
        """The identities of those who listen in on a room.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        try:
            with _asked():
                answer = await self._api.room.list_participants(lkapi.ListParticipantsRequest(room=room))
        except _NotFoundError:
            return []
        return [
            person.identity for person in answer.participants if person.identity.startswith(LISTENER_PREFIX)
        ]

    async def tell_room(self, room: str, metadata: str) -> None:
        """Set what everybody in a room is told.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked, or the room does not live.
        """
        with _asked():
            await self._api.room.update_room_metadata(
                lkapi.UpdateRoomMetadataRequest(room=room, metadata=metadata)
            )

    async def dispatch(self, room: str, metadata: str) -> None:
        """Call an agent into a room that lives.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        request = lkapi.CreateAgentDispatchRequest(agent_name=AGENT_NAME, room=room, metadata=metadata)
        with _asked():
            await self._api.agent_dispatch.create_dispatch(request)

    async def delete_room(self, room: str) -> None:
        """Take a room down; one that does not live is fine.

        Raises:
            LiveKitUnavailableError: LiveKit cannot be asked.
        """
        with suppress(_NotFoundError), _asked():
            await self._api.room.delete_room(lkapi.DeleteRoomRequest(room=room))

    async def close(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
