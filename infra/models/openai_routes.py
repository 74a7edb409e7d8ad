"""OpenAI's endpoints: speech, transcriptions, embeddings, the list of models."""

import asyncio
import base64
import math
import time
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.models import embeddings, grammar, second_look, stt
from infra.models.clauses import clauses
from infra.models.decode import decode
from infra.models.encode import CONTENT_TYPES, encoder
from infra.models.errors import ModelsError, bad_request
from infra.models.forms import read_form
from infra.models.metrics import FIRST_BYTE
from infra.models.speech import Speech
from infra.models.state import STATE, State
from infra.models.stt import RATE
from infra.models.transcribe import Passage, transcribe
from infra.models.words import transcript
from infra.telemetry import get_logger

TTS_MODEL = "piper-joe"
VOICES = ("joe", "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage",
          "shimmer", "verse")  # fmt: skip
"""One voice; OpenAI's names are taken for it, so that clients need no change."""
_FORMATS = ("json", "text", "verbose_json")
_log = get_logger(__name__)


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class SpeechRequest(_Lenient):
    """Body of `/v1/audio/speech`; `model` and `stream_format` may be anything, the answer is always audio."""

    input: Annotated[str, Field(min_length=1)]
    voice: str = "joe"
    response_format: Literal["pcm", "wav", "mp3", "opus", "aac", "flac"] = "mp3"
    speed: Annotated[float, Field(ge=0.25, le=4.0)] = 1.0


class EmbeddingsRequest(_Lenient):
    """Body of `/v1/embeddings`."""

    input: str | list[str]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int, Field(ge=8, le=embeddings.DIMENSIONS)] = embeddings.DIMENSIONS


async def _body(request: web.Request) -> Any:
    try:
        return await request.json()
    except (ValueError, RecursionError):
        raise bad_request("the body is not JSON") from None


def _first_error(error: ValidationError) -> ModelsError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    param = str(first["loc"][0]) if first["loc"] else None
    return bad_request(f"{param or 'body'}: {first['msg']}", param=param)


async def speech(request: web.Request) -> web.StreamResponse:
    """`POST /v1/audio/speech`: audio from the first clause on."""
    state = request.app[STATE]
    try:
        wanted = SpeechRequest.model_validate(await _body(request))
    except ValidationError as error:
        raise _first_error(error) from None
    if len(wanted.input) > state.settings.max_speech_chars:
        raise bad_request(f"input is limited to {state.settings.max_speech_chars} characters", param="input")
    if wanted.voice not in VOICES:
        raise bad_request(f"voice must be one of {', '.join(VOICES)}", param="voice")
    parts = clauses(wanted.input)
    if not parts:
        raise bad_request("input has nothing to say", param="input")
    with state.syntheses.take():
        return await _stream(request, state, parts, wanted)


async def _stream(
    request: web.Request, state: State, parts: list[str], wanted: SpeechRequest
) -> web.StreamResponse:
    """Send clause after clause. What fails before the first is an HTTP error; later the connection is cut."""
    began = time.perf_counter()
    talk = Speech(state.speaker, state.phrases, parts, wanted.speed)
    encode = encoder(wanted.response_format)
    first = await talk.clause(0)
    answer = web.StreamResponse(
        headers={
            "Content-Type": CONTENT_TYPES[wanted.response_format],
            "x-request-id": str(request["request_id"]),
        }
    )
    try:
        await answer.prepare(request)
        FIRST_BYTE.labels(str(talk.first_cached).lower()).observe(time.perf_counter() - began)
        await answer.write(await _encoded(encode.feed, first, wanted.response_format))
        for index in range(1, len(parts)):
            await answer.write(await _encoded(encode.feed, await talk.clause(index), wanted.response_format))
        if tail := encode.finish():
            await answer.write(tail)
        await answer.write_eof()
    except ModelsError as error:
        _log.warning("speech cut off", code=error.code)
        if request.transport is not None:
            request.transport.abort()
        return answer
    except ConnectionError:
        _log.info("speaker left")
    return answer


