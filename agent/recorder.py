"""The record of a call as it happens: session events in, turns in the outbox out."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from livekit.agents import llm
from livekit.agents.metrics import LLMModelUsage, STTModelUsage, TTSModelUsage
from pydantic import BaseModel

from agent import metrics
from agent.outbox import CloseLine, OutboxWriter, TurnLine
from agent.turn_taking import waited_maximum
from api.contract.calls import (
    MAX_TURN_CHARACTERS,
    CloseCall,
    CloseReason,
    InputKind,
    Role,
    Source,
    StageTimings,
    TurnRecord,
    UsageRecord,
    Word,
)
from infra import telemetry

log = telemetry.get_logger(__name__)
_KEPT_ANSWERS = 12
_DISK_RETRY_S = 1.0


@dataclass(frozen=True)
class Answer:
    """What stood behind an answer: who gave the words, under which prompt, and what retrieval took."""

    text: str
    llm: str
    prompt_hash: str | None
    retrieval_ms: float | None = None
    sources: tuple[Source, ...] = ()
    """The passages that it rests on."""


class Recorder:
    """Writes each turn of a call once, in order, without keeping the audio waiting.

    `commit` returns at once; the disk is waited for in a thread, one line after the other. `take_words`
    gives the words of the learner's turn that has just ended; `max_delay` the longest delay in force.
    """

    def __init__(
        self,
        writer: OutboxWriter,
        *,
        take_words: Callable[[], list[Word]],
        max_delay: Callable[[], float],
    ) -> None:
        self._writer = writer
        self._take_words = take_words
        self._max_delay = max_delay
        self._queue: asyncio.Queue[BaseModel | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._answers: deque[Answer] = deque(maxlen=_KEPT_ANSWERS)
        self._typed: set[str] = set()
        self.item_ids: list[str] = []

    def start(self) -> None:
        """Begin to write; lines that came before are written first."""
        self._task = asyncio.create_task(self._write())

    def line(self, line: BaseModel) -> None:
        """Put a line that is not a turn into the outbox."""
        self._queue.put_nowait(line)

    def answered(self, answer: Answer) -> None:
        """Remember what stood behind an answer, until it is known which answer was given."""
        self._answers.append(answer)

    def typed(self, text: str) -> None:
        """The learner typed this text: the turn that holds it is not speech."""
        self._typed.add(text)

    def commit(self, message: llm.ChatMessage) -> TurnRecord | None:
        """Put a message of the conversation into the outbox, and answer the turn that it is; instructions and
        empty messages are none."""
        text = (message.text_content or "").strip()
        if message.role not in {"user", "assistant"} or not text or message.id in self.item_ids:
            return None
        record = self._learner(message, text) if message.role == "user" else self._coach(message, text)
        self.item_ids.append(record.item_id)
        self._queue.put_nowait(TurnLine(turn=record))
        metrics.count_turn(record)
        return record

    async def close(self, reason: CloseReason, usage: list[UsageRecord]) -> None:
        """Put the end of the call into the outbox and wait until the disk has all of it."""
        closing = CloseCall(
            reason=reason, ended_at=datetime.now(UTC), usage=usage, item_ids=self.item_ids[:5_000]
        )
        self.line(CloseLine(close=closing))
        await self.drain()

    async def drain(self) -> None:
        """Wait until everything so far is on the disk, and stop writing."""
        if self._task is None:
            return
        self._queue.put_nowait(None)
        await self._task
        self._task = None

    async def _write(self) -> None:
        while (line := await self._queue.get()) is not None:
            await asyncio.to_thread(self._append, line)

    def _append(self, line: BaseModel) -> None:
        """Write a line; a full or failing disk is waited for, because a turn may not be left out."""
        while True:
            try:
                self._writer.append(line)
            except OSError:
                log.exception("the outbox does not take a line")
                time.sleep(_DISK_RETRY_S)
            else:
                return

    def _learner(self, message: llm.ChatMessage, text: str) -> TurnRecord:
        measured = message.metrics
        typed = text in self._typed
        self._typed.discard(text)
        delay = measured.get("end_of_turn_delay")
        words = [] if typed else self._take_words()
        started = measured.get("started_speaking_at") or message.created_at
        return TurnRecord(
            item_id=message.id,
            position=len(self.item_ids),
            role=Role.LEARNER,
            text=text[:MAX_TURN_CHARACTERS],
            input_kind=InputKind.TEXT if typed else InputKind.VOICE,
            started_at=_moment(started),
            ended_at=_moment(max(started, measured.get("stopped_speaking_at") or message.created_at)),
            words=words,
            timings=StageTimings(
                end_of_turn_delay=_ms(delay),
                transcription_delay=_ms(measured.get("transcription_delay")),
                waited_maximum_delay=None if typed else waited_maximum(delay, self._max_delay()),
            ),
        )

    def _coach(self, message: llm.ChatMessage, text: str) -> TurnRecord:
        measured = message.metrics
        answer = self._answer_of(text)
        started = measured.get("started_speaking_at") or message.created_at
        return TurnRecord(
            item_id=message.id,
            position=len(self.item_ids),
            role=Role.COACH,
            text=text[:MAX_TURN_CHARACTERS],
            interrupted=message.interrupted,
            started_at=_moment(started),
            ended_at=_moment(max(started, measured.get("stopped_speaking_at") or time.time())),
            timings=StageTimings(
                retrieval=answer.retrieval_ms if answer else None,
                llm_first_token=_ms(measured.get("llm_node_ttft")),
                llm_first_sentence=_ms(measured.get("llm_node_ttfs")),
                tts_first_byte=_ms(measured.get("tts_node_ttfb")),
                playback_latency=_ms(measured.get("playback_latency")),
                voice_to_voice=_ms(measured.get("e2e_latency")),
            ),
            prompt_hash=answer.prompt_hash if answer else None,
            llm=answer.llm if answer else None,
            sources=list(answer.sources) if answer else [],
        )

    def _answer_of(self, text: str) -> Answer | None:
        """Which of the remembered answers these words are from: what was heard is the beginning of what
        was meant."""
        heard = _letters(text)
        for answer in reversed(self._answers):
            if _letters(answer.text).startswith(heard):
                return answer
        return None


def usage_records(model_usage: Sequence[object]) -> list[UsageRecord]:
    """The session's usage by model as the contract has it."""
    records: list[UsageRecord] = []
    for use in model_usage:
        match use:
            case LLMModelUsage():
                records.append(
                    UsageRecord(
                        kind="llm",
                        provider=use.provider[:64],
                        model=use.model[:128],
                        input_tokens=use.input_tokens,
                        output_tokens=use.output_tokens,
                    )
                )
            case TTSModelUsage():
                records.append(
                    UsageRecord(
                        kind="tts",
                        provider=use.provider[:64],
                        model=use.model[:128],
                        characters=use.characters_count,
                        audio_seconds=use.audio_duration,
                    )
                )
            case STTModelUsage():
                records.append(
                    UsageRecord(
                        kind="stt",
                        provider=use.provider[:64],
                        model=use.model[:128],
                        audio_seconds=use.audio_duration,
                    )
                )
    return records[:32]


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None or seconds < 0 else round(seconds * 1_000, 1)
