"""A participant of a room who only writes and reads, by LiveKit's client, loaded when it is needed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from api.contract.room import (
    LISTENED_IN,
    TOPIC_CORRECTIONS,
    TOPIC_EXAM,
    TOPIC_LESSON,
    TOPIC_NOTICE,
    TOPIC_SOURCES,
    TOPIC_VISUAL,
)
from infra.telemetry import get_logger

if TYPE_CHECKING:
    from livekit import rtc

log = get_logger(__name__)

TOPIC_CHAT: Final = "lk.chat"
TOPIC_TRANSCRIPTION: Final = "lk.transcription"
ATTRIBUTE_SEGMENT: Final = "lk.segment_id"
ATTRIBUTE_FINAL: Final = "lk.transcription_final"
RELAYED: Final = (
    TOPIC_NOTICE,
    TOPIC_LESSON,
    TOPIC_VISUAL,
    TOPIC_EXAM,
    TOPIC_CORRECTIONS,
    TOPIC_SOURCES,
)
MOST_CHARACTERS: Final = 64_000
"""Longest text that is relayed from a room."""


class NoCoachError(Exception):
    """There is no coach in the room, or it does not answer."""


@dataclass(frozen=True)
class Coach:
    """The coach as others in the room see it."""

    identity: str
    attributes: dict[str, str]


class Listener(Protocol):
    """Who is told what happens in a room."""

    def coach(self, seen: Coach | None) -> None:
        """The coach came, changed or left."""

    def caption(self, segment_id: str, *, from_learner: bool, text: str, final: bool) -> None:
        """A line grew."""

    def message(self, topic: str, body: str) -> None:
        """The coach sent something for the screen."""

    def listened(self, listening: bool) -> None:
        """An instructor began or stopped to listen in."""

    def ended(self, why: str) -> None:
        """The room is left for good: `coach` ended it, another `tab` took the place, or it was `lost`."""


class Link(Protocol):
    """A way into one room."""

    async def connect(self, url: str, token: str) -> None:
        """Go in.

        Raises:
            ConnectionError: The room cannot be reached.
        """

    async def send(self, text: str) -> None:
        """Send what the learner typed."""

    async def call(self, method: str, payload: str, within_s: float) -> str:
        """Ask the coach.

        Raises:
            NoCoachError: It is not there, does not answer in time, or refuses.
        """

    async def close(self) -> None:
        """Leave."""


OpenLink = Callable[[Listener], Link]


class RtcLink:
    """A way into a LiveKit room that publishes no sound and takes none.

    The library is native code with threads of its own; a process that relays nothing never loads it.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._room: rtc.Room | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving = False

    async def connect(self, url: str, token: str) -> None:
        """Go in, and tell who is there.

        Raises:
            ConnectionError: The room cannot be reached.
        """
        library: Any = await asyncio.to_thread(import_module, "livekit.rtc")
        room = self._room = library.Room()
        self._watch(room)
        try:
            await room.connect(url, token, library.RoomOptions(auto_subscribe=False))
        except library.ConnectError as error:
            raise ConnectionError("the room cannot be reached") from error
        self._tell_coach()
        self._tell_listening()

    async def send(self, text: str) -> None:
        """Send what the learner typed."""
        if self._room is None:
            raise NoCoachError
        await self._room.local_participant.send_text(text, topic=TOPIC_CHAT)

    async def call(self, method: str, payload: str, within_s: float) -> str:
        """Ask the coach.

        Raises:
            NoCoachError: It is not there, does not answer in time, or refuses.
        """
        found = self._found_coach()
        if self._room is None or found is None:
            raise NoCoachError
        try:
            return await self._room.local_participant.perform_rpc(
                destination_identity=found.identity,
                method=method,
                payload=payload,
                response_timeout=within_s,
            )
        except Exception as error:  # the library's error class is not known before it is loaded
            raise NoCoachError(type(error).__name__) from error

    async def close(self) -> None:
        """Leave."""
        self._leaving = True
        for task in self._tasks:
            task.cancel()
        if self._room is not None:
            await self._room.disconnect()

    def _watch(self, room: "rtc.Room") -> None:
        room.on("participant_connected", lambda _who: self._tell_coach())
        room.on("participant_disconnected", lambda _who: self._tell_coach())
        room.on("participant_attributes_changed", lambda _changed, _who: self._tell_coach())
        room.on("reconnected", self._tell_coach)
        room.on("room_metadata_changed", lambda _old, _new: self._tell_listening())
        room.on("disconnected", self._disconnected)
        room.register_text_stream_handler(TOPIC_TRANSCRIPTION, self._transcription)
        for topic in RELAYED:
            room.register_text_stream_handler(topic, self._message)

    def _found_coach(self) -> "rtc.RemoteParticipant | None":
        """The newest agent: for a moment after a hand-over the old one may still be listed."""
        if self._room is None:
            return None
        library: Any = import_module("livekit.rtc")
        agent = library.ParticipantKind.PARTICIPANT_KIND_AGENT
        agents = [one for one in self._room.remote_participants.values() if one.kind == agent]
        return agents[-1] if agents else None

    def _tell_coach(self) -> None:
        found = self._found_coach()
        self._listener.coach(Coach(found.identity, dict(found.attributes)) if found else None)

    def _tell_listening(self) -> None:
        if self._room is not None:
            self._listener.listened(self._room.metadata == LISTENED_IN)

    def _disconnected(self, reason: int) -> None:
        if self._leaving:
            return
        self._leaving = True
        library: Any = import_module("livekit.rtc")
        self._listener.ended(_REASONS.get(library.DisconnectReason.Name(reason), "lost"))

    def _transcription(self, reader: "rtc.TextStreamReader", identity: str) -> None:
        self._spawn(self._read_transcription(reader, identity))

    def _message(self, reader: "rtc.TextStreamReader", identity: str) -> None:
        self._spawn(self._read_message(reader, identity))

    async def _read_transcription(self, reader: "rtc.TextStreamReader", identity: str) -> None:
        """A line that grows; what the learner typed comes back by this way too and is left out."""
        own = self._room is not None and identity == self._room.local_participant.identity
        segment = (reader.info.attributes or {}).get(ATTRIBUTE_SEGMENT) or reader.info.stream_id
        text = ""
        async for piece in _pieces(reader):
            text += piece
            self._listener.caption(segment, from_learner=own, text=text, final=False)
        final = not own or (reader.info.attributes or {}).get(ATTRIBUTE_FINAL) == "true"
        self._listener.caption(segment, from_learner=own, text=text, final=final)

    async def _read_message(self, reader: "rtc.TextStreamReader", identity: str) -> None:
        found = self._found_coach()
        body = "".join([piece async for piece in _pieces(reader)])
        if found is not None and identity == found.identity:
            self._listener.message(reader.info.topic, body)

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_REASONS: Final = {
    "DUPLICATE_IDENTITY": "tab",
    "ROOM_DELETED": "coach",
    "ROOM_CLOSED": "coach",
    "PARTICIPANT_REMOVED": "coach",
}


async def _pieces(reader: "rtc.TextStreamReader") -> Any:
    """What a stream brings, up to the limit; one that breaks off ends there."""
    length = 0
    try:
        async for piece in reader:
            length += len(piece)
            if length > MOST_CHARACTERS:
                log.warning("text from the room is too long", topic=reader.info.topic)
                return
            yield piece
    except ConnectionError:
        return
