"""A4 pages as PDF, in our fonts.

The font (FiraGO, Open Font License) has Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Georgian and
Thai letters; of other scripts, empty boxes are printed.
"""

import asyncio
import logging
import tempfile
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from fpdf import FPDF
from pymupdf_fonts import fontbuffers

FAMILY: Final = "FiraGO"
FONTS: Final = {"": "figo", "B": "figbo"}
MARGIN_MM: Final = 18
WIDTH_MM: Final = 210 - 2 * MARGIN_MM
INK: Final = (20, 33, 61)
QUIET: Final = (80, 96, 124)
Colour = tuple[int, int, int]
logging.getLogger("fpdf").setLevel(logging.ERROR)  # its warnings quote letters of what was said
_ONE_AT_A_TIME: Final = asyncio.Semaphore(1)
"""Laying out takes a processor for a second or so; requests beside it shall not wait for more than one."""


async def printed(lay_out: Callable[[], bytes]) -> bytes:
    """What a function lays out, on a thread, one at a time."""
    async with _ONE_AT_A_TIME:
        return await asyncio.to_thread(lay_out)


class Paper(FPDF):
    """A4 pages with our fonts, and page numbers at their feet."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=MARGIN_MM)
        for style, path in _font_files().items():
            self.add_font(FAMILY, style, path)
        self.set_font(FAMILY, size=10)
        self.set_creator("Avaaz")
        self.add_page()

    def footer(self) -> None:
        """The page's number."""
        self.set_y(-12)
        self.set_font(FAMILY, size=8)
        self.set_text_color(*QUIET)
        self.cell(w=0, text=str(self.page_no()), align="C")

    def aside(self, text: str) -> None:
        """A word beside the matter, set in."""
        self.write_line(text, size=9, colour=QUIET, indent=8)

    def write_line(
        self,
        text: str,
        *,
        size: float,
        bold: bool = False,
        colour: Colour = INK,
        indent: float = 0,
    ) -> None:
        """A paragraph over the whole width."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_x(MARGIN_MM + indent)
        self.set_text_shaping(use_shaping_engine=_needs_shaping(text))
        self.multi_cell(w=WIDTH_MM - indent, text=text, align="L", new_x="LMARGIN", new_y="NEXT")


def _needs_shaping(text: str) -> bool:
    """Whether letters join or run from right to left; it takes its time, so it is done only where needed."""
    return not text.isascii() and any(
        unicodedata.bidirectional(character) in {"R", "AL", "NSM"} for character in text
    )


@lru_cache(maxsize=1)
def _font_files() -> dict[str, Path]:
    """The fonts as files, as the library wants them; unpacked once a process."""
    folder = Path(tempfile.mkdtemp(prefix="avaaz-fonts-"))
    files = {style: folder / f"{name}.ttf" for style, name in FONTS.items()}
    for style, path in files.items():
        path.write_bytes(fontbuffers[FONTS[style]]())
    return files
