"""Live transcription, through the stock LiveKit plugin and raw messages."""

import asyncio
import itertools
from typing import Any

import aiohttp
import numpy as np
import pytest
import soxr
from livekit import rtc
from livekit.agents import stt
from livekit.plugins import deepgram

from tests.models.server import RATE, SILENCE, Server, finals, messages, say, stream, text_of, until

SENTENCE = "Yesterday I went to the market and bought some fresh apples."
HEARD = "yesterday i went to the market and bought some fresh apples"


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").strip()


def _listen(server: Server, **options: str) -> str:
    return f"{server.url}/v1/listen?" + "&".join(f"{name}={value}" for name, value in options.items())


def _plugin(server: Server, http: aiohttp.ClientSession, **options: object) -> deepgram.STT:
    return deepgram.STT(
        model="nova-3",
        language="en",
        api_key="local",
        base_url=f"{server.url}/v1/listen",
        http_session=http,
        **options,  # type: ignore[arg-type]
    )


async def _events(stream_: stt.SpeechStream, pcm: bytes, *, flush: bool) -> list[stt.SpeechEvent]:
    for at in range(0, len(pcm), 640):
        piece = pcm[at : at + 640]
        stream_.push_frame(rtc.AudioFrame(piece, RATE, 1, len(piece) // 2))
        await asyncio.sleep(0.02)
    if flush:
        stream_.flush()
    stream_.end_input()
    return [event async for event in stream_]


async def test_stock_plugin_hears_a_sentence(server: Server, http: aiohttp.ClientSession) -> None:
    heard = await _events(_plugin(server, http).stream(), SILENCE + say(SENTENCE) + SILENCE, flush=False)
    kinds = [event.type for event in heard]
    final = next(event for event in heard if event.type is stt.SpeechEventType.FINAL_TRANSCRIPT)
    assert kinds.index(stt.SpeechEventType.START_OF_SPEECH) < kinds.index(
        stt.SpeechEventType.INTERIM_TRANSCRIPT
    )
    assert kinds.index(stt.SpeechEventType.INTERIM_TRANSCRIPT) < kinds.index(
        stt.SpeechEventType.FINAL_TRANSCRIPT
    )
    assert stt.SpeechEventType.END_OF_SPEECH in kinds
    assert _bare(final.alternatives[0].text) == HEARD
    words = final.alternatives[0].words or []
    assert [_bare(word) for word in words] == HEARD.split()
    times = [(word.start_time, word.end_time) for word in words]
    assert all(isinstance(start, float) and isinstance(end, float) and start < end for start, end in times)
    starts = [start for start, _ in times if isinstance(start, float)]
    assert starts == sorted(starts)


async def test_stock_plugin_flushes_with_endpointing_off(server: Server, http: aiohttp.ClientSession) -> None:
    plugin = _plugin(server, http, endpointing_ms=0)
    heard = await _events(plugin.stream(), SILENCE + say(SENTENCE), flush=True)
    texts = [e.alternatives[0].text for e in heard if e.type is stt.SpeechEventType.FINAL_TRANSCRIPT]
    assert _bare(" ".join(texts)) == HEARD


async def test_stable_interim_comes_before_finalize(server: Server, http: aiohttp.ClientSession) -> None:
    url = _listen(server, interim_results="true", endpointing="false", punctuate="true")
    async with http.ws_connect(url) as socket:
        await stream(socket, SILENCE + say(SENTENCE) + SILENCE)
        before: list[dict[str, Any]] = []
        while not before or _bare(text_of(before[-1])) != HEARD:
            before.append(await until(socket, "Results"))
        assert not any(message["is_final"] for message in before)
        await socket.send_str('{"type": "Finalize"}')
        final = await until(socket, "Results", final=True)
        assert final["from_finalize"]
        assert text_of(final) == text_of(before[-1])
        word = final["channel"]["alternatives"][0]["words"][0]
        assert set(word) == {"word", "punctuated_word", "start", "end", "confidence"}
        assert 0 < word["confidence"] <= 1
        assert final["metadata"]["request_id"]


async def test_endpointing_separates_utterances(server: Server, http: aiohttp.ClientSession) -> None:
    pcm = SILENCE + say("Good morning.") + SILENCE * 2 + say("How are you today?") + SILENCE * 2
    async with http.ws_connect(_listen(server, endpointing="300", punctuate="true")) as socket:
        await stream(socket, pcm, pace=4)
        await socket.send_str('{"type": "CloseStream"}')
        received = await messages(socket)
    ended = [message for message in received if message["type"] == "Results" and message["speech_final"]]
    assert [_bare(text_of(message)) for message in ended] == ["good morning", "how are you today"]
    assert ended[0]["start"] + ended[0]["duration"] <= ended[1]["start"] + 0.4
    assert received[-1]["type"] == "Metadata"


async def test_silence_and_noise_give_no_words(server: Server, http: aiohttp.ClientSession) -> None:
    rng = np.random.default_rng(7)
    noise = rng.normal(0, 1500, RATE * 3).astype("<i2").tobytes()
    click = SILENCE + b"\xff\x7f" * 400 + SILENCE
    async with http.ws_connect(_listen(server, interim_results="true", endpointing="300")) as socket:
        await stream(socket, SILENCE + noise + click + SILENCE, pace=4)
        await socket.send_str('{"type": "Finalize"}')
        await socket.send_str('{"type": "CloseStream"}')
        received = await messages(socket)
    assert all(not text_of(message) for message in received if message["type"] == "Results")


async def test_finalize_without_speech_is_answered_empty(server: Server, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(_listen(server, endpointing="false")) as socket:
        await socket.send_bytes(SILENCE)
        await socket.send_str('{"type": "Finalize"}')
        answer = await until(socket, "Results")
    assert answer["from_finalize"]
    assert answer["is_final"]
    assert text_of(answer) == ""


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
async def test_other_sample_rates(server: Server, http: aiohttp.ClientSession, rate: int) -> None:

    wave = np.frombuffer(SILENCE + say("I like green tea.") + SILENCE, "<i2")
    pcm = soxr.resample(wave, RATE, rate).astype("<i2").tobytes()
    async with http.ws_connect(_listen(server, sample_rate=str(rate), punctuate="true")) as socket:
        await stream(socket, pcm, rate, pace=4)
        await socket.send_str('{"type": "CloseStream"}')
        assert "green tea" in _bare(finals(await messages(socket)))


async def test_long_speech_is_kept_whole(server: Server, http: aiohttp.ClientSession) -> None:
    parts = [
        f"Sentence number {n} is about my family and my friends"
        for n in ("one", "two", "three", "four", "five")
    ]
    pcm = SILENCE + say(", ".join(parts) + ".") + SILENCE
    async with http.ws_connect(_listen(server, endpointing="false")) as socket:
        await stream(socket, pcm, pace=4)
        await socket.send_str('{"type": "CloseStream"}')
        received = await messages(socket)
    heard = _bare(finals(received))
    assert len(pcm) / 2 / RATE > 14
    assert all(number in heard for number in ("one", "two", "three", "four", "five"))
    assert heard.count("family") == 5
    words = [
        word for m in received if m["type"] == "Results" for word in m["channel"]["alternatives"][0]["words"]
    ]
    assert all(a["start"] <= b["start"] for a, b in itertools.pairwise(words))


async def test_keyterm_mends_a_misheard_name(server: Server, http: aiohttp.ClientSession) -> None:
    """A fixed recording, since the synthesizer never says a sentence twice alike: "ploughed of" without the
    keyterm. Names that are heard as something that sounds quite different stay as they were heard."""
    pcm = SILENCE + say("Plovdiv") + SILENCE

    async def heard(**options: str) -> str:
        async with http.ws_connect(_listen(server, punctuate="true", **options)) as socket:
            await stream(socket, pcm, pace=4)
            await socket.send_str('{"type": "CloseStream"}')
            return finals(await messages(socket))

    assert "Plovdiv" not in await heard()
    assert "Plovdiv" in await heard(keyterm="Plovdiv")


async def test_keyterm_is_not_heard_where_it_was_not_said(
    server: Server, http: aiohttp.ClientSession
) -> None:
    options = {"punctuate": "true", "keyterm": "Plovdiv"}
    for sentence in ("I like green tea in the morning.", "My sister ploughed the field last week."):
        async with http.ws_connect(_listen(server, **options)) as socket:
            await stream(socket, SILENCE + say(sentence) + SILENCE, pace=4)
            await socket.send_str('{"type": "CloseStream"}')
            heard = finals(await messages(socket))
        assert heard
        assert "plovdiv" not in heard.lower()


async def test_speech_started_and_utterance_end(server: Server, http: aiohttp.ClientSession) -> None:
    options = {
        "vad_events": "true",
        "utterance_end_ms": "1000",
        "interim_results": "true",
        "endpointing": "300",
    }
    async with http.ws_connect(_listen(server, **options)) as socket:
        await stream(socket, SILENCE + say("Good morning.") + SILENCE * 4, pace=4)
        started = await until(socket, "SpeechStarted")
        ended = await until(socket, "UtteranceEnd")
    assert 0.3 < started["timestamp"] < 0.8
    assert started["timestamp"] < ended["last_word_end"] < 2.5
