"""Transcripts to take away: as text and as CSV, made while they are sent; as PDF, within limits."""

import csv
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from api.calls import service as calls
from api.calls.models import Turn
from api.contract.calls import Role
from api.database import Database
from api.errors import AvaazError
from api.identity.auth import Principal
from api.pages import Mark
from api.review.repository import CallRow, CommentRepository, Written
from api.tenancy import act_for

TURNS_AT_ONCE: Final = 500
PDF_TURNS: Final = 2_000
PDF_CHARACTERS: Final = 300_000
BYTE_ORDER_MARK: Final = "\ufeff"
"""By which spreadsheets know that a CSV file is UTF-8."""
FORMULA_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS: Final = ("position", "at_s", "started_at", "role", "kind", "interrupted", "text", "comments")
SPEAKERS: Final = {Role.LEARNER: "Learner", Role.COACH: "Coach"}


class TooLongError(AvaazError):
    """More than a PDF of ours may hold; text and CSV have no limit."""

    status = 413
    code = "too_long"
    message = "This call is too long for a PDF. Take it as text or CSV."


class Format(StrEnum):
    """In which form a transcript is taken away."""

    TEXT = "txt"
    CSV = "csv"
    PDF = "pdf"


MEDIA_TYPES: Final = {
    Format.TEXT: "text/plain; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PDF: "application/pdf",
}


@dataclass(frozen=True)
class Line:
    """A turn as it is written out; `comments` are plain text with their authors."""

    turn: Turn
    at_s: float
    comments: tuple[str, ...]

    @property
    def speaker(self) -> str:
        """Who spoke."""
        return SPEAKERS[Role(self.turn.role)]

    @property
    def clock(self) -> str:
        """Where in the call, as 3:07."""
        return f"{int(self.at_s) // 60}:{int(self.at_s) % 60:02}"


@dataclass(frozen=True)
class Transcript:
    """A call to be written out, read in pieces so that none is held whole."""

    database: Database
    person: Principal
    row: CallRow

    @property
    def title(self) -> str:
        """What stands at its head."""
        return f"{self.row.learner_name}, {self.row.call.started_at:%Y-%m-%d %H:%M} UTC"

    def file_name(self, form: Format) -> str:
        """A name for the file that tells nothing of the learner."""
        return f"call-{self.row.call.started_at:%Y%m%d-%H%M}.{form}"

    async def comments(self) -> dict[UUID | None, list[str]]:
        """Comments and answers by turn; those on the whole call under None."""
        async with self.database.reading() as session:
            await act_for(session, self.person.organisation_id, self.person.user.id)
            written = await CommentRepository(session).of_call(self.row.call.id)
        found: dict[UUID | None, list[str]] = defaultdict(list)
        for one in written:
            found[one.comment.turn_id].append(_said(one))
        return found

    async def lines(self) -> AsyncIterator[Line]:
        """All turns, in order; a connection is held only while a piece is read."""
        comments = await self.comments()
        after: Mark | None = None
        while turns := await self._turns(after):
            for turn in turns:
                at_s = max(0.0, (turn.started_at - self.row.call.started_at).total_seconds())
                yield Line(turn, at_s, tuple(comments.get(turn.id, ())))
            last = turns[-1]
            after = Mark(last.position, last.started_at, last.id)

    async def _turns(self, after: Mark | None) -> Sequence[Turn]:
        async with self.database.reading() as session:
            await act_for(session, self.person.organisation_id, self.person.user.id)
            return await calls.turns_of(session, self.row.call.id, after=after, limit=TURNS_AT_ONCE)


async def as_text(transcript: Transcript) -> AsyncIterator[str]:
    """The transcript as text, a turn a paragraph."""
    yield f"{transcript.title}\n"
    for note in (await transcript.comments()).get(None, []):
        yield f"    {_indented(note)}\n"
    async for line in transcript.lines():
        yield f"\n[{line.clock}] {line.speaker}: {line.turn.text}\n"
        for comment in line.comments:
            yield f"    {_indented(comment)}\n"


async def as_csv(transcript: Transcript) -> AsyncIterator[str]:
    """The transcript as CSV, a turn a row; no cell can be taken for a formula."""
    yield BYTE_ORDER_MARK + csv_row(COLUMNS)
    async for line in transcript.lines():
        turn = line.turn
        yield csv_row((
            str(turn.position),
            f"{line.at_s:.1f}",
            turn.started_at.isoformat(),
            turn.role,
            turn.input_kind,
            "yes" if turn.interrupted else "no",
            turn.text,
            "\n".join(line.comments),
        ))  # fmt: skip


async def pdf_lines(transcript: Transcript) -> list[Line]:
    """All turns, for a PDF.

    Raises:
        TooLongError: There are too many turns or words for one.
    """
    lines: list[Line] = []
    characters = 0
    async for line in transcript.lines():
        characters += len(line.turn.text) + sum(map(len, line.comments))
        lines.append(line)
        if len(lines) > PDF_TURNS or characters > PDF_CHARACTERS:
            raise TooLongError
    return lines


def csv_row(cells: Sequence[str]) -> str:
    """A line of CSV, its cells defused."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([defused(cell) for cell in cells])
    return buffer.getvalue()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a beginning gets an apostrophe before it."""
    return "'" + cell if cell.lstrip(" ").startswith(FORMULA_BEGINS) else cell


def _said(one: Written) -> str:
    return f"{one.author_name or 'Comment'}: {one.comment.text}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")


Writer = Callable[[Transcript], AsyncIterator[str]]
WRITERS: Final[dict[Format, Writer]] = {Format.TEXT: as_text, Format.CSV: as_csv}
