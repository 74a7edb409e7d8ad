"""Cutting a document into passages: along its headings and paragraphs, with some overlap, never in a word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from api.knowledge.parsing import Page

TOKENS_A_WORD: Final = 1.35
"""Of common tokenizers, over English; a measure of size and nothing more."""
HEADING_CHARACTERS: Final = 300
MOST_WORD: Final = 200
"""Longer runs without a space are no words, and are cut."""
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_ROW: Final = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE: Final = re.compile(r"^[\s|:\-]+$")
_SENTENCE: Final = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9ÁÉÍÓÚÑ¿¡])")
_MARKUP: Final = re.compile(r"(\*\*|__|`+)(?=\S)(.+?)(?<=\S)\1")
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Passage:
    """A piece of a document.

    `heading` holds the headings above it, from the outermost; `page` is the one on which it begins.
    """

    text: str
    heading: str
    page: int | None
    tokens: int


@dataclass(frozen=True)
class Sizes:
    """How large passages are, in tokens: where one is full, and how much of it the next one repeats."""

    full: int
    overlap: int


@dataclass(frozen=True)
class _Block:
    """A paragraph, or a row of a table, under its headings."""

    text: str
    heading: str
    page: int | None


def tokens_of(text: str) -> int:
    """About how many tokens a text has."""
    return max(1, round(len(text.split()) * TOKENS_A_WORD))


def cut(pages: Sequence[Page], sizes: Sizes) -> list[Passage]:
    """Cut a document.

    A passage ends where another heading begins or where it is full; one that would be split in a paragraph
    is split between its sentences.
    """
    passages: list[Passage] = []
    held = _Held(sizes)
    for block in _blocks(pages):
        if held.pieces and block.heading != held.heading:
            passages += held.given(overlapping=False)
        for piece in _pieces(block.text, sizes.full):
            if held.pieces and held.tokens + tokens_of(piece) > sizes.full:
                passages += held.given(overlapping=True)
            held.take(piece, block)
    return passages + held.given(overlapping=False)


@dataclass
class _Held:
    """The passage that is being filled."""

    sizes: Sizes
    pieces: list[str] = field(default_factory=list)
    heading: str = ""
    page: int | None = None
    tokens: int = 0
    fresh: bool = False
    """Whether it has more than what it repeats."""

    def take(self, piece: str, block: _Block) -> None:
        """Add a piece."""
        if not self.fresh:
            self.page = block.page
        self.heading = block.heading
        self.pieces.append(piece)
        self.tokens += tokens_of(piece)
        self.fresh = True

    def given(self, *, overlapping: bool) -> list[Passage]:
        """Hand the passage over, and keep its end for the next one where they overlap."""
        made = []
        if self.fresh:
            text = "\n".join(self.pieces)
            made = [Passage(text, self.heading[:HEADING_CHARACTERS], self.page, tokens_of(text))]
        self.pieces = self._end() if overlapping else []
        self.tokens = sum(map(tokens_of, self.pieces))
        self.fresh = False
        return made

    def _end(self) -> list[str]:
        """The last sentences, as many as the overlap takes."""
        kept: list[str] = []
        for sentence in reversed([one for piece in self.pieces for one in sentences(piece)]):
            if sum(map(tokens_of, kept)) + tokens_of(sentence) > self.sizes.overlap:
                break
            kept.insert(0, sentence)
        return [" ".join(kept)] if kept else []


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return [one.strip() for one in _SENTENCE.split(text) if one.strip()]


def _blocks(pages: Iterable[Page]) -> Iterator[_Block]:
    above = _Above()
    for page in pages:
        columns: list[str] | None = None
        lines: list[str] = []
        for line in [*page.text.splitlines(), ""]:
            heading, row = _HEADING.match(line), _ROW.match(line)
            if (heading or row or not line.strip()) and lines:
                yield _Block(_plain(" ".join(lines)), above.used(), page.number)
                lines = []
            if heading:
                yield from above.put(len(heading[1]), _plain(heading[2]), page.number)
            elif row and not _RULE.match(line):
                cells = [_plain(cell) for cell in row[1].split("|")]
                if columns is not None:
                    yield _Block(_row(columns, cells), above.used(), page.number)
                columns = columns or cells
            elif line.strip() and not row:
                columns = None
                lines.append(line.strip())
    yield from above.left()


@dataclass
class _Above:
    """The headings above a line. One with nothing under it is text itself, such as a slide of one line."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    bare: _Block | None = None

    def put(self, level: int, text: str, page: int | None) -> list[_Block]:
        """A heading comes; returns the one before it if that has nothing under it."""
        deeper = bool(self.headings) and level > self.headings[-1][0]
        given = [] if deeper else self.left()
        self.headings = [one for one in self.headings if one[0] < level]
        self.bare = _Block(text, self._path(), page)
        self.headings.append((level, text))
        return given

    def used(self) -> str:
        """The headings, from the outermost, for a text under them."""
        self.bare = None
        return self._path()

    def left(self) -> list[_Block]:
        """The last heading, if it has nothing under it."""
        bare, self.bare = self.bare, None
        return [bare] if bare and bare.text else []

    def _path(self) -> str:
        return " › ".join(text for _, text in self.headings if text)


def _row(columns: list[str], cells: list[str]) -> str:
    """A row of a table as a sentence, so that it tells something by itself."""
    named = [f"{name}: {cell}" if name else cell for name, cell in zip(columns, cells, strict=False) if cell]
    return "; ".join(named) + "." if named else ""


def _plain(text: str) -> str:
    """Markdown's own marks taken away; what is said stays."""
    return _MARKUP.sub(r"\2", _LINK.sub(r"\1", text)).replace("\\", "").strip()


def _pieces(text: str, full: int) -> Iterator[str]:
    """A paragraph whole, or in parts that fit: its sentences, and of sentences that are too long, words."""
    if not text:
        return
    if tokens_of(text) <= full and max(map(len, text.split()), default=0) <= MOST_WORD:
        yield text
        return
    held: list[str] = []
    for sentence in sentences(text):
        for part in _parts(sentence, full):
            if held and tokens_of(" ".join([*held, part])) > full:
                yield " ".join(held)
                held = []
            held.append(part)
    if held:
        yield " ".join(held)


def _parts(sentence: str, full: int) -> Iterator[str]:
    words = [
        word[start : start + MOST_WORD]
        for word in sentence.split()
        for start in range(0, len(word), MOST_WORD)
    ]
    most = max(1, int(full / TOKENS_A_WORD))
    for start in range(0, len(words), most):
        yield " ".join(words[start : start + most])
