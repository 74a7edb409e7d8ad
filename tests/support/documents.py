"""Documents of every kind that may be brought, and of the kinds that may not, made as they are needed."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from fpdf import FPDF

_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def pdf(pages: Sequence[tuple[str, Sequence[str]]], *, password: str | None = None) -> bytes:
    """A PDF: for each page a heading and its paragraphs."""
    file = FPDF()
    if password is not None:
        file.set_encryption(owner_password=password + "-owner", user_password=password)
    for heading, paragraphs in pages:
        file.add_page()
        file.set_font("Helvetica", "B", 18)
        file.multi_cell(0, 10, heading, new_x="LMARGIN", new_y="NEXT")
        file.set_font("Helvetica", size=11)
        for paragraph in paragraphs:
            file.multi_cell(0, 6, paragraph, new_x="LMARGIN", new_y="NEXT")
            file.ln(3)
    return bytes(file.output())


def scanned_pdf() -> bytes:
    """A PDF with a drawn page and no text."""
    file = FPDF()
    file.add_page()
    file.rect(20, 20, 100, 100)
    return bytes(file.output())


def docx(paragraphs: Sequence[tuple[str, str]]) -> bytes:
    """A Word document: styles, such as `Heading1` or an empty one, with their texts."""
    body = "".join(
        f"<w:p><w:pPr>{f'<w:pStyle w:val={chr(34)}{style}{chr(34)}/>' if style else ''}</w:pPr>"
        f"<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
        for style, text in paragraphs
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2)
    )
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
        }
    )


def pptx(slides: Sequence[str]) -> bytes:
    """A presentation: one text a slide."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
    }
    links, ids = "", ""
    for number, text in enumerate(slides, 1):
        links += f'<Relationship Id="r{number}" Type="{_OFFICE}/slide" Target="slides/slide{number}.xml"/>'
        ids += f'<p:sldId id="{255 + number}" r:id="r{number}"/>'
        parts[f"ppt/slides/slide{number}.xml"] = (
            f'<p:sld xmlns:p="{_SLIDE}" xmlns:a="{_DRAWING}"><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r>'
            f"<a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
        )
    parts["ppt/presentation.xml"] = (
        f'<p:presentation xmlns:p="{_SLIDE}" xmlns:r="{_OFFICE}">'
        f"<p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    )
    parts["ppt/_rels/presentation.xml.rels"] = f'<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'
    return zipped(parts)


def bomb() -> bytes:
    """A Word document of 400 kB that unpacks to 400 MB."""
    blank = f'<w:document xmlns:w="{_WORD}"><w:body>' + " " * 100_000_000
    parts = {f"word/part{number}.xml": blank for number in range(3)}
    return zipped({"[Content_Types].xml": _TYPES, **parts, "word/document.xml": blank})


def encrypted_office() -> bytes:
    """The beginning of what Word writes under a password."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le")


def zipped(parts: dict[str, str]) -> bytes:
    """A zip file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return held.getvalue()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000154a24f5d0000000049454e44ae426082"
)
"""A picture of one point."""
