"""What the server does with nonsense, with too much, and when its speech process dies."""

import asyncio
import json
import os
import signal

import aiohttp
import pytest

from tests.models.server import SILENCE, Server, finals, messages, say, stream, until


def _live(server: Server) -> str:
    return f"{server.url}/v1/listen?punctuate=true&endpointing=300"


async def _health(server: Server, http: aiohttp.ClientSession) -> dict[str, dict[str, dict[str, object]]]:
    async with http.get(f"{server.url}/health") as answer:
        body: dict[str, dict[str, dict[str, object]]] = await answer.json()
        return body


async def _speech(server: Server, http: aiohttp.ClientSession, text: str) -> tuple[int, bytes]:
    body = {"input": text, "model": "m", "response_format": "pcm"}
    async with http.post(f"{server.url}/v1/audio/speech", json=body) as answer:
        return answer.status, await answer.read()


async def test_garbage_between_audio_does_not_end_the_stream(
    server: Server, http: aiohttp.ClientSession
) -> None:
    async with http.ws_connect(_live(server)) as socket:
        for nonsense in ("{", "[]", "null", '{"type": 7}', '{"type": "Dance"}', "[" * 4000, "\x00"):
            await socket.send_str(nonsense)
            assert (await until(socket, "Error"))["description"]
        await socket.send_bytes(b"\x01")
        await socket.send_bytes(b"")
        await socket.send_str('{"type": "KeepAlive"}')
        await stream(socket, b"\x00" + SILENCE + say("I like green tea.") + SILENCE, pace=4)
        await socket.send_str('{"type": "CloseStream"}')
        assert finals(await messages(socket)).startswith("I like green tea")


async def test_oversize_frame_is_answered_and_closed(server: Server, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(_live(server)) as socket:
        await socket.send_bytes(bytes(70_000))
        assert "65536" in (await until(socket, "Error"))["description"]
        await socket.receive(timeout=5)
        assert socket.close_code == 1009
    async with http.ws_connect(_live(server)) as socket:
        await socket.send_bytes(bytes(1_000_000))
        await socket.receive(timeout=5)
        assert socket.close_code == 1009


async def test_audio_after_close_is_ignored(server: Server, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(_live(server)) as socket:
        await socket.send_str('{"type": "CloseStream"}')
        await socket.send_bytes(SILENCE)
        assert [message["type"] for message in await messages(socket)] == ["Metadata"]
        assert socket.close_code == 1000


async def test_silent_client_is_closed(server: Server, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(_live(server)) as socket:
        assert (await until(socket, "Error"))["variant"] == "NET-0001"
        await socket.receive(timeout=5)
        assert socket.close_code == 1011


@pytest.mark.parametrize(
    "query",
    [
        "sample_rate=12345",
        "sample_rate=abc",
        "sample_rate=-1",
        "encoding=opus",
        "channels=2",
        "language=de",
        "endpointing=soon",
        "keywords=tea:much",
        "&".join(f"keyterm=k{n}" for n in range(101)),
        "keyterm=" + "x" * 61,
    ],
)
async def test_bad_parameters_are_refused_before_the_handshake(
    server: Server, http: aiohttp.ClientSession, query: str
) -> None:
    async with http.get(f"{server.url}/v1/listen?{query}") as answer:
        body = await answer.json()
        assert answer.status == 400
        assert set(body) == {"err_code", "err_msg", "request_id"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await http.ws_connect(f"{server.url}/v1/listen?{query}")
    assert caught.value.status == 400


async def test_one_stream_too_many_is_refused(server: Server, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(_live(server)), http.ws_connect(_live(server)):
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await http.ws_connect(_live(server))
        assert caught.value.status == 503
        assert caught.value.headers is not None
        assert caught.value.headers["Retry-After"] == "1"
    for _ in range(100):
        if not (await _health(server, http))["streams"]["open"]:
            break
        await asyncio.sleep(0.1)
    async with http.ws_connect(_live(server)) as socket:
        await socket.send_str('{"type": "CloseStream"}')
        assert [message["type"] for message in await messages(socket)] == ["Metadata"]


async def test_killed_speech_process_is_replaced(server: Server, http: aiohttp.ClientSession) -> None:
    phrase = "Sorry, I lost my voice for a moment."
    for _ in range(150):
        if list((server.home / "cache" / "phrases").glob("*.pcm")):
            break
        await asyncio.sleep(0.2)
    cached = await _speech(server, http, phrase)
    assert cached[0] == 200
    before = (await _health(server, http))["models"]["tts"]["pid"]
    assert isinstance(before, int)
    running = asyncio.create_task(
        _speech(server, http, f"A new sentence for process {before}, and " + "more " * 50)
    )
    await asyncio.sleep(0.1)
    os.kill(before, signal.SIGKILL)
    assert (await running)[0] in (500, 503)
    assert await _speech(server, http, phrase) == cached
    status, sound = await _speech(server, http, "This was never said before the fall.")
    assert status == 200
    assert len(sound) > 24_000
    after = (await _health(server, http))["models"]["tts"]
    assert after["state"] == "ready"
    assert after["pid"] != before


async def test_health_and_metrics_name_everything(server: Server, http: aiohttp.ClientSession) -> None:
    health = await _health(server, http)
    assert set(health["models"]) == {"stt", "tts", "embeddings", "grammar"}
    assert all(model["state"] == "ready" for model in health["models"].values())
    async with http.get(f"{server.url}/metrics") as answer:
        text = await answer.text()
    assert "avaaz_models_streams" in text
    assert "avaaz_models_tts_restarts_total" in text


@pytest.mark.parametrize("path", ["/v1/audio/speech", "/v1/embeddings"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
async def test_bodies_that_are_no_request(
    server: Server, http: aiohttp.ClientSession, path: str, body: bytes
) -> None:
    async with http.post(f"{server.url}{path}", data=body) as answer:
        error = (await answer.json())["error"]
    assert answer.status == 400
    assert error["type"] == "invalid_request_error"
    assert answer.headers["x-request-id"] == error["request_id"]


async def test_recordings_in_deepgrams_way(server: Server, http: aiohttp.ClientSession) -> None:
    body = {"input": "I like green tea.", "model": "m", "response_format": "mp3"}
    async with http.post(f"{server.url}/v1/audio/speech", json=body) as answer:
        recording = await answer.read()
    async with http.post(f"{server.url}/v1/listen?punctuate=true", data=recording) as answer:
        found = (await answer.json())["results"]["channels"][0]["alternatives"][0]
    assert found["transcript"] == "I like green tea."
    assert [word["word"] for word in found["words"]] == ["i", "like", "green", "tea"]
    for wrong, kind in (
        (b"", "audio/wav"),
        (b"noise", "audio/wav"),
        (b'{"url": "http://x"}', "application/json"),
    ):
        headers = {"Content-Type": kind}
        async with http.post(f"{server.url}/v1/listen", data=wrong, headers=headers) as answer:
            assert answer.status == 400
            assert json.loads(await answer.text())["err_msg"]
