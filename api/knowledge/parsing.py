"""Reading a document in a process that may fail, hang or be killed without harm."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.knowledge.models import Failure
from infra.telemetry import get_logger

log = get_logger(__name__)

_OUT_OF_TIME: Final = frozenset({-24, -9})  # SIGXCPU, SIGKILL
_ROOT: Final = Path(__file__).resolve().parents[2]


class UnreadableError(Exception):
    """The document cannot be read."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure)


@dataclass(frozen=True)
class Page:
    """A page, or the whole where there are none: its text as Markdown."""

    number: int | None
    text: str


@dataclass(frozen=True)
class Limits:
    """What reading one document may take."""

    seconds: int
    megabytes: int


async def read(path: Path, mime: str, limits: Limits) -> list[Page]:
    """The text of a document, by page.

    Args:
        path: The file. Its folder is written into.
        mime: What it is.
        limits: What the reading may take.

    Raises:
        UnreadableError: It cannot be read, or not within the limits.
    """
    target = path.with_name("read.json")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api.knowledge.parser",
        str(path),
        mime,
        str(target),
        str(limits.seconds),
        str(limits.megabytes),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(path.parent), "LANG": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limits.seconds * 2):
            await process.wait()
    except TimeoutError:
        raise UnreadableError(Failure.TOO_SLOW) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return await asyncio.to_thread(_answer, target, process.returncode or 0)


def _answer(target: Path, code: int) -> list[Page]:
    if code in _OUT_OF_TIME:
        raise UnreadableError(Failure.TOO_SLOW)
    try:
        answer: dict[str, Any] = json.loads(target.read_text("utf-8"))
    except (OSError, ValueError):
        log.warning("a document's reader ended", code=code)
        # Native code that gets no memory ends its process without a word.
        raise UnreadableError(Failure.TOO_MUCH_MEMORY if code < 0 else Failure.BROKEN) from None
    if failure := answer.get("failure"):
        raise UnreadableError(Failure(failure))
    return [Page(page["number"], page["text"]) for page in answer["pages"]]