async def _encoded(feed: Any, pcm: bytes, name: str) -> bytes:
    """Encode in a thread what takes time to encode."""
    if name in ("pcm", "wav"):
        return bytes(feed(pcm))
    return bytes(await asyncio.to_thread(feed, pcm))


async def transcriptions(request: web.Request) -> web.Response:
    """`POST /v1/audio/transcriptions`: json, text or verbose_json with words."""
    state = request.app[STATE]
    recognizer = state.recognizer
    with state.uploads.take():
        fields, data = await read_form(request, state.settings.max_upload_bytes)
        shape = fields.get("response_format", "json")
        if shape not in _FORMATS:
            raise bad_request(
                f"response_format must be one of {', '.join(_FORMATS)}", param="response_format"
            )
        if not fields.get("language", "en").lower().startswith("en"):
            raise bad_request("this server hears English", param="language")
        if not data:
            raise bad_request("file is missing or empty", param="file")
        audio = await asyncio.to_thread(decode, data, state.settings.max_upload_seconds)
        passages = await transcribe(recognizer, audio, model=fields.get("model", stt.MODEL))
    text = " ".join(transcript(passage.words) for passage in passages)
    if shape == "text":
        return web.Response(text=text + "\n")
    if shape == "json":
        return web.json_response({"text": text})
    return web.json_response(_verbose(text, passages, len(audio) / RATE, fields))


def _verbose(text: str, passages: list[Passage], duration: float, fields: dict[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "task": "transcribe",
        "language": "english",
        "duration": round(duration, 3),
        "text": text,
        "segments": [_segment(index, passage) for index, passage in enumerate(passages)],
    }
    if "word" in fields.get("timestamp_granularities", "segment"):
        body["words"] = [
            {"word": word.text, "start": round(word.start, 3), "end": round(word.end, 3)}
            for passage in passages
            for word in passage.words
        ]
    return body


def _segment(index: int, passage: Passage) -> dict[str, Any]:
    chances = [max(word.confidence, 1e-6) for word in passage.words]
    return {
        "id": index,
        "seek": 0,
        "start": round(passage.start, 3),
        "end": round(passage.end, 3),
        "text": transcript(passage.words),
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": round(sum(map(math.log, chances)) / len(chances), 4),
        "compression_ratio": 1.0,
        "no_speech_prob": 0.0,
    }


async def embed(request: web.Request) -> web.Response:
    """`POST /v1/embeddings`."""
    state = request.app[STATE]
    try:
        wanted = EmbeddingsRequest.model_validate(await _body(request))
    except ValidationError as error:
        raise _first_error(error) from None
    texts = [wanted.input] if isinstance(wanted.input, str) else wanted.input
    limits = state.settings
    if not texts or not all(texts):
        raise bad_request("input must not be empty", param="input")
    if len(texts) > limits.max_embedding_inputs or max(map(len, texts)) > limits.max_embedding_chars:
        most, longest = limits.max_embedding_inputs, limits.max_embedding_chars
        raise bad_request(f"input is limited to {most} texts of {longest} characters", param="input")
    with state.embeds.take():
        vectors, tokens = await asyncio.to_thread(state.embedder.embed, texts, wanted.dimensions)
    return web.json_response(
        {
            "object": "list",
            "model": embeddings.MODEL,
            "data": [
                {"object": "embedding", "index": index, "embedding": _written(vector, wanted.encoding_format)}
                for index, vector in enumerate(vectors)
            ],
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }
    )


def _written(vector: Any, form: str) -> Any:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if form == "base64" else vector.tolist()


async def models(request: web.Request) -> web.Response:
    """`GET /v1/models`."""
    created = int(request.app[STATE].started)
    names = (stt.MODEL, *second_look.NAMES, TTS_MODEL, embeddings.MODEL, grammar.MODEL)
    listed = [{"id": name, "object": "model", "created": created, "owned_by": "avaaz"} for name in names]
    return web.json_response({"object": "list", "data": listed})


async def voices(_request: web.Request) -> web.Response:
    """`GET /v1/audio/voices`: every accepted name."""
    return web.json_response({"voices": [{"id": name, "name": name} for name in VOICES]})
