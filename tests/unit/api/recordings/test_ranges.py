"""Ranges of bytes, as browsers ask for them."""

import pytest

from api.recordings.ranges import Span, UnsatisfiableRangeError, asked


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-", (0, 1000)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=990-5000", (990, 1000)),
        ("bytes=-10", (990, 1000)),
        ("bytes=-5000", (0, 1000)),
        (" bytes=5- ", (5, 1000)),
    ],
)
def test_one_range(header: str, span: tuple[int, int]) -> None:
    assert asked(header, None, etag='"a"', size=1000) == Span(*span, 1000)


@pytest.mark.parametrize(
    "header", [None, "", "items=0-1", "bytes=", "bytes=0-1,5-6", "bytes=5-4", "bytes=x-"]
)
def test_everything_else_is_answered_with_all(header: str | None) -> None:
    assert asked(header, None, etag='"a"', size=1000) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=4000-5000", "bytes=-0"])
def test_what_lies_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(UnsatisfiableRangeError):
        asked(header, None, etag='"a"', size=1000)


def test_a_range_of_another_version_is_answered_with_all() -> None:
    assert asked("bytes=0-9", '"b"', etag='"a"', size=1000) is None
    assert asked("bytes=0-9", '"a"', etag='"a"', size=1000) == Span(0, 10, 1000)


def test_header_of_the_answer() -> None:
    assert Span(10, 20, 1000).content_range == "bytes 10-19/1000"
