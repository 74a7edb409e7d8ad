"""The material of `avaaz bench retrieval`, its questions, and what is generated to hide it in."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fpdf import FPDF

HERE: Final = Path(__file__).resolve().parent
FILES: Final = ("city.txt", "work.txt", "study.txt")
DUPLICATES: Final = 3
"""Near duplicates of each section: the same words with other names, figures, days and colours."""
SECTIONS_A_DOCUMENT: Final = 200


@dataclass(frozen=True)
class Question:
    """A question with what an answer holds; none of `facts` where the material has no answer."""

    text: str
    section: str
    """The text in which the answer stands."""
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A part of a document."""

    heading: str
    text: str


@dataclass(frozen=True)
class Material:
    """Documents by their titles, and the questions about them."""

    documents: dict[str, list[Section]]
    questions: list[Question]
    absent: list[Question]


def load() -> Material:
    """Read what was written."""
    documents: dict[str, list[Section]] = {}
    questions: list[Question] = []
    for name in FILES:
        title = heading = text = ""
        for line in (HERE / name).read_text("utf-8").splitlines():
            mark, _, rest = line.partition(" ")
            if mark == "#":
                title = rest
            elif mark == "##":
                heading = rest
            elif mark == "?":
                asked, _, facts = rest.partition(" | ")
                questions.append(Question(asked, text, tuple(facts.split("/"))))
            elif line:
                text = line
                documents.setdefault(title, []).append(Section(heading, text))
    lines = (HERE / "absent.txt").read_text("utf-8").splitlines()
    return Material(documents, questions, [Question(line[2:], "", ()) for line in lines if line])


def markdown(title: str, sections: list[Section]) -> str:
    """A document as it is brought."""
    return "\n\n".join([f"# {title}", *(f"## {one.heading}\n\n{one.text}" for one in sections)])


def hiding(material: Material, count: int, seed: int = 20_261_121) -> Iterator[tuple[str, list[Section]]]:
    """Documents of generated sections, `count` of them in all, the near duplicates spread among them."""
    chance = random.Random(seed)
    sections = [
        duplicate(one, chance)
        for document in material.documents.values()
        for one in document
        for _ in range(DUPLICATES)
    ]
    if count > len(sections):
        sections += [_generated(number, chance) for number in range(count - len(sections))]
    chance.shuffle(sections)
    for start in range(0, count, SECTIONS_A_DOCUMENT):
        part = sections[start : min(start + SECTIONS_A_DOCUMENT, count)]
        yield f"{chance.choice(_KINDS)} of {_town(chance)}, volume {start // SECTIONS_A_DOCUMENT + 1}", part


def long_pdf(material: Material, pages: int = 200) -> bytes:
    """A PDF of so many pages, each with a heading and eight paragraphs."""
    generated = (one for _, part in hiding(material, 9 * pages, seed=7) for one in part)
    file = FPDF()
    for _ in range(pages):
        file.add_page()
        file.set_font("Helvetica", "B", 16)
        file.cell(0, 10, next(generated).heading, new_x="LMARGIN", new_y="NEXT")
        file.set_font("Helvetica", size=11)
        for _ in range(8):
            text = next(generated).text.encode("latin-1", "replace").decode("latin-1")
            file.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
    return bytes(file.output())


def duplicate(section: Section, chance: random.Random) -> Section:
    """The section with other names, figures, days and colours: like the right one, and wrong."""

    def other(found: re.Match[str]) -> str:
        word = found[0]
        for group in _GROUPS:
            if word.lower() in group:
                drawn = chance.choice([one for one in group if one != word.lower()])
                return drawn.capitalize() if word[0].isupper() else drawn
        return chance.choice(_NAMES)

    text = _CHANGED.sub(other, section.text)
    if text == section.text:
        text = f"{section.text.rstrip('.')}, at least in {_town(chance)}."
    return Section(section.heading, text)


def _generated(number: int, chance: random.Random) -> Section:
    place, town = chance.choice(_PLACES), _town(chance)
    lines = chance.sample(_LINES, 3)
    values = {
        "place": place,
        "town": town,
        "name": chance.choice(_NAMES),
    }
    text = " ".join(
        line.format(
            **values,
            number=chance.choice(_GROUPS[0]),
            day=chance.choice(_GROUPS[1]).capitalize(),
            month=chance.choice(_GROUPS[2]).capitalize(),
            colour=chance.choice(_GROUPS[3]),
            thing=chance.choice(_THINGS),
            other=chance.choice(_THINGS),
            who=chance.choice(_WHO),
        )
        for line in lines
    )
    return Section(f"The {place}, {number}", text)


