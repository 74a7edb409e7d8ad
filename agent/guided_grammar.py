"""A second look at a learner's sentence by a LanguageTool server, where one is configured: late or wrong
is ignored."""

import re
from typing import Any

import httpx

from agent.guided_hearing import plain
from agent.guided_recasts import turned
from agent.http import client

TIMEOUT_S = 0.06
MAX_WORDS = 9
_CATEGORIES = frozenset({"GRAMMAR", "AGREEMENT", "VERB_FORM"})
_SAYABLE = re.compile(r"^(?:yes |no |well )*(?:i|my \w+|he|she|we|they) \w+ .+$")


class GrammarServer:
    """Asks `<base>/check` (LanguageTool's protocol; `base` ends in `/v2`) for one clear error a sentence."""

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
            answer = await self._client.post(self._url, data={"language": "en-US", "text": text})
            matches = answer.raise_for_status().json()["matches"]
            return self._say_back(text, matches)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError, AttributeError):
            return None

    def _say_back(self, text: str, matches: list[dict[str, Any]]) -> str | None:
        clear = [match for match in matches if _is_clear(match)]
        if len(clear) != 1 or len(matches) != 1:
            return None
        match = clear[0]
        start, length = int(match["offset"]), int(match["length"])
        better = text[:start] + str(match["replacements"][0]["value"]) + text[start + length :]
        said = plain(better)
        if not _SAYABLE.match(said) or said == plain(text):
            return None
        words = re.sub(r"^(?:yes |no |well )+", "", said)
        if not all(word in self._words for word in words.split()):
            return None
        return f"So {turned(words)}."

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _is_clear(match: dict[str, Any]) -> bool:
    category = str(match.get("rule", {}).get("category", {}).get("id", "")).upper()
    return category in _CATEGORIES and len(match.get("replacements", [])) == 1
