"""Errors of the model server, each shown in the shape of the protocol it was asked in."""

import math
from typing import Any

from aiohttp import web


class ModelsError(Exception):
    """A request that cannot be served: HTTP status, stable code, a sentence for people."""

    def __init__(
        self, status: int, code: str, message: str, *, param: str | None = None, retry_after: float = 0
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        self.retry_after = retry_after


def bad_request(message: str, *, param: str | None = None, code: str = "invalid_request") -> ModelsError:
    """The request itself is wrong (400)."""
    return ModelsError(400, code, message, param=param)


def busy(what: str, limit: int, retry_after: float = 1) -> ModelsError:
    """All places are taken (503 with Retry-After)."""
    return ModelsError(
        503, "busy", f"all {limit} places for {what} are taken; try again soon", retry_after=retry_after
    )


def unavailable(what: str, retry_after: float = 1) -> ModelsError:
    """A model is loading or restarting (503 with Retry-After)."""
    return ModelsError(503, "unavailable", f"{what} is not ready; try again soon", retry_after=retry_after)


def response(request: web.Request, error: ModelsError, request_id: str) -> web.Response:
    """The error as Deepgram, LanguageTool or OpenAI would say it, chosen by path."""
    headers = {"x-request-id": request_id}
    if error.retry_after:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    if request.path.startswith("/v2/"):
        return web.Response(status=error.status, text=f"Error: {error.message}", headers=headers)
    body = _deepgram(error, request_id) if request.path == "/v1/listen" else _openai(error, request_id)
    return web.json_response(body, status=error.status, headers=headers)


def _deepgram(error: ModelsError, request_id: str) -> dict[str, Any]:
    return {"err_code": error.code.upper(), "err_msg": error.message, "request_id": request_id}


def _openai(error: ModelsError, request_id: str) -> dict[str, Any]:
    kind = "invalid_request_error" if error.status < 500 else "server_error"
    return {
        "error": {
            "message": error.message,
            "type": kind,
            "param": error.param,
            "code": error.code,
            "request_id": request_id,
        }
    }
