"""Wrappers that make a provider fail in time, so that a fallback can take over within a sentence.

An open connection that sends nothing is no error for the stock fallback adapters. These wrappers give
every wait a limit, refuse what cannot be speech or language, and pass on whole sentences only, so that a
model that stops in the middle of a word is never heard doing so.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Literal, TypeVar

import numpy as np
from livekit import rtc
from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    NOT_GIVEN,
    APIConnectionError,
    APIConnectOptions,
    APITimeoutError,
    NotGivenOr,
    llm,
    tts,
    utils,
)

from agent.sentences import SentenceSplitter

Item = TypeVar("Item")
LOUDEST_SPEECH_RMS = 0.5
"""Root mean square (full scale 1) that no speech reaches; noise from a broken stream lies above."""
MAX_ANSWER_CHARACTERS = 1_200
LABEL_END = "|"
"""Ends the model's name in the ids of a guarded model's chunks, so that an answer can be told by its
chunks."""


class GuardedLLM(llm.LLM[Literal["answer_cut"]]):
    """A language model with a limit on the first token, on every gap after it, and on length (seconds).

    Emits `answer_cut` when a model fails after whole sentences of its answer were passed on.
    """

    def __init__(self, inner: llm.LLM[Any], *, first_token: float, stall: float) -> None:
        super().__init__()
        self.inner = inner
        self.first_token = first_token
        self.stall = stall

    @property
    def model(self) -> str:
        """The wrapped model's name."""
        return self.inner.model

    @property
    def provider(self) -> str:
        """The wrapped model's provider."""
        return self.inner.provider

    @property
    def name(self) -> str:
        """Provider and model, as stored with a turn."""
        return f"{self.provider}/{self.model}"

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        parallel_tool_calls: NotGivenOr[bool] = NOT_GIVEN,
        tool_choice: NotGivenOr[llm.ToolChoice] = NOT_GIVEN,
        extra_kwargs: NotGivenOr[dict[str, Any]] = NOT_GIVEN,
    ) -> llm.LLMStream:
        """Answer, sentence by sentence; raises `APITimeoutError` while nothing has been passed on."""
        source = self.inner.chat(
            chat_ctx=chat_ctx,
            tools=tools,
            conn_options=APIConnectOptions(max_retry=0, timeout=self.first_token),
            parallel_tool_calls=parallel_tool_calls,
            tool_choice=tool_choice,
            extra_kwargs=extra_kwargs,
        )
        return _GuardedLLMStream(self, source, chat_ctx=chat_ctx, tools=tools or [], options=conn_options)

    async def aclose(self) -> None:
        """Close the wrapped model too."""
        await self.inner.aclose()
        await super().aclose()


class _GuardedLLMStream(llm.LLMStream):
    def __init__(
        self,
        guard: GuardedLLM,
        source: llm.LLMStream,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool],
        options: APIConnectOptions,
    ) -> None:
        super().__init__(guard, chat_ctx=chat_ctx, tools=tools, conn_options=options)
        self._guard = guard
        self._source = source
        self._splitter = SentenceSplitter()
        self._request_id = ""
        self._passed = 0

    async def _run(self) -> None:
        async with self._source:
            try:
                await self._pump(aiter(self._source))
            except Exception:
                if self._passed == 0:
                    raise
                self._guard.emit("answer_cut")
                return  # whole sentences were said: the answer ends there
        self._pass(self._splitter.flush())
        if self._passed == 0:
            raise APIConnectionError("the model gave no words", retryable=False)

    async def _pump(self, source: AsyncIterator[llm.ChatChunk]) -> None:
        limit = self._guard.first_token
        while True:
            try:
                chunk = await asyncio.wait_for(anext(source), limit)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise APITimeoutError("the model stopped sending", retryable=False) from None
            self._request_id = chunk.id
            if chunk.delta and chunk.delta.content:
                limit = self._guard.stall
                for sentence in self._splitter.push(chunk.delta.content):
                    self._pass(sentence)
            if chunk.usage:
                self._event_ch.send_nowait(llm.ChatChunk(id=chunk.id, usage=chunk.usage))
            if self._passed > MAX_ANSWER_CHARACTERS:
                return

    def _pass(self, sentence: str) -> None:
        if not sentence.strip():
            return
        if not is_language(sentence):
            raise APIConnectionError("the model sent what is not language", retryable=False)
        self._passed += len(sentence)
        delta = llm.ChoiceDelta(role="assistant", content=sentence)
        self._event_ch.send_nowait(
            llm.ChatChunk(id=f"{self._guard.name}{LABEL_END}{self._request_id}", delta=delta)
        )


def is_language(text: str) -> bool:
    """Whether a text can be read aloud: mostly letters and blanks, no control characters."""
    if any(not character.isprintable() and character not in "\n\t" for character in text):
        return False
    spoken = sum(character.isalnum() or character.isspace() for character in text)
    return any(character.isalpha() for character in text) and spoken >= len(text) * 0.6


class GuardedTTS(tts.TTS[Any]):
    """A synthesizer with a limit on the first byte and on every gap after it (seconds)."""

    def __init__(self, inner: tts.TTS[Any], *, first_byte: float, stall: float) -> None:
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=False),
            sample_rate=inner.sample_rate,
            num_channels=inner.num_channels,
        )
        self.inner = inner
        self.first_byte = first_byte
        self.stall = stall

    @property
    def model(self) -> str:
        """The wrapped model's name."""
        return self.inner.model

    @property
    def provider(self) -> str:
        """The wrapped model's provider."""
        return self.inner.provider

    def prewarm(self) -> None:
        """Open the wrapped model's connection."""
        self.inner.prewarm()

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        """Speak a sentence; raises `APITimeoutError` or `APIConnectionError` in time for a fallback."""
        return _GuardedTTSStream(tts=self, input_text=text, conn_options=conn_options)

    async def aclose(self) -> None:
        """Close the wrapped model too."""
        await self.inner.aclose()


class _GuardedTTSStream(tts.ChunkedStream):
    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        guard = self._tts
        if not isinstance(guard, GuardedTTS):
            raise TypeError("only for a guarded synthesizer")
        output_emitter.initialize(
            request_id=utils.shortuuid(),
            sample_rate=guard.sample_rate,
            num_channels=guard.num_channels,
            mime_type="audio/pcm",
        )
        options = APIConnectOptions(max_retry=0, timeout=guard.first_byte)
        async with guard.inner.synthesize(self.input_text, conn_options=options) as source:
            frames = aiter(source)
            limit = guard.first_byte
            while True:
                try:
                    audio = await asyncio.wait_for(anext(frames), limit)
                except StopAsyncIteration:
                    break
                except TimeoutError:
                    raise APITimeoutError("the synthesizer stopped sending", retryable=False) from None
                limit = guard.stall
                if not is_speech(audio.frame):
                    raise APIConnectionError("the synthesizer sent what is not speech", retryable=False)
                output_emitter.push_frame(audio.frame)
        output_emitter.flush()


def is_speech(frame: rtc.AudioFrame) -> bool:
    """Whether a frame can be speech: neither text read as samples nor noise at full scale."""
    samples = np.frombuffer(frame.data, np.int16).astype(np.float32) / 32768
    if not samples.size:
        return True
    return bool(np.sqrt(np.mean(samples**2)) < LOUDEST_SPEECH_RMS)
