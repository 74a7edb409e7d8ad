"""What the coach says and shows, sentence by sentence, fit for the learner's age.

The words of a language model, of a lesson that somebody wrote, and of `guided`, which repeats what the
learner said, all pass here before they are spoken, shown or remembered. The data is `prompts/safety.yaml`.
"""

import re
import unicodedata
from collections.abc import AsyncIterable, AsyncIterator
from functools import cache
from typing import Annotated, Final, Literal

from livekit.agents import FlushSentinel, llm
from pydantic import AfterValidator, BaseModel, ConfigDict

from agent import metrics
from agent.guided_hearing import plain_whole
from agent.sentences import SentenceSplitter
from infra import telemetry
from prompts import load

log = telemetry.get_logger(__name__)

Audience = Literal["everyone", "young"]
Piece = llm.ChatChunk | str | FlushSentinel
"""What a model's reply comes in."""

_STAND_FOR: Final = str.maketrans("013457@$", "oieastas")
_WORD: Final = re.compile(r"\S*[^\W\d_]\S*")
_SPELLED_OUT: Final = re.compile(r"\b(?:[^\W\d_][\s.\-_*]+){2,}[^\W\d_]\b")
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class Safety(BaseModel):
    """`prompts/safety.yaml`: themes and their patterns, for everyone and for the young."""

    model_config = ConfigDict(extra="forbid")

    version: int
    replacement: list[str]
    allowed: list[Pattern]
    everyone: dict[str, Pattern]
    young: dict[str, Pattern]


@cache
def safety() -> Safety:
    """The filter's data."""
    return load("safety").parse(Safety)


class Filter:
    """Replaces sentences that are not for the learner, once in a reply; further ones are left out."""

    def __init__(self, *, under_age: bool) -> None:
        self.audience: Audience = "young" if under_age else "everyone"
        self._replaced = 0

    def sentences(self, texts: list[str]) -> list[str]:
        """One reply's sentences that may be said; a replacement in the place of the first other one."""
        passed: list[str] = []
        refused = False
        for text in texts:
            theme = theme_of(text, self.audience)
            if theme is None:
                passed.append(text)
                continue
            self._refuse(theme)
            if not refused:
                passed.append(_like(text, self._replacement()))
            refused = True
        return passed

    def text(self, text: str) -> str:
        """A whole reply as it may be said."""
        splitter = SentenceSplitter()
        return "".join(self.sentences([*splitter.push(text), splitter.flush()]))

    async def stream(self, source: AsyncIterable[Piece]) -> AsyncIterator[Piece]:
        """A model's reply as it comes, a sentence at a time: speech needs whole sentences in any case."""
        splitter = SentenceSplitter()
        refused = False
        last: Piece | None = None
        async for chunk in source:
            text = _text(chunk)
            if not text:
                if isinstance(chunk, FlushSentinel) and last is not None and (rest := splitter.flush()):
                    passed = self._rest_of_reply([rest], refused=refused)
                    refused = refused or passed != [rest]
                    yield _with(last, "".join(passed))
                yield chunk
                continue
            last = chunk
            whole = splitter.push(text)
            passed = self._rest_of_reply(whole, refused=refused)
            refused = refused or passed != whole
            told = _with(chunk, "".join(passed))
            if told:
                yield told
        if last is not None and (rest := splitter.flush()):
            yield _with(last, "".join(self._rest_of_reply([rest], refused=refused)))

    def _rest_of_reply(self, texts: list[str], *, refused: bool) -> list[str]:
        passed = self.sentences(texts)
        return [text for text in passed if text in texts] if refused else passed

    def _refuse(self, theme: str) -> None:
        metrics.FILTERED.labels(audience=self.audience, theme=theme).inc()
        log.warning("sentence filtered", audience=self.audience, theme=theme)
        self._replaced += 1

    def _replacement(self) -> str:
        lines = safety().replacement
        return lines[(self._replaced - 1) % len(lines)]


def theme_of(text: str, audience: Audience) -> str | None:
    """The theme for which a sentence is not said to this audience; None where it may be said."""
    readings = _readings(text)
    for theme, pattern in safety().everyone.items():
        if any(_found(pattern, reading) for reading in readings):
            return theme
    if audience == "young" and not any(_found(one, plain_whole(text)) for one in safety().allowed):
        for theme, pattern in safety().young.items():
            if any(_found(pattern, reading) for reading in readings):
                return theme
    return None


def _readings(text: str) -> set[str]:
    """A sentence as plain words: as it stands, and with its disguises taken off."""
    shown = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in {"Cf", "Mn"}
    )
    undone = _WORD.sub(lambda found: found.group().translate(_STAND_FOR), shown)
    undone = _SPELLED_OUT.sub(lambda found: re.sub(r"[\s.\-_*]", "", found.group()), undone)
    undone = _STRETCHED.sub(r"\1", undone)
    return {plain_whole(shown), plain_whole(undone)}


def _found(pattern: str, reading: str) -> bool:
    return re.search(rf"\b(?:{pattern})", reading) is not None


def _like(text: str, replacement: str) -> str:
    """A replacement with the blanks around it that the sentence had."""
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    return f"{before}{replacement}{after}"


def _text(chunk: Piece) -> str:
    if isinstance(chunk, str):
        return chunk
    return (chunk.delta.content if isinstance(chunk, llm.ChatChunk) and chunk.delta else None) or ""


def _with(chunk: Piece, text: str) -> Piece:
    if not isinstance(chunk, llm.ChatChunk) or chunk.delta is None:
        return text
    return chunk.model_copy(update={"delta": chunk.delta.model_copy(update={"content": text})})
