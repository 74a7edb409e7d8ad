"""Speech, transcriptions and embeddings through the OpenAI SDK and the stock LiveKit plugin."""

import io
import wave

import av
import numpy as np
import openai
import pytest
from livekit.agents import APIConnectOptions
from livekit.plugins import openai as plugin

from tests.models.server import Server, say, synthesized

SENTENCE = "Yesterday I went to the market and bought some fresh apples."


def _client(server: Server) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="local", max_retries=0)


def _wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(pcm)
    return file.getvalue()


async def test_stock_plugin_speaks(server: Server) -> None:
    voice = plugin.TTS(base_url=f"{server.url}/v1", api_key="local", response_format="pcm")
    frames = [
        event.frame async for event in voice.synthesize(SENTENCE, conn_options=APIConnectOptions(max_retry=0))
    ]
    await voice.aclose()
    samples = np.concatenate([np.frombuffer(frame.data, np.int16) for frame in frames])
    assert {frame.sample_rate for frame in frames} == {24_000}
    assert 2 < len(samples) / 24_000 < 7
    assert np.abs(samples).max() > 5_000


async def test_speech_begins_before_it_is_all_synthesized(server: Server) -> None:
    text = f"To begin with, {SENTENCE} " + " ".join(f"Then I counted to {n} thousand." for n in range(30, 60))
    async with _client(server).audio.speech.with_streaming_response.create(
        input=text, model="tts-1", voice="alloy", response_format="pcm"
    ) as answer:
        assert answer.headers["x-request-id"]
        chunks = [len(chunk) async for chunk in answer.iter_bytes()]
    assert "content-length" not in answer.headers
    assert len(chunks) > 10
    assert chunks[0] < sum(chunks) / 4


@pytest.mark.parametrize("form", ["wav", "mp3", "opus", "aac", "flac"])
async def test_speech_formats_can_be_decoded_and_heard(server: Server, form: str) -> None:
    client = _client(server)
    answer = await client.audio.speech.create(
        input="Good morning, my friend.",
        model="tts-1",
        voice="nova",
        response_format=form,  # type: ignore[arg-type]
    )
    with av.open(io.BytesIO(answer.content), "r") as file:
        seconds = sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))
    assert 1 < seconds < 3
    heard = await client.audio.transcriptions.create(file=(f"a.{form}", answer.content), model="whisper-1")
    assert "morning" in heard.text


async def test_speed_changes_the_length(server: Server) -> None:
    slow, fast = len(synthesized(server, SENTENCE, 0.7)), len(synthesized(server, SENTENCE, 1.6))
    assert slow > 1.5 * fast


async def test_verbose_transcription_has_words_in_order(server: Server) -> None:
    heard = await _client(server).audio.transcriptions.create(
        file=("a.wav", _wav(say(SENTENCE))),
        model="whisper-1",
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
    )
    assert heard.text == SENTENCE
    assert heard.words is not None
    assert [word.word for word in heard.words] == SENTENCE.split()
    assert all(word.start < word.end <= heard.duration for word in heard.words)
    assert heard.segments
    assert heard.segments[0].text == SENTENCE


async def test_plain_text_transcription(server: Server) -> None:
    heard = await _client(server).audio.transcriptions.create(
        file=("a.wav", _wav(say("I like green tea."))), model="whisper-1", response_format="text"
    )
    assert heard.strip() == "I like green tea."


async def test_silence_transcribes_to_nothing(server: Server) -> None:
    heard = await _client(server).audio.transcriptions.create(
        file=("a.wav", _wav(bytes(64_000))), model="whisper-1"
    )
    assert heard.text == ""


async def test_embeddings_bring_like_texts_together(server: Server) -> None:
    client = _client(server)
    texts = ["The weather is sunny today.", "It is warm and bright outside.", "My bank account is empty."]
    answer = await client.embeddings.create(input=texts, model="text-embedding-3-small")
    vectors = np.array([item.embedding for item in answer.data])
    assert vectors.shape == (3, 256)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    short = await client.embeddings.create(input=texts[0], model="m", dimensions=64, encoding_format="float")
    assert len(short.data[0].embedding) == 64


async def test_models_and_voices_are_listed(server: Server) -> None:
    names = {model.id async for model in _client(server).models.list()}
    assert {"moonshine-tiny-en", "piper-joe", "wordllama-l2-256"} <= names


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"input": "x" * 10_001}, "input"),
        ({"input": ""}, "input"),
        ({"input": "\x00\x07 "}, "input"),
        ({"voice": "nobody"}, "voice"),
        ({"speed": 9.0}, "speed"),
        ({"response_format": "ogg"}, "response_format"),
    ],
)
async def test_bad_speech_requests_are_explained(
    server: Server, wrong: dict[str, object], param: str
) -> None:
    body = {"input": "Hello.", "model": "tts-1", "voice": "alloy", **wrong}
    with pytest.raises(openai.BadRequestError) as caught:
        await _client(server).audio.speech.create(**body)  # type: ignore[arg-type]
    assert caught.value.param == param
    assert caught.value.request_id


async def test_uploads_that_are_no_audio_are_refused(server: Server) -> None:
    client = _client(server)
    with pytest.raises(openai.BadRequestError):
        await client.audio.transcriptions.create(file=("a.wav", b"not audio at all"), model="whisper-1")
    with pytest.raises(openai.APIStatusError) as large:
        await client.audio.transcriptions.create(file=("a.wav", bytes(4_500_000)), model="whisper-1")
    assert large.value.status_code == 413
    with pytest.raises(openai.APIStatusError) as long:
        await client.audio.transcriptions.create(file=("a.wav", _wav(bytes(70 * 32_000))), model="whisper-1")
    assert long.value.status_code == 413


@pytest.mark.parametrize("texts", [[], [""], ["x"] * 257, ["x" * 32_001], [1, 2, 3]])
async def test_bad_embedding_requests_are_refused(server: Server, texts: list[str]) -> None:
    with pytest.raises(openai.BadRequestError):
        await _client(server).embeddings.create(input=texts, model="m")
