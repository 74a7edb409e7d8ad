"""Slips in a learner's words, as the grammar server finds them: for the answer just made, and for the screen.

A word that the recognizer was not sure of is not blamed on the learner, nor is anything while the learner may
still be thinking. In speech at most one slip a turn is taken up.
"""

import time
from collections.abc import Collection
from typing import Any

import httpx

from agent.guided_memory import sentences
from agent.http import client
from agent.texts import one_line
from agent.turn_taking import ends_open, words_of
from api.contract.calls import CorrectionStyle
from api.contract.corrections import Correction, CorrectionCategory, Severity
from infra import telemetry
from prompts import load

log = telemetry.get_logger(__name__)
_SPOKEN_CONFIDENCE = 0.8
_OTHERS_CONFIDENCE = 0.7
_TIMEOUT_S = 0.1
_REST_AFTER_FAILURE = 10.0
_KEPT = 16
_MOST_CHARACTERS = 2_000
_MOST_DATA = 300
_CATEGORIES = {
    "GRAMMAR": CorrectionCategory.GRAMMAR,
    "CONFUSED_WORDS": CorrectionCategory.WORD_CHOICE,
    "REGISTER": CorrectionCategory.REGISTER,
}
_WEIGHT = {Severity.OBSCURING: 2, Severity.CLEAR: 1, Severity.SLIGHT: 0}


class Corrector:
    """Asks a grammar server (`base` ends in `/v2`) once for each utterance; empty on any trouble."""

    def __init__(self, base: str, *, style: CorrectionStyle, timeout: float = _TIMEOUT_S) -> None:
        self._url = f"{base.rstrip('/')}/check" if base else ""
        self._style = style
        self._client = client(timeout=timeout, trust_env=False)
        self._known: dict[str, list[Correction]] = {}
        self._rest_until = 0.0

    async def find(self, text: str, *, doubtful: Collection[str] = ()) -> list[Correction]:
        """The slips of a turn, in its order. `doubtful` are words that may have been misheard."""
        if not self._url or not words_of(text) or time.monotonic() < self._rest_until:
            return []
        if text not in self._known:
            found = await self._ask(text[:_MOST_CHARACTERS])
            if found is None:
                self._rest_until = time.monotonic() + _REST_AFTER_FAILURE
                return []
            self._known[text] = found
            while len(self._known) > _KEPT:
                self._known.pop(next(iter(self._known)))
        unsure = set(doubtful)
        return [one for one in self._known[text] if not unsure.intersection(words_of(one.original))]

    async def to_say(self, text: str, *, doubtful: Collection[str] = ()) -> Correction | None:
        """The one slip that the coach takes up in its answer, if any."""
        if self._style is CorrectionStyle.SILENT or ends_open(text):
            return None
        found = [
            one
            for one in await self.find(text, doubtful=doubtful)
            if one.confidence >= _SPOKEN_CONFIDENCE and one.category is not CorrectionCategory.REGISTER
        ]
        return max(found, key=lambda one: (_WEIGHT[one.severity], -one.start), default=None)

    @property
    def style(self) -> CorrectionStyle:
        """How the learner wants to be corrected in speech."""
        return self._style

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, text: str) -> list[Correction] | None:
        form = {"language": "en-US", "text": text, "medium": "speech"}
        try:
            answer = await self._client.post(self._url, data=form)
            return corrections(text, answer.raise_for_status().json()["matches"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            log.info("grammar server", error=type(error).__name__)
            return None


def corrections(text: str, matches: list[dict[str, Any]]) -> list[Correction]:
    """A LanguageTool server's matches as corrections: those with one way to put it right."""
    usable = [match for match in matches if _usable(match)]
    edits = [(*_span(text, match), str(match["replacements"][0]["value"])) for match in usable]
    return [_correction(text, match, edit, edits) for match, edit in zip(usable, edits, strict=True)]


def instruction(correction: Correction, style: CorrectionStyle) -> str:
    """What a language model is told of the one slip that it may take up."""
    name = "explicit" if style is CorrectionStyle.EXPLICIT else "recast"
    told = {
        "original": one_line(correction.original, most=_MOST_DATA),
        "better": one_line(correction.better, most=_MOST_DATA),
        "why": one_line(correction.explanation, most=_MOST_DATA),
    }
    return load("lesson").text("corrections", name).format(**told).strip()


def explicit(correction: Correction) -> str:
    """What `guided` says of it where the learner wants to be told."""
    short = len(correction.better.split()) <= 12
    said = correction.better if short else correction.replacement
    return load("lesson").text("corrections", "say").format(better=said.rstrip(".!?"))


def _usable(match: dict[str, Any]) -> bool:
    category = str(match["rule"]["category"]["id"]).upper()
    return category in _CATEGORIES and len(match["replacements"]) == 1


def _span(text: str, match: dict[str, Any]) -> tuple[int, int]:
    """Where it is, in code points; LanguageTool counts UTF-16 units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    start, length = int(match["offset"]) * 2, int(match["length"]) * 2
    before = raw[:start].decode("utf-16-le", "ignore")
    inside = raw[start : start + length].decode("utf-16-le", "ignore")
    return len(before), len(before) + len(inside)


_Edit = tuple[int, int, str]
"""Where words begin and end, and what should stand there."""


def _correction(text: str, match: dict[str, Any], edit: _Edit, edits: list[_Edit]) -> Correction:
    start, end, replacement = edit
    rule = match["rule"]
    known = {severity.value: severity for severity in Severity}
    return Correction(
        start=start,
        end=end,
        original=text[start:end][:400],
        replacement=replacement[:400],
        better=_better(text, start, edits)[:1_000],
        category=_CATEGORIES[str(rule["category"]["id"]).upper()],
        rule=str(rule["id"])[:64],
        explanation=str(match["message"])[:400],
        severity=known.get(str(rule.get("severity")), Severity.CLEAR),
        confidence=min(1.0, max(0.0, float(rule.get("confidence", _OTHERS_CONFIDENCE)))),
    )


def _better(text: str, at: int, edits: list[_Edit]) -> str:
    """The sentence around a place, with everything in it put right."""
    begin = 0
    for sentence in sentences(text):
        begin = text.index(sentence, begin)
        end = begin + len(sentence)
        if at < end:
            inside = [one for one in edits if begin <= one[0] < end]
            better = sentence
            for start, stop, replacement in reversed(inside):
                better = better[: start - begin] + replacement + better[stop - begin :]
            return " ".join(better.split())
        begin = end
    return text
