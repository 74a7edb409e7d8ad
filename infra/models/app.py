"""The aiohttp application: routes, errors in each protocol's shape, health, metrics, work at idle."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from importlib.metadata import version

from aiohttp import WSCloseCode, web
from aiohttp.typedefs import Handler
from prometheus_client import generate_latest

from infra.garbage import keep_what_is_loaded
from infra.models import errors, languagetool_routes, listen, openai_routes, sound
from infra.models.errors import ModelsError
from infra.models.metrics import REGISTRY
from infra.models.phrases import frequent
from infra.models.pronunciation.routes import pronunciation
from infra.models.settings import Settings
from infra.models.state import NAMES, STATE, State
from infra.models.tts import Urgency
from infra.telemetry import accept_request_id, correlation_id, get_logger

_IDLE_CHECK_S = 0.5
_log = get_logger(__name__)


def create(settings: Settings) -> web.Application:
    """The server, its models loading once it has started."""
    app = web.Application(client_max_size=settings.max_upload_bytes + 64 * 1024, middlewares=[_guard])
    app[STATE] = State(settings)
    app.cleanup_ctx.append(_models)
    app.on_shutdown.append(_close_sockets)
    app.add_routes(
        [
            web.get("/v1/listen", listen.listen_live),
            web.post("/v1/listen", listen.listen_recording),
            web.post("/v1/audio/speech", openai_routes.speech),
            web.get("/v1/audio/voices", openai_routes.voices),
            web.post("/v1/audio/transcriptions", openai_routes.transcriptions),
            web.post("/v1/pronunciation", pronunciation),
            web.post("/v1/embeddings", openai_routes.embed),
            web.get("/v1/models", openai_routes.models),
            web.get("/v1/", openai_routes.models),
            web.post("/v1/sound", sound.sound),
            web.get("/v2/check", languagetool_routes.check),
            web.post("/v2/check", languagetool_routes.check),
            web.get("/v2/languages", languagetool_routes.languages),
            web.get("/health", health),
            web.get("/metrics", metrics),
        ]
    )
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id and turn every failure into an answer of its protocol."""
    request_id = accept_request_id(request.headers.get("X-Request-ID"))
    request["request_id"] = request_id
    correlation_id.set(request_id)
    try:
        answer = await handler(request)
    except ModelsError as error:
        return errors.response(request, error, request_id)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code = "too_large" if error.status == 413 else re.sub(r"\W+", "_", error.reason.lower())
        return errors.response(request, ModelsError(error.status, code, error.reason), request_id)
    except Exception:
        _log.exception("request failed", path=request.path)
        return errors.response(request, ModelsError(500, "internal", "something failed here"), request_id)
    if not answer.prepared:
        answer.headers["x-request-id"] = request_id
    return answer


async def health(request: web.Request) -> web.Response:
    """`GET /health`: 200 once nothing is loading and speech can be heard, 503 before; every model's state."""
    state = request.app[STATE]
    models = {part: {"name": name, "state": state.conditions[part]} for part, name in NAMES.items()} | {
        "tts": {"name": openai_routes.TTS_MODEL, "state": state.speaker.state, "pid": state.speaker.pid}
    }
    ready = all(model["state"] == "ready" for model in models.values())
    loading = any(model["state"] == "loading" for model in models.values())
    hears = state.conditions["stt"] == "ready" and not loading
    status = "ok" if ready else "degraded" if hears else "unavailable"
    return web.json_response(
        {
            "status": status,
            "version": version("avaaz"),
            "models": models,
            "streams": {"open": state.streams.taken, "limit": state.streams.limit},
        },
        status=503 if status == "unavailable" else 200,
    )


async def metrics(_request: web.Request) -> web.Response:
    """`GET /metrics` for Prometheus."""
    return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": "text/plain; version=0.0.4"})


async def _models(app: web.Application) -> AsyncIterator[None]:
    """Load the models while the server already answers `/health`; release them at the end."""
    state = app[STATE]
    task = asyncio.create_task(_load_and_prepare(state))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await state.close()


async def _load_and_prepare(state: State) -> None:
    pending = await asyncio.to_thread(frequent, state.settings.phrases_file)
    for clause in pending:
        state.phrases.pin(clause)
    await state.load()
    _log.info("models loaded", **state.conditions)
    keep_what_is_loaded()
    for clause in pending:
        await _render(state, clause)


async def _render(state: State, clause: str) -> None:
    """Synthesize a frequent clause when nobody is being heard or spoken to."""
    while not state.phrases.has(clause):
        await asyncio.sleep(_IDLE_CHECK_S if state.active else 0)
        if state.active:
            continue
        try:
            pcm = await state.speaker.say(clause, 1.0, Urgency.BACKGROUND)
        except ModelsError as error:
            if error.status != 503:
                return
            await asyncio.sleep(_IDLE_CHECK_S)
            continue
        if not pcm:
            return
        await asyncio.to_thread(state.phrases.put, clause, 1.0, pcm)


async def _close_sockets(app: web.Application) -> None:
    for socket in list(app[STATE].sockets):
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"server shutdown")
