"""A learner in a room: joins as a browser does, speaks, types, and notices all that the coach gives back.

All times are `time.monotonic()` of this process. `pressed` is the moment the talk button would be pressed:
the token is asked for from then on.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
from livekit import rtc

from api.contract.room import RPC_END_CALL, RPC_SET_PATIENCE, TOPIC_EXAM, TOPIC_NOTICE
from infra.bench.account import Account
from infra.bench.audio import FRAME, RATE, Pcm, Samples
from infra.bench.ear import BRIDGE_S, Ear
from infra.bench.microphone import Microphone, Spoken

MICROPHONE_QUEUE_MS = 20
TOPIC_CAPTION = "lk.transcription"
TOPIC_CHAT = "lk.chat"
AGENT_STATE = "lk.agent.state"
POLL_S = 0.01

Found = TypeVar("Found")


class RoomClientError(Exception):
    """The room, the coach or an expected event did not come; the message says what was awaited."""


@dataclass(frozen=True)
class Caption:
    """One state of a caption: the whole text of its segment as it stood at `at`."""

    at: float
    identity: str
    segment: str
    text: str
    final: bool


@dataclass(frozen=True)
class Notice:
    """A plain sentence for the learner, with its code."""

    at: float
    code: str
    text: str


@dataclass
class Received:
    """What came over the room, in order of arrival."""

    captions: list[Caption] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    states: list[tuple[float, str]] = field(default_factory=list)
    disconnects: list[tuple[float, str]] = field(default_factory=list)
    exam_views: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    """What the screen was told of an exam, by `time.time()`."""


class RoomClient:
    """One connection of one learner. Use as an async context manager, or `join` and `leave`."""

    def __init__(self, account: Account, *, keep_audio: bool = False, seed: int = 1) -> None:
        self.account = account
        self.ear = Ear(keep_audio=keep_audio)
        self.received = Received()
        self.pressed = 0.0
        self._room = rtc.Room()
        self._source = rtc.AudioSource(RATE, 1, queue_size_ms=MICROPHONE_QUEUE_MS)
        self._track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        self.microphone = Microphone(self._capture, seed=seed)
        self._tasks: set[asyncio.Task[None]] = set()
        self._listens = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.join()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    @property
    def identity(self) -> str:
        """The learner's name in the room."""
        return self._room.local_participant.identity

    @property
    def room_name(self) -> str:
        """The room the API chose."""
        return self._room.name

    @property
    def connected(self) -> bool:
        """Whether the room still holds this client."""
        return self._room.isconnected()

    @property
    def agent_state(self) -> str | None:
        """The coach's state now: initializing, listening, thinking or speaking."""
        agent = self._agent()
        return agent.attributes.get(AGENT_STATE) if agent else None

    @property
    def agent_attributes(self) -> dict[str, str]:
        """All attributes of the coach; empty before it has come."""
        agent = self._agent()
        return dict(agent.attributes) if agent else {}

    async def join(self) -> None:
        """Asks for the token, connects and opens the microphone.

        Raises:
            ApiRefusedError: no token was given.
            RoomClientError: the room cannot be entered.
        """
        self.pressed = time.monotonic()
        ticket = await self.account.room_ticket()
        self._hear_events()
        try:
            await self._room.connect(ticket.server_url, ticket.participant_token)
        except rtc.ConnectError as error:
            raise RoomClientError(f"the room cannot be entered: {error}") from error
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False)
        await self._room.local_participant.publish_track(self._track, options)
        self._start(self.microphone.run())

    async def leave(self) -> None:
        """Goes away without a word, as a closed browser does. Harmless when gone already."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._room.isconnected():
            await self._room.disconnect()
        await self._source.aclose()

    async def hang_up(self) -> None:
        """Ends the call as the hang-up button does: tells the coach, then leaves."""
        agent = self._agent() if self._room.isconnected() else None
        if agent is not None:
            with contextlib.suppress(rtc.RpcError):
                await self._call_agent(agent.identity, RPC_END_CALL, "")
        await self.leave()

    async def say(self, samples: Samples, *, begun: asyncio.Event | None = None) -> Spoken:
        """Speaks one utterance; returns when its last sound has left the microphone."""
        return await self.microphone.say(samples, begun=begun)

    def mute(self) -> None:
        """Turns the microphone off, as the button does."""
        self._track.mute()

    def unmute(self) -> None:
        """Turns it on again."""
        self._track.unmute()

    async def type(self, text: str) -> None:
        """Sends a typed message."""
        await self._room.local_participant.send_text(text, topic=TOPIC_CHAT)

    async def set_patience(self, patience: str) -> str:
        """Asks the coach for another patience; returns the one now in force.

        Raises:
            RoomClientError: no coach is in the room.
        """
        agent = self._agent()
        if agent is None:
            raise RoomClientError("no coach is in the room")
        return await self._call_agent(agent.identity, RPC_SET_PATIENCE, patience)

    async def first_sound_after(self, moment: float, *, limit: float) -> float | None:
        """When the coach's first sound after `moment` was heard; None when `limit` seconds brought none."""
        return await self._poll(lambda: self.ear.first_sound_after(moment), limit)

    async def stopped_after(self, moment: float, *, limit: float, bridge: float = BRIDGE_S) -> float | None:
        """When the coach's sound, going on at `moment`, stopped; None when it outlasted `limit` seconds."""
        return await self._poll(
            lambda: self.ear.stopped_after(moment, time.monotonic(), bridge=bridge), limit
        )

    async def quiet(self, seconds: float, *, limit: float) -> bool:
        """Waits until the coach has been silent for `seconds`; False when `limit` seconds were not enough."""
        since = time.monotonic()

        def silent() -> bool | None:
            now = time.monotonic()
            return True if min(self.ear.quiet_for(now), now - since) >= seconds else None

        return bool(await self._poll(silent, limit))

    async def listened_to(self, seconds: float, *, limit: float) -> bool:
        """Waits until the coach has been silent for `seconds` and waits for the learner.

        False when `limit` seconds were not enough. A coach that never told its state counts as waiting.
        """
        since = time.monotonic()

        def waits() -> bool | None:
            now = time.monotonic()
            silent = min(self.ear.quiet_for(now), now - since) >= seconds
            return True if silent and self.agent_state in (None, "listening") else None

        return bool(await self._poll(waits, limit))

    async def until(self, holds: Callable[[], bool], *, limit: float) -> bool:
        """Waits until `holds`; False when `limit` seconds were not enough."""
        return bool(await self._poll(lambda: holds() or None, limit))

    async def caption(self, accept: Callable[[Caption], bool], *, limit: float) -> Caption | None:
        """The first caption that `accept` takes, waited for."""
        return await self._poll(lambda: next(filter(accept, self.received.captions), None), limit)

    async def notice(self, code: str, *, limit: float) -> Notice | None:
        """The first notice of this code, waited for."""
        return await self._poll(
            lambda: next((notice for notice in self.received.notices if notice.code == code), None), limit
        )

    async def state(self, name: str, *, limit: float) -> bool:
        """Waits until the coach is in this state."""
        return bool(await self._poll(lambda: self.agent_state == name or None, limit))

    def final_captions(self, identity: str) -> list[str]:
        """Last known text of each segment of one speaker, in order of appearance."""
        texts: dict[str, str] = {}
        for caption in self.received.captions:
            if caption.identity == identity:
                texts[caption.segment] = caption.text
        return [text for text in texts.values() if text.strip()]

    def coach_captions(self) -> list[str]:
        """What the coach was captioned to say, a text a segment."""
        speakers = {caption.identity for caption in self.received.captions} - {self.identity}
        return [text for speaker in sorted(speakers) for text in self.final_captions(speaker)]

    async def _poll(self, look: Callable[[], Found | None], limit: float) -> Found | None:
        end = time.monotonic() + limit
        while True:
            found = look()
            if found is not None or time.monotonic() > end:
                return found
            await asyncio.sleep(POLL_S)

    def _agent(self) -> rtc.RemoteParticipant | None:
        agents = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
        return next((who for who in self._room.remote_participants.values() if who.kind == agents), None)

    async def _call_agent(self, identity: str, method: str, payload: str) -> str:
        return await self._room.local_participant.perform_rpc(
            destination_identity=identity, method=method, payload=payload, response_timeout=5.0
        )

    async def _capture(self, pcm: Pcm) -> None:
        await self._source.capture_frame(rtc.AudioFrame(pcm.tobytes(), RATE, 1, FRAME))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hear_events(self) -> None:
        self._room.on("track_subscribed", self._on_track)
        self._room.on("participant_attributes_changed", self._on_attributes)
        self._room.on("disconnected", self._on_disconnected)
        self._room.register_text_stream_handler(
            TOPIC_CAPTION, lambda reader, who: self._start(self._read_caption(reader, who))
        )
        self._room.register_text_stream_handler(
            TOPIC_NOTICE, lambda reader, _who: self._start(self._read_notice(reader))
        )
        self._room.register_text_stream_handler(
            TOPIC_EXAM, lambda reader, _who: self._start(self._read_exam(reader))
        )

    def _on_track(
        self, track: rtc.Track, _publication: rtc.RemoteTrackPublication, _who: rtc.RemoteParticipant
    ) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._start(self._listen(track))

    def _on_attributes(self, changed: dict[str, str], _who: rtc.Participant) -> None:
        if AGENT_STATE in changed:
            self.received.states.append((time.monotonic(), changed[AGENT_STATE]))

    def _on_disconnected(self, reason: rtc.DisconnectReason.ValueType) -> None:
        self.received.disconnects.append((time.monotonic(), rtc.DisconnectReason.Name(reason)))

    async def _listen(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1)
        try:
            async for event in stream:
                self.ear.hear(np.frombuffer(event.frame.data, np.int16), time.monotonic())
                self._listens.set()
        finally:
            await stream.aclose()

    async def _read_caption(self, reader: rtc.TextStreamReader, who: str) -> None:
        attributes = dict(reader.info.attributes or {})
        text = ""
        with contextlib.suppress(rtc.StreamError):
            async for chunk in reader:
                text += chunk
                self._keep_caption(attributes, who, text)
            if not _is_final(attributes) and _is_final(reader.info.attributes or {}):
                self._keep_caption(reader.info.attributes or {}, who, text)

    def _keep_caption(self, attributes: dict[str, str], who: str, text: str) -> None:
        segment = attributes.get("lk.segment_id", "")
        caption = Caption(time.monotonic(), who, segment, text, _is_final(attributes))
        self.received.captions.append(caption)

    async def _read_notice(self, reader: rtc.TextStreamReader) -> None:
        with contextlib.suppress(rtc.StreamError, ValueError, KeyError):
            body = json.loads(await reader.read_all())
            self.received.notices.append(Notice(time.monotonic(), str(body["code"]), str(body["text"])))

    async def _read_exam(self, reader: rtc.TextStreamReader) -> None:
        with contextlib.suppress(rtc.StreamError, ValueError):
            view = json.loads(await reader.read_all())
            self.received.exam_views.append((time.time(), view))


def _is_final(attributes: dict[str, str]) -> bool:
    return attributes.get("lk.transcription_final", "").lower() == "true"
