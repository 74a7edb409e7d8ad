"""A whole conversation without a server: sound goes in from a list, comes out into a counter; time is
real."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from livekit import rtc
from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    NOT_GIVEN,
    AgentSession,
    APIConnectOptions,
    ConversationItemAddedEvent,
    io,
    llm,
    stt,
    tts,
)
from livekit.agents.voice.io import AudioOutputCapabilities
from livekit.agents.voice.transcription import TranscriptSynchronizer

from agent import outbox, providers, turn_taking
from agent.floor import Floor
from agent.hearing import Hearing
from agent.memory import Memory
from agent.outbox import OutboxWriter
from agent.recorder import Recorder
from agent.smart_turn import shared
from agent.turn_detector import PolicyDetector
from agent.tutor import Tutor
from api.contract.calls import Patience, TurnRecord
from api.contract.levels import Level
from infra.bench.recordings import clear_voices
from tests.agent.fake_api import FakeApi, brief

RATE = 48_000
FRAME = RATE // 50


class Microphone(io.AudioInput):
    """20 ms of sound at a time, in real time: quiet room noise unless something is spoken."""

    def __init__(self) -> None:
        super().__init__(label="test microphone")
        self._waiting = np.zeros(0, np.int16)
        self._next = 0.0
        self._noise = np.random.default_rng(1)

    @property
    def silent(self) -> bool:
        """Whether everything was said."""
        return not self._waiting.size

    def speak(self, samples: np.ndarray[Any, np.dtype[np.int16]]) -> None:
        """Say this next."""
        self._waiting = np.concatenate([self._waiting, samples])

    async def __anext__(self) -> rtc.AudioFrame:
        now = time.perf_counter()
        self._next = max(self._next + 0.02, now - 0.5)
        if self._next > now:
            await asyncio.sleep(self._next - now)
        piece, self._waiting = self._waiting[:FRAME], self._waiting[FRAME:]
        noise = self._noise.normal(0, 3, FRAME).astype(np.int16)
        noise[: piece.size] += piece
        return rtc.AudioFrame(noise.tobytes(), RATE, 1, FRAME)


class Loudspeaker(io.AudioOutput):
    """Plays in real time into nowhere and honours pause, resume and stop as a room does."""

    def __init__(self) -> None:
        super().__init__(label="test", capabilities=AudioOutputCapabilities(pause=True), sample_rate=24_000)
        self.paused = False
        self.pauses = 0
        self.samples: list[bytes] = []
        self._given = self._played = 0.0
        self._whole = self._stopped = False
        self._task: asyncio.Task[None] | None = None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        if self._task is None:
            self._given = self._played = 0.0
            self._whole = self._stopped = False
            self._task = asyncio.create_task(self._play())
            self.on_playback_started(created_at=time.time())
        self._given += frame.duration
        self.samples.append(bytes(frame.data))

    async def _play(self) -> None:
        while not self._stopped and not (self._whole and self._played >= self._given):
            await asyncio.sleep(0.02)
            if not self.paused:
                self._played = min(self._played + 0.02, self._given)
        self._task = None
        self.on_playback_finished(playback_position=self._played, interrupted=self._stopped)

    def flush(self) -> None:
        super().flush()
        self._whole = True

    def clear_buffer(self) -> None:
        self._stopped = True

    def pause(self) -> None:
        self.pauses += not self.paused
        self.paused = True

    def resume(self) -> None:
        self.paused = False


class _Captions(io.TextOutput):
    def __init__(self) -> None:
        super().__init__(label="captions", next_in_chain=None)

    async def capture_text(self, text: str) -> None:
        pass

    def flush(self) -> None:
        pass


class ScriptedSTT(stt.STT[Any]):
    """A recognizer that hears what the test says it hears, when the test says so."""

    def __init__(self) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=True))
        self.streams: list[_ScriptedRecognition] = []

    async def _recognize_impl(self, *_: Any, **__: Any) -> stt.SpeechEvent:
        raise NotImplementedError

    def stream(
        self, *, language: Any = NOT_GIVEN, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> stt.RecognizeStream:
        self.streams.append(_ScriptedRecognition(stt=self, conn_options=conn_options))
        return self.streams[-1]

    def hear(self, text: str, *, final: bool, confidence: float = 0.95) -> None:
        """Send a result to the session."""
        kind = stt.SpeechEventType.FINAL_TRANSCRIPT if final else stt.SpeechEventType.INTERIM_TRANSCRIPT
        data = stt.SpeechData(language="en", text=text, confidence=confidence)  # type: ignore[arg-type]
        self.streams[-1].push(stt.SpeechEvent(type=kind, alternatives=[data]))


class _ScriptedRecognition(stt.RecognizeStream):
    async def _run(self) -> None:
        async for _ in self._input_ch:
            pass

    def push(self, event: stt.SpeechEvent) -> None:
        self._event_ch.send_nowait(event)


@dataclass
class Talk:
    """A running conversation and what the test may do with it."""

    session: AgentSession[None]
    microphone: Microphone
    loudspeaker: Loudspeaker
    recorder: Recorder
    writer: OutboxWriter
    floor: Floor
    tutor: Tutor
    detector: PolicyDetector
    events: list[str] = field(default_factory=list)

    async def say(self, index: int = 0, *, after: float = 0.0) -> None:
        """Speak a recorded sentence and wait until it is out, and `after` seconds more."""
        samples = clear_voices()[index].samples
        self.microphone.speak((np.asarray(samples) * 32_767).astype(np.int16))
        await until(lambda: self.microphone.silent)
        await asyncio.sleep(after)

    async def turns(self, count: int) -> list[TurnRecord]:
        """The turns on the disk, when there are this many."""
        await until(lambda: len(outbox.read(self.writer.path).turns) >= count)
        return outbox.read(self.writer.path).turns

    async def state(self, name: str) -> None:
        """Wait for a state of the coach."""
        await until(lambda: self.session.agent_state == name)


async def until(holds: Callable[[], bool], *, within: float = 30.0) -> None:
    """Wait until something holds; the limit only keeps a broken test from hanging."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110  what is waited for has no event of its own
            await asyncio.sleep(0.01)


