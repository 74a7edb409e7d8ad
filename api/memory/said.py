"""A call as those read it who remember and report: its turns with keys, and what a learner's sentence is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from api.calls.models import Turn
from api.contract.calls import Role

_CONTRACTIONS = (
    (re.compile(r"\b(can)(?:'t|not)\b", re.IGNORECASE), r"\1 not"),
    (re.compile(r"\bwon't\b", re.IGNORECASE), "will not"),
    (
        re.compile(r"\b(do|does|did|is|are|was|were|have|has|had|could|would|should)n't\b", re.IGNORECASE),
        r"\1 not",
    ),
    (re.compile(r"\b(I)'m\b", re.IGNORECASE), r"\1 am"),
    (re.compile(r"\b(I|you|he|she|we|they|it)'ll\b", re.IGNORECASE), r"\1 will"),
    (re.compile(r"\b(I|you|we|they)'ve\b", re.IGNORECASE), r"\1 have"),
    (re.compile(r"\b(you|we|they)'re\b", re.IGNORECASE), r"\1 are"),
)
_HESITATION = re.compile(r"\b(?:u+h+m*|u+m+|e+r+m*|hmm+|mhm)\b[,.]?", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class Said:
    """One turn."""

    id: UUID
    by_learner: bool
    text: str
    spoken: bool
    started_at: datetime
    ended_at: datetime
    words: Sequence[dict[str, Any]] = ()
    """With their times and confidences; none where the turn was typed, or is the coach's."""


def said(turns: Sequence[Turn]) -> list[Said]:
    """Turns of the record."""
    return [
        Said(
            id=turn.id,
            by_learner=turn.role == Role.LEARNER,
            text=turn.text,
            spoken=turn.input_kind == "voice",
            started_at=turn.started_at,
            ended_at=turn.ended_at,
            words=turn.words,
        )
        for turn in turns
    ]


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def sentences(text: str) -> list[str]:
    """The sentences of a text, each as it stands there, with its closing mark."""
    return [part for part in re.split(r"(?<=[.!?])\s+|\n+", text.strip()) if _WORD.search(part)]


@lru_cache(maxsize=1024)
def written_out(text: str) -> str:
    """A sentence without hesitations, with straight apostrophes and its contractions written out."""
    out = _HESITATION.sub(" ", text.replace("’", "'").replace("`", "'"))
    for pattern, whole in _CONTRACTIONS:
        out = pattern.sub(whole, out)
    return " ".join(out.split())


def squeezed(text: str) -> str:
    """A text for comparison: its words in lower case, one blank between them."""
    return " ".join(words_of(text))
