"""A learner's text connection: in the room for them, as long as they read or write."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from api.contract.room import (
    RPC_END_CALL,
    TOPIC_CORRECTIONS,
    TOPIC_EXAM,
    TOPIC_LESSON,
    TOPIC_NOTICE,
    TOPIC_SOURCES,
    TOPIC_VISUAL,
)
from api.errors import ConflictError, RateLimitedError
from api.relay.events import EventLog
from api.relay.link import Coach, Link, Listener, NoCoachError
from infra.telemetry import get_logger

log = get_logger(__name__)

CONNECT_S: Final = 10.0
ANSWER_S: Final = 2.0
"""How long the coach may take to answer a button."""
LONGEST_CHECK_S: Final = 5.0
MOST_WAITING: Final = 10
MOST_KNOWN: Final = 500
MOST_STREAMS: Final = 3
ATTRIBUTE_STATE: Final = "lk.agent.state"

KINDS: Final = {
    TOPIC_NOTICE: "notice",
    TOPIC_LESSON: "lesson",
    TOPIC_VISUAL: "visual",
    TOPIC_EXAM: "exam",
    TOPIC_CORRECTIONS: "corrections",
    TOPIC_SOURCES: "sources",
}
"""Events by the topic that they are relayed from."""
STANDING: Final = frozenset({"coach", "listened", "lesson", "visual"})
"""Events that say how things stand: their newest version replaces the others."""


@dataclass(frozen=True)
class Pass:
    """Which room is joined, for whom, and with what proof."""

    user_id: UUID
    organisation_id: UUID
    room: str
    url: str
    token: str


@dataclass(frozen=True)
class Patience:
    """How long a connection is kept for a learner who does nothing, in seconds."""

    idle_s: float
    """Nothing was typed."""
    alone_s: float
    """Nobody reads."""


@dataclass
class Message:
    """What the learner typed, and what became of it: `waiting`, `sent` or `failed`."""

    id: str
    text: str
    state: str = "waiting"


class Connection:
    """One learner in one room.

    Messages wait until the coach can hear them, and go to it one after the other. What happens in the room is
    written into the log that streams are served from.
    """

    def __init__(self, admitted: Pass, open_link: Callable[[Listener], Link], patience: Patience) -> None:
        self.admitted = admitted
        self.log = EventLog()
        self._patience = patience
        self._link = open_link(self)
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._outgoing: asyncio.Queue[Message] = asyncio.Queue()
        self._ready = asyncio.Event()
        self._over = asyncio.Event()
        self._readers = 0
        self._typed_at = self._read_at = time.monotonic()
        self.over_at: float | None = None
        """When the room was left, on the process's clock."""

    @property
    def over(self) -> bool:
        """Whether the room was left."""
        return self._over.is_set()

    async def run(self) -> None:
        """Join, carry messages, and leave when it is time."""
        carrier: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._link.connect(self.admitted.url, self.admitted.token)
            carrier = asyncio.create_task(self._carry())
            while not self.over:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), self._check_s)
                await self._leave_idle()
        except (TimeoutError, ConnectionError) as error:
            log.warning("text connection failed", error=type(error).__name__)
            self.ended("lost")
        finally:
            if carrier is not None:
                carrier.cancel()
            self.ended("lost")
            with suppress(Exception):  # the room may be gone already
                await self._link.close()
            self.log.close()

    def post(self, text: str, message_id: str | None = None) -> Message:
        """Take what the learner typed; the same message given again is the one taken before.

        Raises:
            RateLimitedError: Too many wait for the coach already (`too_many_waiting`).
        """
        self._typed_at = time.monotonic()
        known = self._messages.get(message_id) if message_id else None
        if known is not None and known.state != "failed":
            return known
        waiting = sum(message.state == "waiting" for message in self._messages.values())
        if waiting >= MOST_WAITING:
            raise RateLimitedError(code="too_many_waiting", retry_after_s=5)
        message = Message(message_id or uuid4().hex, text)
        self._messages[message.id] = message
        if len(self._messages) > MOST_KNOWN:
            self._messages.popitem(last=False)
        self._tell(message)
        self._outgoing.put_nowait(message)
        return message

    async def call(self, method: str, payload: str) -> str:
        """Hand a button's press on to the coach.

        Raises:
            ConflictError: No coach is there to hear it (`no_coach`).
        """
        try:
            return await self._link.call(method, payload, ANSWER_S)
        except NoCoachError:
            raise ConflictError("The coach is not there.", code="no_coach") from None

    async def end(self, why: str = "learner") -> None:
        """End the call, as far as the coach hears of it, and leave."""
        with suppress(NoCoachError):
            await self._link.call(RPC_END_CALL, "", ANSWER_S)
        self.ended(why)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Around a stream: as long as somebody reads, the learner is there."""
        self._readers += 1
        try:
            yield
        finally:
            self._readers -= 1
            self._read_at = time.monotonic()

    def require_place(self) -> None:
        """Refuse a stream where too many read already.

        Raises:
            RateLimitedError: There are too many (`too_many_streams`).
        """
        if self._readers >= MOST_STREAMS:
            raise RateLimitedError(code="too_many_streams", retry_after_s=5)

    def coach(self, seen: Coach | None) -> None:
        """The coach came, changed or left."""
        state = seen.attributes.get(ATTRIBUTE_STATE) if seen else None
        if state in {None, "initializing"}:
            self._ready.clear()
        else:
            self._ready.set()
        data = {"identity": seen.identity, "attributes": seen.attributes} if seen else {}
        self.log.add("coach", data, replaces="coach")

    def caption(self, segment_id: str, *, from_learner: bool, text: str, final: bool) -> None:
        """A line grew."""
        data = {"segment_id": segment_id, "from_learner": from_learner, "text": text, "final": final}
        self.log.add("caption", data, replaces=f"caption {segment_id}")

    def message(self, topic: str, body: str) -> None:
        """The coach sent something for the screen; what is no JSON is dropped."""
        kind = KINDS.get(topic)
        try:
            value: Any = json.loads(body)
        except ValueError:
            kind = None
        if kind is None:
            log.warning("message from the room dropped", topic=topic)
            return
        self.log.add(kind, {"value": value}, replaces=kind if kind in STANDING else None)

    def listened(self, listening: bool) -> None:
        """An instructor began or stopped to listen in."""
        self.log.add("listened", {"listening": listening}, replaces="listened")

    def ended(self, why: str) -> None:
        """The room is left for good; the first reason counts."""
        if not self.over:
            log.info("text connection ends", why=why)
            self.log.add("ended", {"why": why})
            self.over_at = time.monotonic()
            self._over.set()

    @property
    def _check_s(self) -> float:
        return min(LONGEST_CHECK_S, self._patience.idle_s, self._patience.alone_s)

    async def _leave_idle(self) -> None:
        if self.over:
            return
        now = time.monotonic()
        if now - self._typed_at >= self._patience.idle_s:
            await self.end("idle")
        elif not self._readers and now - max(self._read_at, self._typed_at) >= self._patience.alone_s:
            self.ended("alone")

    async def _carry(self) -> None:
        while True:
            message = await self._outgoing.get()
            await self._ready.wait()
            try:
                await self._link.send(message.text)
                message.state = "sent"
            except Exception as error:  # whatever the library says: the learner sends it again
                log.warning("message not sent", error=type(error).__name__)
                message.state = "failed"
            self._tell(message)

    def _tell(self, message: Message) -> None:
        data = {"id": message.id, "text": message.text, "state": message.state}
        self.log.add("message", data, replaces=f"message {message.id}")
