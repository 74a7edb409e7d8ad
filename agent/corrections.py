"""Slips in a learner's words, as the grammar server finds them: for the answer just made, and for the screen.

A word that the recognizer was not sure of is not blamed on the learner, nor is anything while the learner may
still be thinking. In speech at most one slip a turn is taken up.
"""

import asyncio
import time
from collections.abc import Collection

import httpx

from agent.http import client
from agent.texts import one_line
from agent.turn_taking import ends_open, words_of
from api.contract.calls import CorrectionStyle
from api.contract.checking import corrections_of, request_form
from api.contract.corrections import Correction, CorrectionCategory, Severity
from infra import telemetry
from prompts import load

log = telemetry.get_logger(__name__)
_SPOKEN_CONFIDENCE = 0.8
_IN_TIME_S = 0.08
"""Seconds that an answer waits for it."""
_PATIENCE_S = 2.0
_REST_AFTER_FAILURE = 10.0
_KEPT = 16
_MOST_CHARACTERS = 2_000
_MOST_DATA = 300
_WEIGHT = {Severity.OBSCURING: 2, Severity.CLEAR: 1, Severity.SLIGHT: 0}


class Corrector:
    """Asks a grammar server (`base` ends in `/v2`) once for each utterance; empty on any trouble."""

    def __init__(
        self, base: str, *, style: CorrectionStyle, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._url = f"{base.rstrip('/')}/check" if base else ""
        self._style = style
        self._client = client(timeout=_PATIENCE_S, trust_env=False, transport=transport)
        self._known: dict[tuple[str, bool], list[Correction]] = {}
        self._rest_until = 0.0

    async def find(
        self, text: str, *, doubtful: Collection[str] = (), typed: bool = False
    ) -> list[Correction]:
        """The slips of a turn, in its order. `doubtful` are words that may have been misheard."""
        if not self._url or not words_of(text) or time.monotonic() < self._rest_until:
            return []
        key = (text, typed)
        if key not in self._known:
            found = await self._ask(text[:_MOST_CHARACTERS], spoken=not typed)
            if found is None:
                self._rest_until = time.monotonic() + _REST_AFTER_FAILURE
                return []
            self._known[key] = found
            while len(self._known) > _KEPT:
                self._known.pop(next(iter(self._known)))
        unsure = set(doubtful)
        return [one for one in self._known[key] if not unsure.intersection(words_of(one.original))]

    async def to_say(self, text: str, *, doubtful: Collection[str] = ()) -> Correction | None:
        """The one slip that the coach takes up in its answer, if any."""
        if self._style is CorrectionStyle.SILENT or ends_open(text):
            return None
        try:
            async with asyncio.timeout(_IN_TIME_S):
                found = await self.find(text, doubtful=doubtful)
        except TimeoutError:
            return None
        sure = [
            one
            for one in found
            if one.confidence >= _SPOKEN_CONFIDENCE and one.category is not CorrectionCategory.REGISTER
        ]
        return max(sure, key=lambda one: (_WEIGHT[one.severity], -one.start), default=None)

    @property
    def style(self) -> CorrectionStyle:
        """How the learner wants to be corrected in speech."""
        return self._style

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, text: str, *, spoken: bool) -> list[Correction] | None:
        try:
            answer = await self._client.post(self._url, data=request_form(text, spoken=spoken))
            return corrections_of(text, answer.raise_for_status().json()["matches"], spoken=spoken)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            log.info("grammar server", error=type(error).__name__)
            return None


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
