"""Typed messages: what may become a turn."""

import unicodedata

_ALLOWED_CONTROLS = frozenset("\n\t\r")


class RefusedTextError(ValueError):
    """A typed message is too long, or it is not text."""


def clean(text: str, *, limit: int) -> str:
    """The message as a turn: blanks trimmed, line ends unified, invisible characters taken out.

    Raises `RefusedTextError` when it has more than `limit` characters, holds control characters, or is empty.
    """
    if len(text) > limit:
        raise RefusedTextError("too long")
    if any(unicodedata.category(c) == "Cc" and c not in _ALLOWED_CONTROLS for c in text):
        raise RefusedTextError("control characters")
    shown = "".join(
        c for c in text.replace("\r\n", "\n") if unicodedata.category(c) not in {"Cf", "Co", "Cs"}
    )
    if not shown.strip():
        raise RefusedTextError("empty")
    return shown.strip()


def one_line(text: str, *, most: int) -> str:
    """Somebody's words as one short line of an instruction: they are data."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]
