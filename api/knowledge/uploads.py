"""A file on its way in: multipart, written to disk piece by piece, and cut off where it is too large."""

import hashlib
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from api.errors import AvaazError, InvalidError

FIELD_BYTES: Final = 4_000
MOST_PARTS: Final = 20
HEADER_BYTES: Final = 8_000
_FILE: Final = "file"
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class TooLargeError(AvaazError):
    """The file has more bytes than may be brought."""

    status, code = 413, "document_too_large"


@dataclass(frozen=True)
class Arrived:
    """A file that has arrived whole."""

    path: Path
    name: str
    size: int
    sha256: str
    fields: dict[str, str]


@asynccontextmanager
async def arriving(request: Request, most: int) -> AsyncIterator[Arrived]:
    """Take a file in; it is there until the block ends.

    Args:
        request: A request of `multipart/form-data` with one part `file`.
        most: Bytes that the file may have.

    Raises:
        TooLargeError: It has more. Nothing of the rest is read.
        InvalidError: The request is no such form (`form_invalid`), or has no file (`file_missing`).
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise InvalidError("Send the file as multipart/form-data.", code="form_invalid")
    with tempfile.TemporaryDirectory(prefix="avaaz-upload-") as folder:
        with (Path(folder) / "file").open("wb") as file:
            form = _Form(file, options[b"boundary"], most)
            try:
                async for piece in request.stream():
                    await run_in_threadpool(form.feed, piece)
                form.finish()
            except FormParserError:
                raise InvalidError("The form cannot be read.", code="form_invalid") from None
        yield Arrived(Path(folder) / "file", form.name, form.size, form.digest.hexdigest(), form.fields)


@dataclass
class _Form:
    """Parts as they come: one into the file, the others as short texts."""

    file: IO[bytes]
    boundary: bytes
    most: int
    name: str = ""
    size: int = 0
    fields: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256()
        self._parts = 0
        self._headers = 0
        self._complete = False
        self._header: tuple[bytes, bytes] = (b"", b"")
        self._part = ""
        self._text = b""
        self._parser = MultipartParser(
            self.boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the request."""
        self._parser.write(piece)

    def finish(self) -> None:
        """There are no more."""
        self._parser.finalize()
        if not self._complete:
            raise InvalidError("The form is not complete.", code="form_invalid")
        if not self.name:
            raise InvalidError("There is no file in the form.", code="file_missing")

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise InvalidError("The form has too many parts.", code="form_invalid")
        self._part, self._text, self._headers = "", b"", 0

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._add_header(data[start:end], b"")

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._add_header(b"", data[start:end])

    def _add_header(self, name: bytes, value: bytes) -> None:
        self._headers += len(name) + len(value)
        if self._headers > HEADER_BYTES:
            raise InvalidError("The form cannot be read.", code="form_invalid")
        self._header = (self._header[0] + name, self._header[1] + value)

    def _header_end(self) -> None:
        name, value = self._header
        self._header = (b"", b"")
        if name.lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._part = options.get(b"name", b"").decode("utf-8", "replace")
        if self._part == _FILE:
            if self.name:
                raise InvalidError("Send one file at a time.", code="form_invalid")
            self.name = clean_name(options.get(b"filename", b"").decode("utf-8", "replace"))

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        if self._part == _FILE:
            self.size += len(piece)
            if self.size > self.most:
                raise TooLargeError(f"A file may have {self.most // 1_000_000} MB.")
            self.digest.update(piece)
            self.file.write(piece)
            return
        self._text += piece
        if len(self._text) > FIELD_BYTES:
            raise InvalidError("A field of the form is too long.", code="form_invalid")

    def _part_end(self) -> None:
        if self._part and self._part != _FILE:
            self.fields[self._part] = self._text.decode("utf-8", "replace")

    def _end(self) -> None:
        self._complete = True


def clean_name(name: str) -> str:
    """A file's own name, without folders and invisible characters; `file` where nothing is left."""
    last = _UNSAFE.sub("", name).replace("\\", "/").rpartition("/")[2].strip()
    return last[-200:] or "file"
