"""Text from outside: names without control characters, and transcripts that Postgres can hold."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def refuse_control_characters(text: str) -> str:
    """Return the trimmed text; raise ValueError where it holds control or invisible formatting characters."""
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} for character in text):
        raise ValueError("must not contain control characters")
    return text.strip()


def strip_unstorable(text: str) -> str:
    """Return the text without control characters (line feeds and tabs stay) and lone surrogates.

    For words that were said: they are kept whatever they hold, so they are cleaned, not refused.
    """
    return _UNSTORABLE.sub("", text)


PlainText = Annotated[str, AfterValidator(refuse_control_characters)]
"""One line of text without control characters."""


def clean_prose(text: str) -> str:
    """Return text of several lines without control characters, trimmed."""
    return strip_unstorable(text).strip()


Prose = Annotated[str, AfterValidator(clean_prose)]
"""Text of several lines that a person wrote, cleaned before its length is looked at."""
