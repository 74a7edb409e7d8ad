"""Sentences out of a stream of words, as early as they are whole.

The stock tokenizers wait for the first words of the next sentence before they give the one before; here
a sentence is given with its last mark, so that its sound can start while the model still thinks.
"""

import re

from livekit.agents import tokenize
from livekit.agents.tokenize.tokenizer import SentenceStream, TokenData

SHORTEST = 8
"""Characters below which a sentence is kept together with the next one."""

_BOUNDARY = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)")
_ABBREVIATION = re.compile(r"(?:^|\s)(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|no|p|[a-z])\.$", re.IGNORECASE)


class SentenceSplitter:
    """Takes pieces of text and gives whole sentences; nothing is lost or changed, blanks included."""

    def __init__(self) -> None:
        self._rest = ""

    def push(self, text: str) -> list[str]:
        """The sentences that are whole after this piece."""
        self._rest += text
        found: list[str] = []
        while (end := self._end()) is not None:
            found.append(self._rest[:end])
            self._rest = self._rest[end:]
        return found

    def flush(self) -> str:
        """What is left, whole or not."""
        rest, self._rest = self._rest, ""
        return rest

    def _end(self) -> int | None:
        for match in _BOUNDARY.finditer(self._rest):
            sentence = self._rest[: match.end()]
            if len(sentence.strip()) < SHORTEST or _ABBREVIATION.search(sentence):
                continue
            ends_open = match.end() == len(self._rest)
            if ends_open and match.group().startswith(".") and self._rest[match.start() - 1].isdigit():
                continue  # perhaps "3.5"
            return match.end()
        return None


class EagerSentences(tokenize.SentenceTokenizer):
    """`SentenceSplitter` as the tokenizer of a stock `tts.StreamAdapter`."""

    def tokenize(self, text: str, *, language: str | None = None) -> list[str]:  # noqa: ARG002
        """All sentences of a text."""
        splitter = SentenceSplitter()
        return [piece for piece in [*splitter.push(text), splitter.flush()] if piece.strip()]

    def stream(self, *, language: str | None = None) -> SentenceStream:  # noqa: ARG002
        """A stream that gives each sentence with its last mark."""
        return _EagerStream()


class _EagerStream(SentenceStream):
    def __init__(self) -> None:
        super().__init__()
        self._splitter = SentenceSplitter()

    def push_text(self, text: str) -> None:
        for sentence in self._splitter.push(text):
            self._event_ch.send_nowait(TokenData(token=sentence))

    def flush(self) -> None:
        if rest := self._splitter.flush():
            self._event_ch.send_nowait(TokenData(token=rest))

    def end_input(self) -> None:
        self.flush()
        self._do_close()

    async def aclose(self) -> None:
        self._do_close()
