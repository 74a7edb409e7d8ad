"""Every relative link in the documents leads to a file that is there, and every anchor to a heading."""

import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[3]
_LINK = re.compile(r"!?\[[^\]\n]*\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = answer.stdout.split()
    found = [ROOT / name for name in names] or [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    return [path for path in found if path.exists()]


def links(text: str) -> list[str]:
    """Targets of the links and pictures in a text, code left out."""
    return _LINK.findall(_INLINE_CODE.sub("", _CODE.sub("", text)))


@cache
def anchors(path: Path) -> set[str]:
    """What links into a document may name: its headings, as forges write them in addresses."""
    found: set[str] = set()
    for heading in _HEADING.findall(_CODE.sub("", path.read_text("utf-8"))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        number = next(n for n in range(100) if (f"{slug}-{n}" if n else slug) not in found)
        found.add(f"{slug}-{number}" if number else slug)
    return found


def broken(path: Path, text: str) -> list[str]:
    """Links of a document that lead nowhere."""
    wrong: list[str] = []
    for target in links(text):
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        aim = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        names_a_heading = parts.fragment and aim.suffix == ".md" and aim.exists()
        if not aim.exists() or (names_a_heading and parts.fragment not in anchors(aim)):
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    assert broken(path, path.read_text("utf-8")) == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A `part`, and more\n\n## Twice\n\n## Twice\n")
    page = tmp_path / "page.md"
    good = "[a](other.md) [b](other.md#a-part-and-more) [c](other.md#twice-1) [d](https://a.example) `[e](f)`"
    page.write_text(f"{good}\n\n```\n[code](nowhere.md)\n```\n")
    assert broken(page, page.read_text()) == []
    bad = "[a](gone.md) ![b](gone.png) [c](other.md#twice-2) [d](#nothing)"
    assert broken(page, bad) == ["gone.md", "gone.png", "other.md#twice-2", "#nothing"]


def test_every_document_is_linked_from_another() -> None:
    reached = {
        (path.parent / unquote(urlsplit(target).path)).resolve()
        for path in documents()
        for target in links(path.read_text("utf-8"))
        if urlsplit(target).path and not urlsplit(target).scheme
    }
    entrances = {"README.md", "AGENTS.md", "CONTRIBUTING.md", "CHANGELOG.md"}
    pages = {path for path in documents() if path.is_relative_to(ROOT / "docs")}
    assert [str(page) for page in sorted(pages - reached) if page.name not in entrances] == []
