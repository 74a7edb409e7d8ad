"""One live transcription: audio in, interim and final results out, in Deepgram's messages."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import soxr

from infra.models import deepgram
from infra.models.metrics import FINAL_LAG
from infra.models.recognizer import Attempt, Recognizer
from infra.models.settings import Settings
from infra.models.stt import RATE, Audio
from infra.models.vad import WINDOW, Gate, Stretch
from infra.models.words import Word
from infra.models.worker import Interrupted, Priority
from infra.telemetry import get_logger

_COMFORTABLE_MS, _PAUSE_MS, _LONGEST_MS = 8_000, 160, 14_000
"""From 8 s on a stretch is closed at the next short pause, at 14 s wherever it is quietest."""
_UNCLAIMED_MS = 2_000
"""Silence after which a final comes even though the client does its own endpointing and sent no Finalize."""
_LAST_WINDOWS = 45

_log = get_logger(__name__)

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class _Closing:
    """A finished stretch on its way to the client; None stands for a Finalize with nothing to finish."""

    stretch: Stretch | None
    attempt: Attempt | None
    endpoint: bool
    from_finalize: bool
    due: float
    position: int


class LiveTranscription:
    """State of one socket. `feed`, `finalize` and `finish` are called in the order of its messages."""

    def __init__(
        self,
        recognizer: Recognizer,
        settings: Settings,
        options: deepgram.Options,
        request_id: str,
        send: Send,
    ) -> None:
        self._recognizer = recognizer
        self._settings = settings
        self._options = options
        self._request_id = request_id
        self._send = send
        self._resampler = (
            soxr.ResampleStream(options.sample_rate, RATE, 1, dtype="int16")
            if options.sample_rate != RATE
            else None
        )
        self._gate = Gate()
        self._odd = b""
        self._rest = np.zeros(0, np.int16)
        self._position = 0
        self._stretch: Stretch | None = None
        self._attempt: Attempt | None = None
        self._partial: Attempt | None = None
        self._shown_at = 0
        self._ended_at: int | None = None
        self._partial_cost_s = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closings: asyncio.Queue[_Closing] = asyncio.Queue()
        self._finals = asyncio.create_task(self._send_finals())

    @property
    def duration(self) -> float:
        """Seconds of audio received."""
        return self._position / RATE

    async def feed(self, data: bytes) -> None:
        """Take 16-bit PCM of any length."""
        data = self._odd + data
        whole = len(data) // 2 * 2
        self._odd = data[whole:]
        samples = np.frombuffer(data[:whole], "<i2")
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        self._rest = np.concatenate([self._rest, samples])
        while len(self._rest) >= WINDOW:
            window = self._rest[:WINDOW].astype(np.float32) / np.float32(32768)
            self._rest = self._rest[WINDOW:]
            self._position += WINDOW
            await self._window(window)

    def finalize(self) -> None:
        """The client says that the utterance is over: its final comes at once."""
        self._close_stretch(endpoint=True, from_finalize=True)

    async def finish(self) -> None:
        """No more audio: send what is left."""
        self._close_stretch(endpoint=True)
        await self._closings.join()

    async def aclose(self) -> None:
        """Give up all work; the socket is gone."""
        for attempt in (self._attempt, self._partial):
            if attempt is not None:
                attempt.cancel()
        for task in (*self._tasks, self._finals):
            task.cancel()
        await asyncio.gather(*self._tasks, self._finals, return_exceptions=True)

    async def _window(self, window: Audio) -> None:
        stretch = self._stretch
        if stretch is None:
            await self._listen_for_start(window)
            return
        if self._gate.extend(stretch, window):
            self._drop_attempt()
            self._maybe_partial(stretch)
            if stretch.length_ms >= _LONGEST_MS:
                self._cut(stretch)
            return
        self._in_silence(stretch)

    async def _listen_for_start(self, window: Audio) -> None:
        self._stretch = self._gate.open(window, self._position)
        if self._stretch is None:
            await self._maybe_utterance_end()
            return
        self._shown_at, self._ended_at = self._position, None
        if self._options.vad_events:
            began = self._stretch.spans[0][0] / RATE
            await self._send({"type": "SpeechStarted", "channel": [0, 1], "timestamp": round(began, 3)})

    def _in_silence(self, stretch: Stretch) -> None:
        quiet = stretch.quiet_ms
        if quiet >= self._settings.speculate_ms and self._attempt is None:
            self._speculate(stretch)
        if self._options.endpoint_ms is not None and quiet >= max(
            self._options.endpoint_ms, self._settings.min_endpoint_ms
        ):
            self._close_stretch(endpoint=True)
        elif quiet >= _UNCLAIMED_MS or (quiet >= _PAUSE_MS and stretch.length_ms >= _COMFORTABLE_MS):
            self._close_stretch(endpoint=False)

    def _speculate(self, stretch: Stretch) -> None:
        """Decode now what is likely to be the whole utterance, and show it: the final is then instant."""
        self._drop_partial()
        self._attempt = Attempt(self._recognizer, stretch, self._options.keyterms, Priority.SPECULATIVE)
        if self._options.interim:
            self._spawn(self._show(stretch, self._attempt))

    def _maybe_partial(self, stretch: Stretch) -> None:
        """Start a partial when it is time, the engine is free, and the last one was not too dear."""
        spacing = max(self._settings.partial_ms / 1000, 3 * self._partial_cost_s) * RATE
        early = (self._position - stretch.spans[0][0]) * 1000 < self._settings.partial_after_ms * RATE
        if not self._options.interim or early or self._position - self._shown_at < spacing:
            return
        if self._partial is not None or self._recognizer.busy:
            return
        self._shown_at = self._position
        self._partial = Attempt(self._recognizer, stretch, (), Priority.PARTIAL)
        self._spawn(self._show_partial(stretch, self._partial))

    async def _show_partial(self, stretch: Stretch, attempt: Attempt) -> None:
        began = time.perf_counter()
        try:
            await self._show(stretch, attempt)
            self._partial_cost_s = time.perf_counter() - began
        finally:
            if self._partial is attempt:
                self._partial = None

    async def _show(self, stretch: Stretch, attempt: Attempt) -> None:
        """Send an interim result if it is still of interest when it is there."""
        start, duration = stretch.start / RATE, stretch.length_ms / 1000
        try:
            words = await attempt.words()
        except Interrupted:
            return
        except Exception:
            _log.exception("interim decode failed")
            return
        if self._stretch is stretch and attempt in (self._attempt, self._partial) and words:
            await self._send(self._results(words, start, duration, final=False))

    def _cut(self, stretch: Stretch) -> None:
        """End a stretch in the middle of speech, at its quietest recent moment, and go on with the rest."""
        rest = stretch.split(stretch.quietest(_LAST_WINDOWS))
        self._close_stretch(endpoint=False)
        if rest.spans:
            self._stretch, self._shown_at = rest, self._position

    def _close_stretch(self, *, endpoint: bool, from_finalize: bool = False) -> None:
        stretch, attempt = self._stretch, self._attempt
        self._stretch = self._attempt = None
        self._drop_partial()
        self._gate.reset()
        if stretch is not None:
            attempt = attempt or Attempt(self._recognizer, stretch, self._options.keyterms, Priority.FINAL)
            self._ended_at = stretch.last_voice
        elif not from_finalize:
            return
        self._closings.put_nowait(
            _Closing(stretch, attempt, endpoint, from_finalize, time.perf_counter(), self._position)
        )

    async def _send_finals(self) -> None:
        """Send finals in the order of their stretches."""
        while True:
            closing = await self._closings.get()
            try:
                await self._send_final(closing)
            finally:
                self._closings.task_done()

    async def _send_final(self, closing: _Closing) -> None:
        words: list[Word] = []
        start = closing.position / RATE
        if closing.stretch is not None and closing.attempt is not None:
            start = closing.stretch.start / RATE
            try:
                words = await closing.attempt.timed_words(self._settings.align_wait_ms / 1000)
            except Interrupted:
                _log.warning("final given up")
            except Exception:
                # The stream outlives a decode that failed: its final is empty, the next one is not.
                _log.exception("decode failed", milliseconds=closing.stretch.length_ms)
            FINAL_LAG.observe(time.perf_counter() - closing.due)
        message = self._results(
            words,
            start,
            closing.position / RATE - start,
            final=True,
            endpoint=closing.endpoint and closing.stretch is not None,
            from_finalize=closing.from_finalize,
        )
        await self._send(message)

    async def _maybe_utterance_end(self) -> None:
        """Tell once, where asked for, that nothing was said for `utterance_end_ms`."""
        limit = self._options.utterance_end_ms
        if limit is None or self._ended_at is None or (self._position - self._ended_at) * 1000 < limit * RATE:
            return
        ended, self._ended_at = self._ended_at / RATE, None
        await self._send({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": round(ended, 3)})

    def _results(
        self,
        words: list[Word],
        start: float,
        duration: float,
        *,
        final: bool,
        endpoint: bool = False,
        from_finalize: bool = False,
    ) -> dict[str, Any]:
        return deepgram.results(
            words,
            self._request_id,
            start=start,
            duration=duration,
            punctuate=self._options.punctuate,
            final=final,
            endpoint=endpoint,
            from_finalize=from_finalize,
        )

    def _drop_attempt(self) -> None:
        if self._attempt is not None:
            self._attempt.cancel()
            self._attempt = None

    def _drop_partial(self) -> None:
        if self._partial is not None:
            self._partial.cancel()
            self._partial = None

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
