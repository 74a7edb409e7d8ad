"""The recording of a call, under the learner's consent: both voices tapped, encoded and put into the outbox.

Nothing of it is anywhere before: no temporary file, no sound in a log. A thread of its own encodes every few
seconds, so that neither the conversation nor the event loop waits. What is on the disk is the shipper's; when
the API says that the learner does not want it any more, the shipper leaves a note and the recording ends.
"""

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from livekit import rtc
from livekit.agents import AgentSession, io

from agent.outbox import SoundBox
from agent.tape import COACH, LEARNER, Tape
from api.contract.sound import Sound, pack
from infra import telemetry

log = telemetry.get_logger(__name__)

TICK_S: Final = 2.0
INPUT_LATE_S: Final = 1.0
"""The learner's sound is waited for so long before its absence is silence; longer than `LOOK_AHEAD_S`."""
HOLD_S: Final = 90.0
"""The coach's sound is placed when it has been played; a playback that never ends is waited for so long."""
CLOCK_SET_S: Final = 2.0
"""A wall clock that moves by more than this against the steady one was set, or the machine slept."""


@dataclass(frozen=True)
class _Heard:
    side: int
    started_at: float
    frame: rtc.AudioFrame


@dataclass(frozen=True)
class _RunEnded:
    side: int


@dataclass(frozen=True)
class _Settled:
    """Everything before this wall-clock time is known."""

    until: float


@dataclass(frozen=True)
class _ClockSet:
    now: float


_Event = _Heard | _RunEnded | _Settled | _ClockSet | None


class CallRecording:
    """Records one job's part of a call.

    Args:
        box: Where segments wait for the shipper.
        first_number: Number of this job's first segment.
        on_stopped: Called once, in the event loop, when the recording ends before the call: the learner has
            taken the consent back, or it failed.
    """

    def __init__(self, box: SoundBox, *, first_number: int, on_stopped: Callable[[], None]) -> None:
        self._box = box
        self._number = first_number
        self._on_stopped = on_stopped
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ticks: asyncio.Task[None] | None = None
        self._output: OutputTap | None = None
        self._heard_until = 0.0
        self._clocks = 0.0
        self._waiting: list[tuple[int, bytes]] = []
        self._failed = False
        self.on = False

    def start(self, session: AgentSession[None]) -> None:
        """Tap the session's sound and record from now on. To be called once it has begun, in its loop."""
        if session.input.audio is None or session.output.audio is None:
            log.warning("nothing to record: the session has no sound")
            return
        self._box.open()
        self._heard_until = time.time()
        self._clocks = _clock_difference()
        self.on = True
        self._thread = threading.Thread(
            target=self._work, args=(self._heard_until,), name="recording", daemon=True
        )
        self._thread.start()
        session.input.audio = InputTap(session.input.audio, self._learner)
        self._output = OutputTap(session.output.audio, self._coach, self._coach_paused)
        session.output.audio = self._output
        self._ticks = asyncio.create_task(self._tick())

    def stop(self) -> None:
        """The learner wants no recording: end it, and delete what waits."""
        if not self.on:
            return
        self.on = False
        self._box.mark_stopped()
        self._events.put(None)
        self._on_stopped()

    async def aclose(self) -> None:
        """Record up to now and wait until all of it is on the disk."""
        if self._ticks is not None:
            self._ticks.cancel()
            await asyncio.gather(self._ticks, return_exceptions=True)
        if self._thread is None:
            return
        if self.on:
            self.on = False
            for side in (LEARNER, COACH):
                self._events.put(_RunEnded(side))
            self._events.put(_Settled(time.time()))
            self._events.put(None)
        await asyncio.to_thread(self._thread.join)

    def _learner(self, frame: rtc.AudioFrame) -> None:
        if not self.on:
            return
        now = time.time()
        self._heard_until = now
        self._events.put(_Heard(LEARNER, now - frame.duration, frame))

    def _coach(self, started_at: float, frame: rtc.AudioFrame) -> None:
        if self.on:
            self._events.put(_Heard(COACH, started_at, frame))

    def _coach_paused(self) -> None:
        if self.on:
            self._events.put(_RunEnded(COACH))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if not self.on:
                if self._failed:
                    self._on_stopped()
                return
            if await asyncio.to_thread(self._box.is_stopped):
                self.stop()
                return
            now = time.time()
            if abs(_clock_difference() - self._clocks) > CLOCK_SET_S:
                log.warning("the clock was set: the recording goes on by the new time")
                self._clocks = _clock_difference()
                self._events.put(_ClockSet(now))
                continue
            settled = max(self._heard_until - INPUT_LATE_S, now - 2 * INPUT_LATE_S)
            pending = self._output.pending_since if self._output else None
            if pending is not None:
                settled = min(settled, max(pending, now - HOLD_S))
            self._events.put(_Settled(settled))

    def _work(self, started_at: float) -> None:
        """The thread: place, encode, write."""
        try:
            self._record(Tape(started_at))
        except Exception:
            log.exception("the recording failed; the call goes on without")
            self._failed, self.on = self.on, False
        if self._box.is_stopped():
            self._box.clear()

    def _record(self, tape: Tape) -> None:
        while (event := self._events.get()) is not None:
            match event:
                case _Heard(side, at, frame):
                    tape.add(side, at, frame)
                case _RunEnded(side):
                    tape.end_run(side)
                case _Settled(until):
                    self._keep(tape.advance(until))
                case _ClockSet(now):
                    self._keep(tape.restart(now))
        if not self._box.is_stopped():
            self._keep(tape.finish())

    def _keep(self, sounds: list[Sound]) -> None:
        """Write segments; what the disk does not take waits in memory for the next time."""
        for sound in sounds:
            self._waiting.append((self._number, pack(sound, serial=self._number & 0xFFFFFFFF)))
            self._number += 1
        while self._waiting:
            try:
                self._box.put(*self._waiting[0])
            except OSError:
                log.exception("the outbox does not take a segment", waiting=len(self._waiting))
                return
            self._waiting.pop(0)


