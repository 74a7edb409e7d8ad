"""Names of browsers in the list of devices."""

import pytest

from api.identity.browsers import MOST_CHARACTERS, browser_name, cleaned

GECKO = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (GECKO, "Firefox on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (iPhone; CPU like Mac OS X) {WEBKIT} Version/18.0 Safari/604.1", "Safari on iPhone"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X) {WEBKIT} Version/18.0 Safari/605.1", "Safari on macOS"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("", ""),
        ("<script>", ""),
    ],
)
def test_browser_is_named(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name


def test_only_what_is_printable_and_short_is_kept() -> None:
    assert cleaned(None) == ""
    assert cleaned("a\x00b\u202ec") == "abc"
    assert len(cleaned("x" * 1000)) == MOST_CHARACTERS
