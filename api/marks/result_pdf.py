"""The result of an exam as PDF, in the reader's language."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from api.contract.assessment import MAX_SCORE, Assessment, DimensionScore
from api.errors import ConflictError
from api.mail.texts import language_of
from api.marks.schemas import AttemptMarks, MarkOut
from api.paper import INK, MARGIN_MM, QUIET, WIDTH_MM, Colour, Paper, printed

TEAL: Final[Colour] = (11, 110, 106)
SAFFRON: Final[Colour] = (154, 74, 12)
PALE: Final[Colour] = (227, 238, 235)
BAR_MM: Final = 3.2
MOST_EVIDENCE: Final = 3
"""Places a dimension that are printed; the page shows them all."""
SURE_FROM: Final = 0.75
LIKELY_FROM: Final = 0.5


class NotReadyError(ConflictError):
    """There is no result to print yet."""

    code, message = "not_ready", "This result is not ready yet."


@dataclass(frozen=True)
class Sheet:
    """What is printed, for whom."""

    assessment: Assessment
    marks: AttemptMarks
    locale: str

    @property
    def file_name(self) -> str:
        """A name for the file that tells nothing of the learner."""
        return f"exam-{self.marks.sat_at:%Y%m%d-%H%M}.pdf"


def require_ready(sheet: Sheet) -> None:
    """Refuse where nothing is judged yet.

    Raises:
        NotReadyError: It is not.
    """
    if sheet.assessment.state != "ready":
        raise NotReadyError


async def as_pdf(sheet: Sheet) -> bytes:
    """The result as PDF, laid out on a thread."""
    return await printed(lambda: laid_out(sheet))


def laid_out(sheet: Sheet) -> bytes:
    """Lay out a result on A4 pages."""
    page = _Page(sheet)
    page.head()
    page.level()
    for score in sheet.assessment.dimensions:
        page.dimension(score)
    page.readiness()
    page.advice()
    page.honesty()
    return bytes(page.paper.output())


@lru_cache
def _catalogue(language: str) -> dict[str, Any]:
    path = Path(__file__).parent / "catalogues" / f"{language}.yaml"
    words: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return words


class _Page:
    """A result on its way to paper."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.paper = Paper()
        self.words = _catalogue(language_of(sheet.locale))

    def say(self, sentence: str, /, **values: object) -> str:
        """A sentence of the catalogue."""
        return str(self.words[sentence]).format(**values)

    def head(self) -> None:
        """Whose result of which exam."""
        marks = self.sheet.marks
        self.paper.write_line(self.say("title", exam=marks.title), size=18, bold=True)
        self.paper.write_line(
            f"{marks.learner_name}, {marks.sat_at:%Y-%m-%d %H:%M} UTC", size=10.5, colour=QUIET
        )
        self.paper.ln(2)

    def level(self) -> None:
        """The estimate, or why there is none."""
        found = self.sheet.assessment
        if found.level is None:
            refused = self.words["refused"][found.refused] if found.refused else self.say("no_level")
            self.paper.write_line(refused, size=12, bold=True)
        else:
            self.paper.write_line(self.say("level", level=self.named(found.level)), size=14, bold=True)
            self.paper.write_line(self.words["sureness"][_sureness(found.level_confidence)], size=10.5)
        self.paper.write_line(self.say("not_official"), size=9.5, colour=QUIET)
        for said in (*(self.words["flags"][flag] for flag in found.flags), *found.notes):
            self.paper.ln(1)
            self.paper.write_line(said, size=10, colour=SAFFRON)
        self.paper.ln(2)

    def dimension(self, score: DimensionScore) -> None:
        """One of the five: bar, reasons, places, what people gave."""
        name = self.words["dimensions"][score.dimension]
        said = self.say("not_judged") if score.score is None else self.said(score)
        self.paper.ln(3)
        self.paper.write_line(f"{name}: {said}", size=12, bold=True)
        if score.score is not None:
            self.bar(score.score)
        if score.refused:
            self.paper.write_line(self.words["refused"][score.refused], size=10)
        for reason in score.reasons:
            self.paper.ln(0.8)
            self.paper.write_line(reason, size=10)
        for piece in score.evidence[:MOST_EVIDENCE]:
            sign = "+" if piece.helps else "–"
            self.paper.ln(0.8)
            quoted = f"“{piece.quote}” " if piece.quote else ""
            self.paper.aside(f"{sign} {quoted}{piece.says}")
        for mark in self.sheet.marks.items:
            if mark.dimension == score.dimension and mark.counts:
                self.given(mark)

    def said(self, score: DimensionScore) -> str:
        """A score in words."""
        level = f", {self.named(score.level)}" if score.level else ""
        sure = self.words["sure"][_sureness(score.confidence)]
        return f"{self.say('out_of', score=self.number(score.score or 0.0))}{level}, {sure}"

    def bar(self, score: float) -> None:
        """A score as a bar."""
        top = self.paper.get_y() + 0.8
        left = MARGIN_MM + self.paper.c_margin
        width = WIDTH_MM - 2 * self.paper.c_margin
        self.paper.set_fill_color(*PALE)
        self.paper.rect(left, top, width, BAR_MM, style="F")
        self.paper.set_fill_color(*TEAL)
        self.paper.rect(left, top, width * score / MAX_SCORE, BAR_MM, style="F")
        self.paper.set_y(top + BAR_MM + 1.2)

    def given(self, mark: MarkOut) -> None:
        """What a person gave, and why."""
        author = mark.author_name or self.say("somebody")
        said = self.say("given", name=author, score=self.number(mark.score or 0.0))
        self.paper.ln(0.8)
        self.paper.write_line(f"{said} {mark.reason}", size=10, colour=SAFFRON, indent=8)

    def readiness(self) -> None:
        """How far it is to the target level."""
        items = self.sheet.assessment.readiness
        if not items:
            return
        self.section(self.say("readiness", level=self.sheet.marks.target_level))
        for one in items:
            state = self.words["ready"]["unknown" if one.ready is None else "yes" if one.ready else "no"]
            name = self.words["dimensions"][one.dimension]
            needed = self.say("needs", needed=self.number(one.needed))
            self.paper.write_line(f"{name}: {state} ({needed})", size=10.5, bold=True)
            self.paper.ln(0.5)
            self.paper.write_line(one.says, size=10, colour=QUIET)
            self.paper.ln(1.5)

    def advice(self) -> None:
        """A sentence of the next level, and what to practise."""
        found = self.sheet.assessment
        if found.improvement:
            self.section(self.say("next_level"))
            self.paper.write_line(f"“{found.improvement.said}”", size=10.5, colour=SAFFRON)
            self.paper.ln(1)
            self.paper.write_line(f"“{found.improvement.better}”", size=10.5, colour=TEAL)
        if found.practise:
            self.section(self.say("practise"))
            for number, thing in enumerate(found.practise, 1):
                self.paper.write_line(f"{number}. {thing.says}", size=10.5)
                self.paper.ln(1)

    def honesty(self) -> None:
        """What the figures are not, and by what they were made."""
        found = self.sheet.assessment
        self.section(self.say("honesty_title"))
        for paragraph in self.words["honesty"]:
            self.paper.write_line(str(paragraph), size=9.5, colour=QUIET)
            self.paper.ln(1)
        made_by = self.say("made_by", version=found.version, table=found.band_table)
        self.paper.write_line(made_by, size=8.5, colour=QUIET)

    def section(self, title: str) -> None:
        """A heading."""
        self.paper.ln(4)
        self.paper.write_line(title, size=13, bold=True, colour=INK)
        self.paper.ln(1)

    def named(self, level: str) -> str:
        """A level as people call it."""
        return self.say("below_a1") if level == "below_A1" else str(level)

    def number(self, value: float) -> str:
        """A score with the reader's decimal sign."""
        return f"{value:.1f}".replace(".", str(self.words["decimal"]))


def _sureness(confidence: float) -> str:
    if confidence >= SURE_FROM:
        return "sure"
    return "likely" if confidence >= LIKELY_FROM else "unsure"