class InputTap(io.AudioInput):
    """Passes the learner's sound on and shows each frame as it comes."""

    def __init__(self, source: io.AudioInput, on_frame: Callable[[rtc.AudioFrame], None]) -> None:
        super().__init__(label="recording", source=source)
        self._on_frame = on_frame

    def __aiter__(self) -> AsyncIterator[rtc.AudioFrame]:
        return self

    async def __anext__(self) -> rtc.AudioFrame:
        frame = await super().__anext__()
        self._on_frame(frame)
        return frame


class OutputTap(io.AudioOutput):
    """Passes the coach's sound on, keeps what is not played yet, and shows it where and when it was played.

    What is interrupted before it sounds is never shown.
    """

    def __init__(
        self,
        sink: io.AudioOutput,
        on_played: Callable[[float, rtc.AudioFrame], None],
        on_paused: Callable[[], None],
    ) -> None:
        super().__init__(
            label="recording", next_in_chain=sink, capabilities=io.AudioOutputCapabilities(pause=True)
        )
        self._on_played = on_played
        self._on_paused = on_paused
        self._kept: list[rtc.AudioFrame] = []
        self._began_at: float | None = None
        self._reported = False
        self.pending_since: float | None = None
        """Wall-clock time from which it is not known yet what was played."""

    @property
    def sample_rate(self) -> int | None:
        """What the sink wants."""
        return self.next_in_chain.sample_rate if self.next_in_chain else None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        """Pass a frame on."""
        if self.next_in_chain:
            await self.next_in_chain.capture_frame(frame)
        await super().capture_frame(frame)
        if not self._kept:
            self.pending_since = time.time()
        self._kept.append(frame)

    def flush(self) -> None:
        """Pass on that a sentence is whole."""
        super().flush()
        if self.next_in_chain:
            self.next_in_chain.flush()

    def clear_buffer(self) -> None:
        """Pass on that the coach falls silent."""
        if self.next_in_chain:
            self.next_in_chain.clear_buffer()

    def on_playback_started(self, *, created_at: float) -> None:
        """The first frame sounds."""
        super().on_playback_started(created_at=created_at)
        if self._began_at is None:
            self._began_at = created_at

    def on_playback_progressed(self, *, started_at: float, offset: float, duration: float) -> None:
        """A stretch has been played."""
        super().on_playback_progressed(started_at=started_at, offset=offset, duration=duration)
        self._reported = True
        self._show(started_at, offset, duration)

    def on_playback_finished(
        self, *, playback_position: float, interrupted: bool, synchronized_transcript: str | None = None
    ) -> None:
        """The sentence has been played, or was cut off."""
        super().on_playback_finished(
            playback_position=playback_position,
            interrupted=interrupted,
            synchronized_transcript=synchronized_transcript,
        )
        if not self._reported:
            began = self._began_at if self._began_at is not None else time.time() - playback_position
            self._show(began, 0.0, playback_position)
        self._on_paused()
        self._kept, self._began_at, self._reported, self.pending_since = [], None, False, None

    def _show(self, started_at: float, offset: float, duration: float) -> None:
        if not self._kept or duration <= 0:
            return
        rate, channels = self._kept[0].sample_rate, self._kept[0].num_channels
        pcm = np.concatenate([np.frombuffer(frame.data, np.int16) for frame in self._kept])
        start, end = round(offset * rate) * channels, round((offset + duration) * rate) * channels
        played = pcm[start:end]
        if played.size:
            self._on_played(
                started_at, rtc.AudioFrame(played.tobytes(), rate, channels, played.size // channels)
            )


def _clock_difference() -> float:
    return time.time() - time.monotonic()
