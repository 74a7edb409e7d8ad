"""The examiner's ear: the recognizer's connection in an exam, asked for its last words when a pause begins.

The session takes no turns by itself in an exam, so nobody else would ask the recognizer to settle its text.
"""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable

from livekit import rtc
from livekit.agents import Agent, APIError, ModelSettings, stt

from agent.ear import Reconnection
from agent.hearing import Hearing


class ExamAgent(Agent):
    """The agent of an exam's session: it hears and answers nothing by itself."""

    def __init__(self, hearing: Hearing, *, on_words: Callable[[str], None]) -> None:
        super().__init__(instructions="")
        self._hearing = hearing
        self._on_words = on_words
        self._connection = Reconnection()
        self._stream: stt.RecognizeStream | None = None
        self._first_sound: float | None = None
        self._settled = asyncio.Event()

    async def settle(self, within: float) -> None:
        """Ask the recognizer for the final text of what it has heard, and wait for it so many seconds."""
        self._settled.clear()
        self.flush()
        try:
            async with asyncio.timeout(within):
                await self._settled.wait()
        except TimeoutError:
            return

    def flush(self) -> None:
        """Ask the recognizer for the final text of what it has heard."""
        recognizer = self.session.stt
        if self._stream is not None and recognizer is not None and recognizer.capabilities.manual_flush:
            self._stream.flush()

    async def stt_node(
        self,
        audio: AsyncIterable[rtc.AudioFrame],
        model_settings: ModelSettings,  # noqa: ARG002 - the framework's signature
    ) -> AsyncIterator[stt.SpeechEvent]:
        """The recognizer's events, with words kept."""
        await self._connection.wait()
        recognizer = self.session.stt
        if recognizer is None:
            return
        try:
            async with recognizer.stream(conn_options=self.session.conn_options.stt_conn_options) as stream:
                if self._first_sound is not None:
                    stream.start_time_offset = time.time() - self._first_sound
                self._stream = stream
                feeding = asyncio.create_task(self._feed(audio, stream))
                try:
                    async for event in stream:
                        self._connection.works()
                        for passed in self._heard(event):
                            yield passed
                finally:
                    self._stream = None
                    feeding.cancel()
                    await asyncio.wait({feeding})
        except APIError as error:
            self._connection.failed(error)
            raise

    def _heard(self, event: stt.SpeechEvent) -> list[stt.SpeechEvent]:
        passed = self._hearing.process(event)
        if event.type == stt.SpeechEventType.FINAL_TRANSCRIPT:
            self._settled.set()
        text = event.alternatives[0].text if event.alternatives else ""
        if text.strip():
            self._on_words(text)
        return passed

    async def _feed(self, audio: AsyncIterable[rtc.AudioFrame], stream: stt.RecognizeStream) -> None:
        async for frame in audio:
            if self._first_sound is None:
                self._first_sound = time.time()
            stream.push_frame(frame)
