"""A second look at a learner's sentence by a LanguageTool server, where one is configured: late or wrong
is ignored."""

import re

import httpx

from agent.guided_hearing import plain
from agent.guided_recasts import turned
from agent.http import client
from api.contract.checking import better_sentence, corrections_of, request_form
from api.contract.corrections import Correction, CorrectionCategory

TIMEOUT_S = 0.06
MAX_WORDS = 9
_SAYABLE = re.compile(r"^(?:yes |no |well )*(?:i|my \w+|he|she|we|they) \w+ .+$")


class GrammarServer:
    """Asks `<base>/check` (LanguageTool's protocol; `base` ends in `/v2`) about a short sentence."""

    def __init__(self, base: str, plain_words: frozenset[str], *, timeout_s: float = TIMEOUT_S) -> None:
        self._url = f"{base.rstrip('/')}/check"
        self._words = plain_words | {
            "i",
            "he",
            "she",
            "we",
            "they",
            "go",
            "goes",
            "like",
            "likes",
            "want",
            "wants",
        }
        self._client = client(timeout=timeout_s)

    async def recast(self, text: str) -> str | None:
        """A sentence that says the learner's own well, or None: unsure, too long, too slow, or nothing
        wrong."""
        if not 2 < len(plain(text).split()) <= MAX_WORDS:
            return None
        try:
            answer = await self._client.post(self._url, data=request_form(text, spoken=True))
            matches = answer.raise_for_status().json()["matches"]
            if any(len(match["replacements"]) != 1 for match in matches):
                return None
            return self._say_back(text, corrections_of(text, matches, spoken=True))
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError, AttributeError):
            return None

    def _say_back(self, text: str, found: list[Correction]) -> str | None:
        if not found or any(one.category is CorrectionCategory.REGISTER for one in found):
            return None
        edits = [(one.start, one.end, one.replacement) for one in found]
        said = plain(better_sentence(text, found[0].start, edits))
        if not _SAYABLE.match(said) or said == plain(text):
            return None
        words = re.sub(r"^(?:yes |no |well )+", "", said)
        if not all(word in self._words for word in words.split()):
            return None
        return f"So {turned(words)}."

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()
