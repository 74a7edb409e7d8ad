"""What the learner sends besides sound: typed messages and a few remote calls, each with its limits."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import get_args

from livekit import rtc

from agent.commands import Command
from agent.texts import RefusedTextError, clean
from api.contract.calls import Patience
from api.contract.room import (
    RPC_COMMAND,
    RPC_END_CALL,
    RPC_EXAM_DONE,
    RPC_SET_PATIENCE,
    RPC_STOP_RECORDING,
)
from infra import telemetry

log = telemetry.get_logger(__name__)
TOPIC_CHAT = "lk.chat"
BYTES_A_CHARACTER = 4
MAX_WAITING = 3
"""Typed messages taken at once; more are refused until these are answered."""


class RoomInputs:
    """Registers the handlers of one call and passes on what is fit to be passed on."""

    def __init__(
        self,
        room: rtc.Room,
        *,
        learner: str,
        limit: int,
        on_text: Callable[[str], Awaitable[None]],
        on_refused: Callable[[], None],
        on_patience: Callable[[Patience], Patience],
        on_end: Callable[[], None],
        on_stop_recording: Callable[[], None],
        on_command: Callable[[Command], None],
        on_exam_done: Callable[[], None] = lambda: None,
    ) -> None:
        self._room = room
        self._learner = learner
        self._limit = limit
        self._on_text = on_text
        self._on_refused = on_refused
        self._on_patience = on_patience
        self._on_end = on_end
        self._on_stop_recording = on_stop_recording
        self._on_command = on_command
        self._on_exam_done = on_exam_done
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self) -> None:
        """Take typed messages and remote calls from now on."""
        self._room.register_text_stream_handler(TOPIC_CHAT, self._on_stream)
        self._room.local_participant.register_rpc_method(RPC_SET_PATIENCE, self._set_patience)
        self._room.local_participant.register_rpc_method(RPC_END_CALL, self._end_call)
        self._room.local_participant.register_rpc_method(RPC_STOP_RECORDING, self._stop_recording)
        self._room.local_participant.register_rpc_method(RPC_COMMAND, self._command)
        self._room.local_participant.register_rpc_method(RPC_EXAM_DONE, self._exam_done)

    def _on_stream(self, reader: rtc.TextStreamReader, identity: str) -> None:
        if identity != self._learner:
            return
        if len(self._tasks) >= MAX_WAITING:
            self._on_refused()
            return
        task = asyncio.create_task(self._read(reader))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, reader: rtc.TextStreamReader) -> None:
        try:
            text = clean(await self._collect(reader), limit=self._limit)
        except RefusedTextError as error:
            log.warning("typed message refused", why=str(error))
            self._on_refused()
            return
        await self._on_text(text)

    async def _collect(self, reader: rtc.TextStreamReader) -> str:
        """The message, never held beyond the limit: a size that is announced or reached ends the reading."""
        if (reader.info.size or 0) > self._limit * BYTES_A_CHARACTER:
            raise RefusedTextError("too long")
        pieces: list[str] = []
        length = 0
        async for piece in reader:
            length += len(piece)
            if length > self._limit:
                raise RefusedTextError("too long")
            pieces.append(piece)
        return "".join(pieces)

    async def _set_patience(self, data: rtc.RpcInvocationData) -> str:
        self._only_learner(data)
        try:
            wanted = Patience(data.payload)
        except ValueError:
            raise rtc.RpcError(1_400, "patience is quick, balanced or patient") from None
        return self._on_patience(wanted).value

    async def _end_call(self, data: rtc.RpcInvocationData) -> str:
        self._only_learner(data)
        self._on_end()
        return ""

    async def _stop_recording(self, data: rtc.RpcInvocationData) -> str:
        self._only_learner(data)
        self._on_stop_recording()
        return ""

    async def _command(self, data: rtc.RpcInvocationData) -> str:
        self._only_learner(data)
        command = next((one for one in get_args(Command) if one == data.payload), None)
        if command is None:
            raise rtc.RpcError(1_400, "a command is repeat, slower, hint, skip or stop")
        self._on_command(command)
        return ""

    async def _exam_done(self, data: rtc.RpcInvocationData) -> str:
        self._only_learner(data)
        self._on_exam_done()
        return ""

    def _only_learner(self, data: rtc.RpcInvocationData) -> None:
        if data.caller_identity != self._learner:
            raise rtc.RpcError(1_403, "only the learner may do this")