@asynccontextmanager
async def talk(
    home: Path, *, ear: stt.STT[Any], model: llm.LLM[Any], voice: tts.TTS[Any], level: Level = Level.B1
) -> AsyncIterator[Talk]:
    """A conversation with these providers and the real policy, detector, recorder and outbox."""
    hearing = Hearing(lambda: running.floor.overlapping)
    writer = OutboxWriter(home, "job-1")
    recorder = Recorder(writer, take_words=hearing.take_words, max_delay=lambda: running.floor.longest)

    def fell_silent(probability: float | None) -> bool:
        return running.floor.fell_silent(probability)

    def is_sure(probability: float | None) -> bool:
        return running.floor.is_sure(probability)

    detector = PolicyDetector(fell_silent, shared(), sure=is_sure)

    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(FakeApi().client())
        session = AgentSession[None](
            stt=ear,
            llm=model,
            tts=voice,
            vad=providers.build_vad(),
            turn_handling=turn_taking.turn_handling(Patience.BALANCED, detector),
            aec_warmup_duration=None,
            user_away_timeout=None,
        )
        tutor = Tutor(
            brief=brief(), hearing=hearing, memory=Memory(api, timeout=0.15), on_answer=recorder.answered,
            guided_hash="guided-hash",
        )  # fmt: skip
        floor = Floor(
            session,
            patience=Patience.BALANCED,
            level=level,
            on_silence=lambda _: None,
            heard=lambda: detector.heard,
            said=lambda: hearing.said,
        )
        session.on("agent_state_changed", detector.coach_changed)
        speaker = Loudspeaker()
        running = Talk(session, Microphone(), speaker, recorder, writer, floor, tutor, detector)
        _record(running)
        synchronizer = TranscriptSynchronizer(next_in_chain_audio=speaker, next_in_chain_text=_Captions())
        session.input.audio = running.microphone
        session.output.audio = synchronizer.audio_output
        session.output.transcription = synchronizer.text_output
        recorder.start()
        await session.start(tutor)
        try:
            yield running
        finally:
            await session.aclose()
            await synchronizer.aclose()
            await recorder.drain()
            writer.close()
            floor.close()


def _record(running: Talk) -> None:
    def item(event: ConversationItemAddedEvent) -> None:
        if isinstance(event.item, llm.ChatMessage):
            running.recorder.commit(event.item)
            running.floor.settle()

    running.session.on("conversation_item_added", item)
    running.session.on(
        "agent_false_interruption", lambda event: running.events.append(f"resumed={event.resumed}")
    )
