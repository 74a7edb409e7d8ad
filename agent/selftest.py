"""`python -m agent.selftest`: try every configured provider as a call would use it; JSON on standard output.

A recognizer hears what the first synthesizer that works has said, a synthesizer says one sentence, a language
model answers one word: each through the very plugin object that a call is built of.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from livekit import rtc
from livekit.agents import APIConnectOptions, llm, stt, tts
from livekit.agents.utils import http_context

from agent.providers import ProviderError, build
from agent.settings import AgentSettings, settings
from infra.findings import Finding, failed, ok, skipped, to_json, warning

SENTENCE: Final = "Good morning. How are you today?"
WITHIN_S: Final = 20.0
_ONCE: Final = APIConnectOptions(max_retry=0, timeout=10.0)
_AREA: Final = {"stt": "STT", "tts": "TTS", "llm": "LLM"}
_SLOW_MS: Final = {"tts": 1000.0, "llm": 1200.0}
"""Beyond these a conversation is felt to drag: the coach falls back at 1.8 s."""


async def examine(configured: AgentSettings) -> list[Finding]:
    """One finding for each configured provider."""
    said: list[rtc.AudioFrame] = []
    voices = [
        await _tried("tts", name, configured, lambda voice: _speak(voice, said))
        for name in configured.tts_rows
    ]
    recognizers = [await _recognizer(name, configured, said) for name in configured.stt_rows]
    models = [await _tried("llm", name, configured, _answer) for name in configured.llm_rows]
    if not models:
        models = [skipped("LLM", "guided", "No language model is configured; guided answers.")]
    return [*recognizers, *models, *voices]


async def _recognizer(name: str, configured: AgentSettings, said: list[rtc.AudioFrame]) -> Finding:
    if not said:
        return skipped("STT", name, "Not tried: no synthesizer gave speech to recognize.")
    return await _tried("stt", name, configured, lambda recognizer: _recognize(recognizer, said))


async def _tried(
    kind: Any, name: str, configured: AgentSettings, attempt: Callable[[Any], Awaitable[dict[str, float]]]
) -> Finding:
    area = _AREA[kind]
    try:
        plugin = build(kind, name, configured)
    except ProviderError as error:
        return failed(area, name, str(error), f"Set it, or take {name} out of {area}_PROVIDER.")
    try:
        figures = await asyncio.wait_for(attempt(plugin), WITHIN_S)
    except TimeoutError:
        return failed(area, name, f"No answer within {WITHIN_S:.0f} s.", _mend(area))
    except _NotUnderstoodError as error:
        return warning(area, name, str(error), "Speech is recognized badly: try another model or voice.")
    except Exception as error:
        return failed(area, name, f"{type(error).__name__}: {_short(error)}", _mend(area))
    finally:
        await plugin.aclose()
    first = figures.get("first_ms", 0.0)
    if first > _SLOW_MS.get(kind, float("inf")):
        return warning(area, name, f"It answers, but only after {first:.0f} ms.", "Choose a faster one.")
    return ok(area, name, "It answers.", **figures)


def _mend(area: str) -> str:
    return f"Check {area}_URL and the provider's key, and that this machine reaches the provider."


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


async def _speak(voice: tts.TTS[Any], said: list[rtc.AudioFrame]) -> dict[str, float]:
    began, first, frames = time.perf_counter(), 0.0, []
    async with voice.synthesize(SENTENCE, conn_options=_ONCE) as stream:
        async for event in stream:
            first = first or time.perf_counter() - began
            frames.append(event.frame)
    if not frames:
        raise RuntimeError("no sound came")
    if not said:
        said.extend(frames)
    return {"first_ms": round(first * 1000), "whole_ms": round((time.perf_counter() - began) * 1000)}


class _NotUnderstoodError(Exception):
    """The recognizer works and hears something else."""


async def _recognize(recognizer: stt.STT[Any], said: list[rtc.AudioFrame]) -> dict[str, float]:
    resampler = rtc.AudioResampler(said[0].sample_rate, 16_000)
    frames = [part for frame in said for part in resampler.push(frame)] + resampler.flush()
    began = time.perf_counter()
    async with recognizer.stream(conn_options=_ONCE) as stream:
        for frame in frames:
            stream.push_frame(frame)
        stream.push_frame(_silence(0.6))
        stream.flush()
        stream.end_input()
        heard = ""
        async for event in stream:
            if event.type is stt.SpeechEventType.FINAL_TRANSCRIPT and event.alternatives[0].text:
                heard = event.alternatives[0].text
                break
    words = set(re.findall(r"[a-z]+", heard.lower()))
    if not words & {"good", "morning", "today"}:
        raise _NotUnderstoodError("It answers, but did not understand one clear sentence.")
    return {"whole_ms": round((time.perf_counter() - began) * 1000)}


def _silence(seconds: float) -> rtc.AudioFrame:
    samples = int(16_000 * seconds)
    return rtc.AudioFrame(bytes(2 * samples), 16_000, 1, samples)


async def _answer(model: llm.LLM[Any]) -> dict[str, float]:
    context = llm.ChatContext.empty()
    context.add_message(role="user", content="Say the word: ready.")
    began, first, said = time.perf_counter(), 0.0, ""
    async with model.chat(chat_ctx=context, conn_options=_ONCE) as stream:
        async for chunk in stream:
            if chunk.delta and chunk.delta.content:
                first = first or time.perf_counter() - began
                said += chunk.delta.content
    if not said.strip():
        raise RuntimeError("the answer was empty")
    return {"first_ms": round(first * 1000), "whole_ms": round((time.perf_counter() - began) * 1000)}


async def _run() -> list[Finding]:
    async with http_context.open():
        return await examine(settings())


def main() -> None:
    """Print the findings."""
    print(to_json(asyncio.run(_run())))  # noqa: T201 - the result of the command


if __name__ == "__main__":
    main()
