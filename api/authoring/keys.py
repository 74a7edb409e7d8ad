"""Names of things within a lesson, and of lessons: words joined by hyphens."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

KEY_CHARACTERS: Final = 64
_ROOM_FOR_NUMBER: Final = 5


def key_of(text: str) -> str:
    """A key that resembles a text; `lesson` where nothing of it can be in a key."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    key = "-".join(words)[: KEY_CHARACTERS - _ROOM_FOR_NUMBER].strip("-")
    return key or "lesson"


def free_key(text: str, taken: Collection[str]) -> str:
    """A key that resembles a text and is not taken yet."""
    key = key_of(text)
    number = 2
    free = key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free
