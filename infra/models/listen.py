"""Deepgram's endpoints: live transcription over a WebSocket, and of uploaded recordings."""

import asyncio
import hashlib
import json
from typing import Any

from aiohttp import WSMsgType, web
from multidict import MultiDict

from infra.models import deepgram
from infra.models.decode import decode
from infra.models.errors import ModelsError, bad_request
from infra.models.live import LiveTranscription
from infra.models.metrics import STREAMS
from infra.models.sound import channel_of
from infra.models.state import STATE, State
from infra.models.stt import RATE
from infra.models.transcribe import transcribe
from infra.telemetry import get_logger

_log = get_logger(__name__)
_MAX_TEXT = 4096


async def listen_live(request: web.Request) -> web.StreamResponse:
    """`GET /v1/listen` as a WebSocket. Refusals come before the handshake, as plain HTTP answers."""
    state, request_id = request.app[STATE], str(request["request_id"])
    options = deepgram.parse(request.query)
    recognizer = state.recognizer
    with state.streams.take():
        # Four times the limit, so that a frame over it is answered in the protocol's own words.
        socket = web.WebSocketResponse(max_msg_size=4 * state.settings.max_frame_bytes, compress=False)
        socket.headers["dg-request-id"] = request_id
        await socket.prepare(request)
        live = LiveTranscription(recognizer, state.settings, options, request_id, _sender(socket))
        state.sockets.add(socket)
        STREAMS.inc()
        try:
            await _converse(socket, live, state, request_id)
        finally:
            STREAMS.dec()
            state.sockets.discard(socket)
            await live.aclose()
    return socket


def _sender(socket: web.WebSocketResponse) -> Any:
    async def send(message: dict[str, Any]) -> None:
        if not socket.closed:
            try:
                await socket.send_json(message)
            except (ConnectionError, RuntimeError):
                _log.info("listener left")

    return send


async def _converse(
    socket: web.WebSocketResponse, live: LiveTranscription, state: State, request_id: str
) -> None:
    """Answer messages until one side ends the conversation; nonsense is answered, not fatal."""
    send = _sender(socket)
    while True:
        try:
            message = await socket.receive(timeout=state.settings.idle_timeout_s)
        except TimeoutError:
            error = ModelsError(408, "net-0001", "no audio and no KeepAlive came in time")
            await send(deepgram.error_message(error))
            await socket.close(code=1011, message=b"NET-0001")
            return
        if message.type not in (WSMsgType.BINARY, WSMsgType.TEXT):
            return
        if len(message.data) > state.settings.max_frame_bytes:
            limit = state.settings.max_frame_bytes
            await send(
                deepgram.error_message(
                    bad_request(f"a message is limited to {limit} bytes", code="too_large")
                )
            )
            await socket.close(code=1009, message=b"message too large")
            return
        if message.type is WSMsgType.BINARY:
            await live.feed(message.data)
        elif not await _control(message.data, live, send):
            await live.finish()
            await send({"type": "Metadata", **deepgram.metadata(request_id, live.duration)})
            await socket.close()
            return


async def _control(text: str, live: LiveTranscription, send: Any) -> bool:
    """Act on a control message; False when it ends the stream."""
    try:
        kind = json.loads(text[:_MAX_TEXT]).get("type")
    except (json.JSONDecodeError, AttributeError, RecursionError):
        await send(
            deepgram.error_message(bad_request("a text message must be a JSON object", code="data-0000"))
        )
        return True
    if kind == "Finalize":
        live.finalize()
    elif kind == "CloseStream":
        return False
    elif kind != "KeepAlive":
        await send(deepgram.error_message(bad_request("the message type is not known", code="data-0000")))
    return True


async def listen_recording(request: web.Request) -> web.Response:
    """`POST /v1/listen`: a recording in the body, its transcript in the answer.

    `channel`, which Deepgram does not know, takes one side of a stereo recording.
    """
    state, request_id = request.app[STATE], str(request["request_id"])
    options = deepgram.parse(_without_rate(request))
    recognizer = state.recognizer
    with state.uploads.take():
        if request.content_type == "application/json":
            raise bad_request("remote recordings are not fetched; send the audio itself")
        data = await request.read()
        if not data:
            raise bad_request("the body holds no audio")
        channel = channel_of(request.query.get("channel"))
        audio = await asyncio.to_thread(decode, data, state.settings.max_upload_seconds, channel)
        passages = await transcribe(recognizer, audio, options.keyterms, options.model)
    words = [word for passage in passages for word in passage.words]
    found = deepgram.alternative(words, punctuate=options.punctuate)
    digest = hashlib.sha256(data).hexdigest()
    return web.json_response(
        {
            "metadata": deepgram.metadata(request_id, len(audio) / RATE, digest),
            "results": {"channels": [{"alternatives": [found]}]},
        }
    )


def _without_rate(request: web.Request) -> MultiDict[str]:
    """A recording's own header tells its format, so these parameters do not bind."""
    query = MultiDict(request.query)
    for name in ("sample_rate", "encoding", "channels"):
        query.popall(name, None)
    return query
