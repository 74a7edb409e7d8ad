"""Errors with a status and a stable code, and the one envelope in which every one of them is answered.

`{"error": {"code", "message", "request_id", "details"?}}`
"""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from infra.telemetry import correlation_id, get_logger

log = get_logger(__name__)

CODES: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request could not be understood."),
    401: ("unauthenticated", "Please sign in."),
    403: ("forbidden", "You may not do this."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This address does not accept this method."),
    413: ("too_large", "The request is too large."),
    415: ("unsupported_media_type", "This kind of content is not accepted here."),
    429: ("rate_limited", "Too many requests. Please wait a little."),
}
"""Code and sentence for a bare HTTP status."""


class ErrorBody(BaseModel):
    """What went wrong."""

    code: str
    message: str
    request_id: str
    details: list[dict[str, Any]] | None = None


class ErrorEnvelope(BaseModel):
    """Every answer that is not 2xx."""

    model_config = ConfigDict(title="Error")

    error: ErrorBody


class AvaazError(Exception):
    """Base of all errors that are answered to a caller."""

    status = 500
    code = "internal_error"
    message = "Something went wrong on our side."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        details: Sequence[dict[str, Any]] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.details = list(details) if details else None
        self.retry_after_s = retry_after_s
        super().__init__(self.message)


class UnauthenticatedError(AvaazError):
    """No usable proof of who is asking."""

    status, code, message = 401, "unauthenticated", "Please sign in."


class ForbiddenError(AvaazError):
    """Known, but not allowed."""

    status, code, message = 403, "forbidden", "You may not do this."


class NotFoundError(AvaazError):
    """Does not exist, or belongs to somebody else."""

    status, code, message = 404, "not_found", "There is nothing here."


class ConflictError(AvaazError):
    """The request does not fit the present state."""

    status, code, message = 409, "conflict", "This does not fit the present state."


class GoneError(AvaazError):
    """It was here, and was erased for good: whoever still holds a part of it drops that."""

    status, code, message = 410, "gone", "This was erased."


class InvalidError(AvaazError):
    """The input breaks a rule."""

    status, code, message = 422, "validation_error", "The input is not valid."


class RateLimitedError(AvaazError):
    """Too many requests."""

    status, code, message = 429, "rate_limited", "Too many requests. Please wait a little."


class UnavailableError(AvaazError):
    """A part we depend on is down, or all places are taken; trying again later may help."""

    status, code, message = 503, "unavailable", "This is not available right now. Please try again."


def envelope(
    status: int,
    code: str,
    message: str,
    *,
    details: Sequence[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build the answer for an error, with the request's id."""
    body: dict[str, Any] = {"code": code, "message": message, "request_id": correlation_id.get()}
    if details:
        body["details"] = list(details)
    return JSONResponse({"error": body}, status_code=status, headers=dict(headers or {}))


def internal_error() -> JSONResponse:
    """The answer to an error nobody foresaw; it tells nothing of the cause."""
    return envelope(500, AvaazError.code, AvaazError.message)


def is_database_outage(error: BaseException) -> bool:
    """Whether an exception means that Postgres cannot be reached or has just gone away."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(
        error,
        OperationalError
        | InterfaceError
        | PoolTimeoutError
        | ConnectionError
        | TimeoutError
        | asyncpg.PostgresConnectionError
        | asyncpg.OperatorInterventionError
        | asyncpg.InterfaceError,
    )


def answer_database_error(error: Exception) -> JSONResponse:
    """Answer for an exception from the database or its driver."""
    if is_database_outage(error):
        log.error("database unavailable", error=type(error).__name__)
        return envelope(
            503,
            "database_unavailable",
            "The record is not available right now. Please try again.",
            headers={"Retry-After": "2"},
        )
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    if state.startswith("22"):  # data exception: a text or number that Postgres cannot hold
        return envelope(422, InvalidError.code, InvalidError.message)
    log.error("database error", sqlstate=state, exc_info=error)
    return internal_error()


async def _answer_avaaz_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AvaazError)  # noqa: S101 - registered for this class only
    headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
    return envelope(error.status, error.code, error.message, details=error.details, headers=headers)


async def _answer_http_exception(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    code, message = CODES.get(error.status_code, ("http_error", "The request failed."))
    return envelope(error.status_code, code, message, headers=error.headers)


async def _answer_validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    details = [
        {"field": _field(problem.get("loc", ())), "problem": str(problem.get("msg", ""))[:200]}
        for problem in error.errors()[:20]
    ]
    return envelope(422, InvalidError.code, InvalidError.message, details=_encodable(details))


async def _answer_dbapi_error(_request: Request, error: Exception) -> JSONResponse:
    return answer_database_error(error)


def _field(location: Sequence[Any]) -> str:
    return ".".join(str(part) for part in location)[:120]


def _encodable(details: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Replace lone surrogates, which a hostile key can bring and UTF-8 cannot carry."""
    return [
        {key: text.encode("utf-8", "replace").decode() for key, text in problem.items()}
        for problem in details
    ]


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of the application answer in the envelope."""
    app.add_exception_handler(AvaazError, _answer_avaaz_error)
    app.add_exception_handler(HTTPException, _answer_http_exception)
    app.add_exception_handler(RequestValidationError, _answer_validation_error)
    app.add_exception_handler(DBAPIError, _answer_dbapi_error)


ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorEnvelope, "description": "Refused"},
    "5XX": {"model": ErrorEnvelope, "description": "Failed"},
}
"""Documentation of the envelope, for every router."""
