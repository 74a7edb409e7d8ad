"""A transcript as PDF."""

from collections.abc import Sequence
from typing import Final

from api.paper import Paper, printed
from api.review.exports import Line, Transcript, pdf_lines

COLOURS: Final = {"Learner": (154, 74, 12), "Coach": (11, 110, 106)}


async def as_pdf(transcript: Transcript) -> bytes:
    """The transcript as PDF, laid out on a thread.

    Raises:
        TooLongError: There are too many turns or words for one.
    """
    notes = (await transcript.comments()).get(None, [])
    lines = await pdf_lines(transcript)
    return await printed(lambda: laid_out(transcript.title, notes, lines))


def laid_out(title: str, notes: Sequence[str], lines: Sequence[Line]) -> bytes:
    """Lay out a transcript on A4 pages."""
    paper = Paper()
    paper.write_line(title, size=16, bold=True)
    paper.ln(2)
    for note in notes:
        paper.aside(note)
    for line in lines:
        _turn(paper, line)
    return bytes(paper.output())


def _turn(paper: Paper, line: Line) -> None:
    """A turn with its comments."""
    paper.ln(2)
    paper.write_line(f"{line.speaker}  {line.clock}", size=8.5, bold=True, colour=COLOURS[line.speaker])
    paper.write_line(line.turn.text, size=10.5)
    for comment in line.comments:
        paper.aside(comment)
