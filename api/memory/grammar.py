"""The grammar checker (LanguageTool's protocol), asked about the learner's own sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import httpx

from api.memory.said import Said, sentences, words_of
from api.memory.slips import Mended, mended

MAX_TEXT: Final = 8_000
MOST_SENTENCES: Final = 400
_TIMEOUT_S: Final = 10.0
_SURE: Final = 0.6
"""Confidence of the recognizer below which a word is not held against the learner."""
_SPOKEN: Final = frozenset({"GRAMMAR", "AGREEMENT", "VERB_FORM", "CONFUSED_WORDS"})
_TYPED: Final = _SPOKEN | {"TYPOS"}


_QUOTED: Final = re.compile(r"`([^`]*)`")
"""How a checker marks words within its message."""


class CheckerUnavailableError(Exception):
    """The grammar checker does not answer."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a learner's turn."""

    text: str
    turn: Said

    @cached_property
    def mended(self) -> Mended:
        """The sentence without the slips that are known here; what the recognizer may have misheard stays."""
        found = mended(self.text)
        return found if _was_heard(" ".join(found.wrong), self.turn) else Mended(self.text, (), "")


@dataclass(frozen=True)
class Finding:
    """A sentence with what is wrong put right."""

    sentence: Sentence
    better: str
    why: str


class GrammarChecker:
    """Asks `<base>/check`; `base` ends in `/v2`."""

    def __init__(self, base: str) -> None:
        self._url = f"{base.rstrip('/')}/check"
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_S)

    async def check(self, said: Sequence[Sentence]) -> list[Finding]:
        """The sentences that could be better, in order.

        Raises:
            CheckerUnavailableError: It does not answer, or not as it should.
        """
        found: list[Finding] = []
        for batch in _batches(said[:MOST_SENTENCES]):
            found += _findings(batch, await self._matches("\n\n".join(one.mended.text for one in batch)))
        return found

    async def _matches(self, text: str) -> list[dict[str, Any]]:
        try:
            answer = await self._client.post(self._url, data={"language": "en-US", "text": text})
            matches: list[dict[str, Any]] = answer.raise_for_status().json()["matches"]
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise CheckerUnavailableError(type(error).__name__) from None
        return matches

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def sentences_of(turns: Sequence[Said]) -> list[Sentence]:
    """The learner's sentences of three words and more."""
    return [
        Sentence(text, turn)
        for turn in turns
        if turn.by_learner
        for text in sentences(turn.text)
        if len(words_of(text)) >= 3
    ]


def _batches(said: Sequence[Sentence]) -> list[list[Sentence]]:
    batches: list[list[Sentence]] = [[]]
    size = 0
    for one in said:
        if len(one.text) > MAX_TEXT:
            continue
        if size + len(one.text) > MAX_TEXT:
            batches.append([])
            size = 0
        batches[-1].append(one)
        size += len(one.text) + 2
    return [batch for batch in batches if batch]


def _findings(batch: Sequence[Sentence], matches: Sequence[dict[str, Any]]) -> list[Finding]:
    found, start = [], 0
    for sentence in batch:
        length = _units(sentence.mended.text)
        own = [match for match in matches if start <= _number(match, "offset") < start + length]
        finding = _finding(sentence, own, start)
        if finding is not None:
            found.append(finding)
        start += length + 2
    return found


def _finding(sentence: Sentence, matches: Sequence[dict[str, Any]], start: int) -> Finding | None:
    mended_text = _encoded(sentence.mended.text)
    better, why = mended_text, sentence.mended.why
    for match in sorted(matches, key=lambda one: _number(one, "offset"), reverse=True):
        at = 2 * (_number(match, "offset") - start)
        end = at + 2 * _number(match, "length")
        wrong = mended_text[at:end].decode("utf-16-le", "replace")
        replacement = _replacement(match)
        if replacement is None or not _counts(match, wrong, sentence.turn):
            continue
        better = better[:at] + _encoded(replacement) + better[end:]
        why = why or _QUOTED.sub("“\\1”", str(match.get("message", "")))[:200]
    text = better.decode("utf-16-le", "replace")
    return Finding(sentence, text, why) if text != sentence.text else None


def _counts(match: dict[str, Any], wrong: str, turn: Said) -> bool:
    """Whether it is the learner's slip: not the recognizer's hearing, nor its spelling."""
    category = str(match.get("rule", {}).get("category", {}).get("id", "")).upper()
    if category not in (_SPOKEN if turn.spoken else _TYPED) or (category == "TYPOS" and wrong[:1].isupper()):
        return False
    return _was_heard(wrong, turn)


def _was_heard(words: str, turn: Said) -> bool:
    """Whether the recognizer was sure of these words; what was typed is sure."""
    touched = set(words_of(words))
    heard = [word["confidence"] for word in turn.words if touched & set(words_of(str(word["word"])))]
    return min(heard, default=1.0) >= _SURE


def _replacement(match: dict[str, Any]) -> str | None:
    replacements = match.get("replacements") or []
    return str(replacements[0]["value"]) if replacements else None


def _number(match: dict[str, Any], name: str) -> int:
    return int(match.get(name, -1))


def _units(text: str) -> int:
    """Length as LanguageTool counts, in UTF-16 units."""
    return len(_encoded(text)) // 2


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
