"""Structured logs with one correlation id, shared by every process.

Each process calls `configure_logging` once at start. From then on every record, ours and the libraries', is
one JSON object a line on stderr with `process`, `level`, `event`, `timestamp` and, where one is bound,
`correlation_id`. The id travels as header `X-Request-ID`, in dispatch metadata and in job arguments.

No transcript, e-mail address or token reaches a log line: `scrub` masks fields by name and by pattern, as
the last step before rendering, whoever wrote the record. Of an error's text only the beginning is kept, since
Postgres, pydantic and others put whole rows and inputs into what follows.
"""

import logging
import re
import sys
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

REQUEST_ID_HEADER: Final = "X-Request-ID"
MASK: Final = "[scrubbed]"

SENSITIVE_KEYS: Final = frozenset(
    {
        "authorization", "body", "caller_number", "cookie", "display_name", "email", "grant", "input",
        "job_token", "key", "password", "phone", "pin", "query", "secret", "set-cookie", "summary", "text",
        "token", "transcript", "user_transcript", "words",
    }
)  # fmt: skip
"""Fields that are masked whatever they hold."""

_PATTERNS: Final = (
    re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),  # JSON web tokens
    re.compile(r"(?i)\bbearer\s+[^\s\"',]+"),
    re.compile(r"(?i)\b(?:access_token|participant_token|token|api_key|secret|password)=[^&\s\"']+"),
    re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # user:password in an address
)
_QUOTED: Final = re.compile(r"""(?<!\w)(['"])(?P<text>.*?)(?:\1|$)""")
_NAME: Final = re.compile(r"[\w.:/$<>-]{0,64}")
"""A table, a constraint, a class: may stand in a log where an error quotes it."""
_LONGEST_ERROR: Final = 300
_MOST_ERRORS: Final = 12
_ACCEPTED_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_NOISY_LOGGERS: Final = ("httpx", "httpcore", "aiohttp.access", "uvicorn.access")

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")


def new_request_id() -> str:
    """Return a fresh correlation id: 32 hexadecimal characters."""
    return uuid.uuid4().hex


def accept_request_id(offered: str | None) -> str:
    """Return the offered id where it is safe to log (8 to 64 of `A-Za-z0-9_.-`), else a fresh one."""
    if offered and _ACCEPTED_REQUEST_ID.fullmatch(offered):
        return offered
    return new_request_id()


@contextmanager
def correlated(identifier: str | None) -> Iterator[str]:
    """Bind a correlation id for the enclosed work and yield it; an unusable one is replaced."""
    accepted = accept_request_id(identifier)
    token = correlation_id.set(accepted)
    try:
        yield accepted
    finally:
        correlation_id.reset(token)


def scrub_text(text: str) -> str:
    """Mask tokens, e-mail addresses and passwords inside a text."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def scrub(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Structlog processor that masks personal data and secrets in every field, nested ones included."""
    return {key: MASK if key.lower() in SENSITIVE_KEYS else _scrubbed(value) for key, value in event.items()}


def scrub_values(values: dict[str, Any]) -> dict[str, Any]:
    """The same for a mapping that is no log record."""
    cleaned: dict[str, Any] = _scrubbed(values)
    return cleaned


def error_text(error: BaseException) -> str:
    """What an error says, without the values that it may quote: the beginning of its first line."""
    first = str(error).partition("\n")[0][:_LONGEST_ERROR]
    return scrub_text(_QUOTED.sub(_name_or_mask, first))


def _name_or_mask(quoted: re.Match[str]) -> str:
    return quoted[0] if _NAME.fullmatch(quoted["text"]) else MASK


def _traceback(exc_info: ExcInfo) -> str:
    """The errors of a chain, the one that was raised last first, each with where it passed."""
    told: list[str] = []
    waiting: list[BaseException] = [exc_info[1]]
    while waiting and len(told) < _MOST_ERRORS:
        error = waiting.pop()
        passed = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"{passed}{type(error).__module__}.{type(error).__qualname__}: {error_text(error)}")
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        waiting += [] if cause is None else [cause]
        waiting += error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return "\n\ncaused by\n\n".join(told)


def _scrubbed(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return scrub_text(value)
    if depth >= 6:
        return MASK
    if isinstance(value, dict):
        return {
            key: MASK if str(key).lower() in SENSITIVE_KEYS else _scrubbed(item, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_scrubbed(item, depth + 1) for item in value]
    if isinstance(value, int | float | bool | None):
        return value
    return scrub_text(str(value))


def _add_correlation_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    bound = correlation_id.get()
    if bound:
        event.setdefault("correlation_id", bound)
    return event


def configure_logging(process: str, level: str = "INFO") -> None:
    """Send all logs of this process to stderr as JSON lines.

    Args:
        process: Name of the process in each record, such as `api` or `worker`.
        level: Lowest level that is written: DEBUG, INFO, WARNING or ERROR.
    """

    def add_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("process", process)
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_correlation_id,
        add_process,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_traceback),
                scrub,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    for name in _NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the structured logger of a module; call as `get_logger(__name__)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
