"""Typed messages: what may become a turn."""

import re
import unicodedata

_ALLOWED_CONTROLS = frozenset("\n\t\r")
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»', "'"))


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


_MARKERS = re.compile(
    r"<\|[^|>]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|```+|~~~+|#{2,}|={3,}|-{3,}|\*{3,}"
    r"|</?(?:system|assistant|user|developer|tool|instructions?|prompt|im_start|im_end)\b[^>]{0,40}>"
    r"|\b(?:system|assistant|developer|user|human)(?: prompt| message| note)?\s*:",
    re.IGNORECASE,
)
"""What language models take for the beginning or the end of somebody's turn, or of a section."""


def one_line(text: str, *, most: int) -> str:
    """Somebody's words as one short line of an instruction: they are data.

    Line ends, invisible characters and marks that a model may take for the end of the data are taken out, and
    double quotes become single ones, so that the data stays within its own.
    """
    shown = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Zs"} else c
        for c in unicodedata.normalize("NFKC", text)
        if unicodedata.category(c) not in {"Cf", "Co", "Cs", "Cn"}
    )
    before = None
    while before != shown:  # what is left after one mark was taken out may be another
        before, shown = shown, _MARKERS.sub(" ", shown)
    return " ".join(shown.translate(_QUOTES).split())[:most]
