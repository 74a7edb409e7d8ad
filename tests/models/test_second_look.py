"""The second look: a recording heard by the larger models, through both protocols."""

import io
import wave

import httpx
import openai
import pytest

from tests.models.server import RATE, Server, say

SENTENCE = "Yesterday I went to the market and bought some fresh apples."
HEARD = "yesterday i went to the market and bought some fresh apples"
PATIENCE_S = 120.0
"""The first request loads the models."""


def _wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm)
    return file.getvalue()


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").strip()


def _heard(server: Server, model: str, **more: list[str]) -> dict[str, object]:
    answer = httpx.post(
        f"{server.url}/v1/listen",
        params={"model": model, "punctuate": "true", **more},
        content=_wav(say(SENTENCE)),
        headers={"Content-Type": "audio/wav"},
        timeout=PATIENCE_S,
    ).raise_for_status()
    found: dict[str, object] = answer.json()["results"]["channels"][0]["alternatives"][0]
    return found


@pytest.mark.parametrize("model", ["second-look", "moonshine-base-en", "whisper-tiny-en"])
def test_a_recording_is_heard_by_the_model_that_is_named(server: Server, model: str) -> None:
    found = _heard(server, model)
    assert _bare(str(found["transcript"])) == HEARD
    words = found["words"]
    assert isinstance(words, list)
    assert [one["word"] for one in words] == HEARD.split()
    assert all(0 < one["confidence"] <= 1 and one["start"] < one["end"] for one in words)


def test_expected_words_of_another_question_change_nothing(server: Server) -> None:
    others = ["umbrella", "marked", "fresher", "yesteryear", "applause", "brought", "wind"]
    assert _bare(str(_heard(server, "second-look", keyterm=others)["transcript"])) == HEARD


async def test_the_second_look_through_the_openai_sdk(server: Server) -> None:
    client = openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="local", max_retries=0)
    upload = ("speech.wav", _wav(say(SENTENCE)))
    answer = await client.audio.transcriptions.create(file=upload, model="second-look", timeout=PATIENCE_S)
    assert _bare(answer.text) == HEARD
    listed = {model.id async for model in client.models.list()}
    assert {"moonshine-tiny-en", "second-look", "moonshine-base-en", "whisper-tiny-en"} <= listed


def test_silence_is_no_words_to_the_second_look(server: Server) -> None:
    answer = httpx.post(
        f"{server.url}/v1/listen?model=second-look",
        content=_wav(b"\0\0" * RATE * 2),
        headers={"Content-Type": "audio/wav"},
        timeout=PATIENCE_S,
    ).raise_for_status()
    assert answer.json()["results"]["channels"][0]["alternatives"][0]["transcript"] == ""
