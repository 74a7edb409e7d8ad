"""Ranges of bytes (RFC 9110, 14): what a player asks for when it seeks."""

import re
from dataclasses import dataclass
from typing import Final

_ONE: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


class UnsatisfiableRangeError(ValueError):
    """The range begins behind the end."""


@dataclass(frozen=True)
class Span:
    """The bytes from `start` up to `end`, which is not among them, of `size`."""

    start: int
    end: int
    size: int

    @property
    def content_range(self) -> str:
        """As the header says it."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


def asked(header: str | None, if_range: str | None, *, etag: str, size: int) -> Span | None:
    """The span that a request asks for; None for all.

    Several ranges at once, and what is no range of bytes, are answered with all, as the standard allows.
    So is a range of a version (`If-Range`) that is not this one.

    Raises:
        UnsatisfiableRangeError: There are no such bytes.
    """
    if header is None or (if_range is not None and if_range != etag):
        return None
    found = _ONE.fullmatch(header.strip().replace(" ", ""))
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, end = max(0, size - int(suffix)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start >= end:
        raise UnsatisfiableRangeError
    return Span(start, end, size)
