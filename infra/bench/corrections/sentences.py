"""The set of sentences: wrong ones with what would be good, and right ones, a third of both frozen.

The third was set apart by a hash before any rule was written; who works on rules looks at the others only.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.stack.errors import StackError

OWN: Final = Path(__file__).with_name("sentences.jsonl")
FROZEN_HASH: Final = Path(__file__).with_name("frozen.sha256")
_FROZEN_OF: Final = 3


class BadDataError(StackError):
    """A file holds no sentences."""


class Sentence(BaseModel):
    """One sentence. `corrected` is None where it is right; `accepted` are further good versions."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: Annotated[str, Field(min_length=1, max_length=1_000)]
    corrected: str | None
    accepted: tuple[str, ...] = ()

    @property
    def is_frozen(self) -> bool:
        """Whether it is of the third that nobody looks at."""
        return int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % _FROZEN_OF == 0

    def is_good(self, version: str) -> bool:
        """Whether a version of it is one of the good ones, case and punctuation aside."""
        good = (self.text if self.corrected is None else self.corrected, *self.accepted)
        return plain(version) in {plain(one) for one in good}


def plain(text: str) -> str:
    """A text without case and punctuation; the apostrophe of a contraction stays."""
    bare = re.sub(r"[^\w' ]", " ", text.lower().replace("’", "'"))
    return " ".join(filter(None, (word.strip("'") for word in bare.split())))


def read(file: Path) -> list[Sentence]:
    """The sentences of a JSONL file.

    Raises:
        BadDataError: It cannot be read, holds none, or a line is no sentence.
    """
    try:
        lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadDataError(f"{file} cannot be read: {error}") from None
    found = [_sentence(file, number, line) for number, line in enumerate(lines, start=1)]
    if not found:
        raise BadDataError(f"{file} holds no sentence.")
    return found


def _sentence(file: Path, number: int, line: str) -> Sentence:
    try:
        return Sentence.model_validate_json(line)
    except ValidationError as error:
        raise BadDataError(f"{file}, line {number}: {error.errors()[0]['msg']}") from None


def frozen_hash(lines: Sequence[str]) -> str:
    """What the frozen lines of a file are known by, in whatever order they stand."""
    kept = sorted(line for line in lines if Sentence.model_validate_json(line).is_frozen)
    return hashlib.sha256(("\n".join(kept) + "\n").encode()).hexdigest()
