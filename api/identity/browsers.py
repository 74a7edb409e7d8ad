"""A browser's name for the list of devices, such as "Firefox on Linux", from its User-Agent."""

import re

MOST_CHARACTERS = 256
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Token and name, the first that fits: every browser claims to be those below it."""
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Return a browser's name, or what a program calls itself, or nothing."""
    browser = next((name for token, name in _BROWSERS if token in user_agent), "")
    system = next((name for token, name in _SYSTEMS if token in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or _program(user_agent)


def cleaned(user_agent: str | None) -> str:
    """Return what may be kept of a User-Agent header: printable, and not too long."""
    return re.sub(r"[^\x20-\x7e]", "", user_agent or "")[:MOST_CHARACTERS]


def _program(user_agent: str) -> str:
    match = re.match(r"[A-Za-z][A-Za-z0-9_.-]{0,40}", user_agent)
    return match.group() if match else ""
