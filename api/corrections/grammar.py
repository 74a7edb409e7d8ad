"""The grammar checker (LanguageTool's protocol), asked about a learner's turns."""

from typing import Final

import httpx

from api.contract.checking import corrections_of, request_form
from api.contract.corrections import Correction
from api.corrections.hearing import was_heard
from api.memory.said import Said, words_of

MAX_TEXT: Final = 8_000
LEAST_WORDS: Final = 2
_TIMEOUT_S: Final = 10.0


class CheckerUnavailableError(Exception):
    """The grammar checker does not answer."""


class GrammarChecker:
    """Asks `<base>/check`; `base` ends in `/v2`."""

    def __init__(self, base: str) -> None:
        self._url = f"{base.rstrip('/')}/check"
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_S)

    async def check(self, turn: Said) -> list[Correction]:
        """What is wrong in a turn, as far as the recognizer was sure of the words.

        Raises:
            CheckerUnavailableError: It does not answer, or not as it should.
        """
        if len(turn.text) > MAX_TEXT or len(words_of(turn.text)) < LEAST_WORDS:
            return []
        try:
            answer = await self._client.post(self._url, data=request_form(turn.text, spoken=turn.spoken))
            matches = answer.raise_for_status().json()["matches"]
            found = corrections_of(turn.text, matches, spoken=turn.spoken)
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise CheckerUnavailableError(type(error).__name__) from None
        return [one for one in found if was_heard(one, turn.text, turn.words)]

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