def _town(chance: random.Random) -> str:
    return chance.choice(_STARTS) + chance.choice(_ENDS)


_GROUPS: Final = (
    (
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "eighteen", "twenty", "thirty", "forty", "fifty",
        "sixty", "ninety",
    ),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("january", "april", "june", "july", "august", "october", "november"),
    ("red", "blue", "green", "brown", "grey", "yellow", "orange"),
)  # fmt: skip
_OWN: Final = (
    "Port Ellery", "Ellery", "Castle Hill", "Gull Island", "Harbour Library", "Norvale", "Saint Orla",
    "Mill Street", "Elmstone", "Harrow Bay", "Green Lane", "Harbour Bank", "Kestrel Field", "Bright & Hale",
    "Petra", "Orchard Bakery", "Pine Street", "Hotel Meridian", "Quickleaf", "Willow House", "Solano Energy",
    "Lanternworks", "Ines", "Linden", "Tervo", "Mira", "Adeyemi", "Oriol", "Ilse", "Foxglove Bookshop",
    "Tomas", "Sandhaven", "Noor", "Kwame", "Leeds", "Yuki", "Little Harbour",
)  # fmt: skip
_CHANGED: Final = re.compile(
    r"\b(?:" + "|".join([*map(re.escape, _OWN), *(f"(?i:{w})" for group in _GROUPS for w in group)]) + r")\b"
)
_NAMES: Final = (
    "Marlow", "Tessin", "Orlando", "Brigid", "Halvorsen", "Quentin", "Salome", "Ruben", "Anneke", "Dmitri",
    "Farida", "Giulia", "Hamza", "Ingrid", "Joaquin", "Keiko", "Lamar", "Nadia", "Otis", "Priya",
)  # fmt: skip
_STARTS: Final = (
    "Ash", "Bram", "Cold", "Dun", "East", "Fern", "Glen", "High", "Iron", "Kings", "Long", "Mar", "North",
    "Oak", "Penn", "Rye", "Stan", "Thorn", "Up", "West",
)  # fmt: skip
_ENDS: Final = ("bridge", "bury", "dale", "ford", "ham", "ley", "mouth", "port", "stead", "wick")
_KINDS: Final = ("Chronicle", "Handbook", "Almanac", "Guide", "Register", "Notebook")
_PLACES: Final = (
    "station", "theatre", "school", "garden", "bridge", "workshop", "gallery", "canteen", "harbour", "tower",
    "laundry", "orchard", "studio", "cinema", "hostel", "garage", "chapel", "stadium", "factory", "farm",
)  # fmt: skip
_THINGS: Final = (
    "umbrella", "ticket", "bicycle", "piano", "ladder", "lamp", "basket", "map", "camera", "blanket",
    "kettle", "letter", "mirror", "carpet", "violin", "helmet", "bottle", "candle", "chair", "suitcase",
)  # fmt: skip
_WHO: Final = (
    "visitors", "members", "students", "neighbours", "drivers", "gardeners", "guests", "painters",
    "passengers", "children", "teachers", "singers",
)  # fmt: skip
_LINES: Final = (
    "The {place} of {town} opens at {number} on {day} and {who} are welcome until dusk.",
    "{who} pay {number} euros for a {thing}, and the {other} is lent without charge.",
    "In {month} the {colour} {thing} is carried through {town} by {who}.",
    "{name} has looked after the {place} for {number} years and still counts every {thing}.",
    "On {day} a {colour} flag tells {who} that the {place} is closed.",
    "Nobody may bring a {thing} into the {place}, but a {other} is allowed.",
    "A course for {who} lasts {number} weeks and begins each {month}.",
    "Ask {name} for the key; it hangs beside the {colour} {thing}.",
    "When it rains, {who} wait under the roof of the {place} with a {thing} and a {other}.",
    "The road from {town} to the {place} is {number} kilometres long and has no light.",
    "{name} once lost a {thing} here and found it {number} days later under a {other}.",
    "Every {day} {who} meet in {town} to repair a {thing} or sell a {other}.",
    "The {place} was painted {colour} in {month}, which {who} did not like at first.",
    "For {number} euros {name} shows {who} how to clean a {thing}.",
    "There are {number} seats, a {colour} door and one {thing} for all {who}.",
    "Letters to the {place} of {town} arrive on {day}; those with a {thing} take longer.",
)
