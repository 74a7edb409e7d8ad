"""Providers that do what a test tells them: answer, fail, hang, send nonsense."""

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectionError, APIConnectOptions, llm, tts, utils

RATE = 24_000
HANG = "hang"
FAIL = "fail"


class ScriptedLLM(llm.LLM[Any]):
    """Sends its pieces one by one; `HANG` sends nothing more and never ends, `FAIL` is a lost connection."""

    def __init__(self, *pieces: str, name: str = "scripted", delay: float = 0.0) -> None:
        super().__init__()
        self.pieces = pieces
        self.name = name
        self.delay = delay
        self.heard: list[str] = []

    @property
    def model(self) -> str:
        return self.name

    @property
    def provider(self) -> str:
        return "test"

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        **_: Any,
    ) -> llm.LLMStream:
        said = [message.text_content or "" for message in chat_ctx.messages() if message.role == "user"]
        self.heard.append(said[-1] if said else "")
        return _ScriptedStream(self, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)


class _ScriptedStream(llm.LLMStream):
    async def _run(self) -> None:
        model = self._llm
        assert isinstance(model, ScriptedLLM)
        await asyncio.sleep(model.delay)
        for piece in model.pieces:
            if piece == HANG:
                await asyncio.Event().wait()
            if piece == FAIL:
                raise APIConnectionError("lost", retryable=False)
            delta = llm.ChoiceDelta(role="assistant", content=piece)
            self._event_ch.send_nowait(llm.ChatChunk(id="chunk", delta=delta))
            await asyncio.sleep(0)


async def answer_of(model: llm.LLM[Any]) -> list[str]:
    """The pieces of an answer."""
    async with model.chat(chat_ctx=llm.ChatContext.empty()) as stream:
        return [chunk.delta.content or "" async for chunk in stream if chunk.delta]


async def said_by(model: llm.LLM[Any], context: llm.ChatContext) -> str:
    """What a model answers to a conversation."""
    async with model.chat(chat_ctx=context) as stream:
        return "".join([chunk.delta.content or "" async for chunk in stream if chunk.delta])


class ScriptedTTS(tts.TTS[Any]):
    """Gives a tone of `seconds` for each sentence, or does what `script` says, one entry a sentence."""

    def __init__(self, script: Sequence[str] = (), *, seconds: float = 0.4) -> None:
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=RATE, num_channels=1)
        self.script = list(script)
        self.seconds = seconds
        self.spoken: list[str] = []

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        self.spoken.append(text)
        return _ScriptedSpeech(tts=self, input_text=text, conn_options=conn_options)


class _ScriptedSpeech(tts.ChunkedStream):
    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        source = self._tts
        assert isinstance(source, ScriptedTTS)
        does = source.script.pop(0) if source.script else "speak"
        if does == FAIL:
            raise APIConnectionError("lost", retryable=False)
        if does == HANG:
            await asyncio.Event().wait()
        output_emitter.initialize(
            request_id=utils.shortuuid(), sample_rate=RATE, num_channels=1, mime_type="audio/pcm"
        )
        if does == "noise":
            output_emitter.push(np.random.default_rng(1).bytes(RATE))
        else:
            output_emitter.push(tone(source.seconds))
        output_emitter.flush()
        if does == "stop":
            await asyncio.Event().wait()


def tone(seconds: float, pitch: float = 220.0, level: int = 3_000) -> bytes:
    """A sine of 24 kHz mono 16-bit PCM."""
    times = np.arange(int(seconds * RATE)) / RATE
    return bytes((np.sin(2 * np.pi * pitch * times) * level).astype("<i2").tobytes())
