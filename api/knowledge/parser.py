"""`python -m api.knowledge.parser`: read one document, in a process of its own with limits.

It is given a file that somebody brought, so it gets no secrets, no database and a bounded share of time and
memory; what goes wrong in it ends it and nothing else. It writes `{"pages": [{"number", "text"}]}`, the text
as Markdown, or `{"failure": CODE}`.
"""

import json
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from api.knowledge.kinds import DOCX, HTML, MARKDOWN, PDF, PLAIN, PPTX, readable

Page = dict[str, Any]

MOST_CHARACTERS: Final = 3_000_000
"""Of one document: some 2,000 pages."""
MOST_UNPACKED: Final = 300_000_000
MOST_ENTRIES: Final = 5_000
MOST_OUTPUT: Final = 64_000_000
FEWEST_CHARACTERS: Final = 16
"""A document with less has no text to speak of."""
NICER: Final = 10
"""Calls go on meanwhile: this process takes what is left of the processor."""
_MARK: Final = "[[avaaz-page {page_num}]]"
_MARKS: Final = re.compile(r"\s*\[\[avaaz-page (\d+)\]\]\s*")
_FRONT: Final = re.compile(r"\A---\n\n## title: [^\n]*\n+")
_HEADING: Final = re.compile(r"^(#{1,6}) (.+?)\s*$", re.M)
_BROKEN: Final = ("password", "encrypt")


class DocumentError(Exception):
    """The document cannot be read; the message is the failure's code."""


def pages_of(path: Path, mime: str) -> list[Page]:
    """The text of a document, as Markdown, by page where it has pages.

    Raises:
        DocumentError: It cannot be read.
    """
    if mime in {PLAIN, MARKDOWN}:
        pages = [_page(None, _plain_text(path))]
    else:
        _require_modest(path, mime)
        pages = _extracted(path, mime)
    characters = sum(len(page["text"]) for page in pages)
    if characters > MOST_CHARACTERS:
        raise DocumentError("too_much_text")
    if sum(len(page["text"].strip()) for page in pages) < FEWEST_CHARACTERS:
        raise DocumentError("no_text" if mime == PDF else "empty")
    return pages


def _page(number: int | None, text: str) -> Page:
    return {"number": number, "text": text.replace("\r\n", "\n").replace("\x00", "")}


def _plain_text(path: Path) -> str:
    text = readable(path.read_bytes())
    if text is None:
        raise DocumentError("broken")
    return text


def _require_modest(path: Path, mime: str) -> None:
    """Refuse archives that unpack to far more than they are, before anything unpacks them."""
    if mime not in {DOCX, PPTX}:
        return
    try:
        with ZipFile(path) as file:
            entries = file.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise DocumentError("encrypted")
            _require_real_sizes(file)
    except (BadZipFile, OSError, NotImplementedError, EOFError, ValueError):
        raise DocumentError("broken") from None


def _require_real_sizes(file: ZipFile) -> None:
    entries = file.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise DocumentError("unpacks_too_large")
    left = MOST_UNPACKED
    for entry in entries:
        with file.open(entry) as content:
            while piece := content.read(1 << 20):
                left -= len(piece)
                if left < 0:
                    raise DocumentError("unpacks_too_large")


def _extracted(path: Path, mime: str) -> list[Page]:
    try:
        import kreuzberg as reader  # noqa: PLC0415 - after the limits are set, and only where it is needed
    except ImportError:  # it is installed: its libraries found no room
        raise DocumentError("too_much_memory") from None
    config = reader.ExtractionConfig(
        use_cache=False,
        output_format="markdown",
        concurrency=reader.ConcurrencyConfig(max_threads=1),
        pages=reader.PageConfig(
            extract_pages=True, insert_page_markers=True, marker_format=f"\n\n{_MARK}\n\n"
        ),
        content_filter=reader.ContentFilterConfig(include_headers=True, strip_repeating_text=False),
    )
    data = path.read_bytes()
    if mime.startswith("text/"):
        data = _plain_text(path).encode()
    try:
        result = reader.extract_bytes_sync(data, mime, config)
    except reader.KreuzbergError as error:
        said = str(error).lower()
        raise DocumentError("encrypted" if any(word in said for word in _BROKEN) else "broken") from None
    if mime == PDF and result.pages:
        return _pdf_pages(result.content, result.pages)
    text = _FRONT.sub("", result.content) if mime == HTML else result.content
    return _marked_pages(text)


def _pdf_pages(markdown: str, pages: list[Any]) -> list[Page]:
    """Each page's own text; lines that the whole shows as headings are headings there too."""
    headings = {found[2].strip("* "): found[1] for found in _HEADING.finditer(markdown)}

    def line(text: str) -> str:
        level = headings.get(text.strip())
        return f"\n{level} {text.strip()}\n" if level else text

    return [
        _page(page["page_number"], "\n".join(line(one) for one in page["content"].splitlines()))
        for page in pages
    ]


def _marked_pages(text: str) -> list[Page]:
    """Text cut at the marks of its pages, or slides."""
    parts = _MARKS.split(text)
    pages = [_page(None, parts[0])] if parts[0].strip() else []
    pages += [_page(int(number), part) for number, part in zip(parts[1::2], parts[2::2], strict=True)]
    return pages


def limit(seconds: int, megabytes: int) -> None:
    """Bound this process: the time it computes, the memory it takes, what it writes."""
    os.nice(NICER)
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> None:
    """Read a document.

    Args:
        arguments: The file, its type, the file to write, seconds and megabytes.
    """
    source, mime, target, seconds, megabytes = arguments
    limit(int(seconds), int(megabytes))
    try:
        answer: dict[str, Any] = {"pages": pages_of(Path(source), mime)}
    except DocumentError as error:
        answer = {"failure": str(error)}
    except MemoryError:
        answer = {"failure": "too_much_memory"}
    Path(target).write_text(json.dumps(answer), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
