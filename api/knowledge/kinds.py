"""What a file is, by its content: names and what browsers say of types are hints at most."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from api.errors import AvaazError, InvalidError

HEAD_BYTES: Final = 16 * 1024
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
PDF: Final = "application/pdf"
DOCX: Final = f"{OFFICE}.wordprocessingml.document"
PPTX: Final = f"{OFFICE}.presentationml.presentation"
HTML: Final = "text/html"
CSV: Final = "text/csv"
MARKDOWN: Final = "text/markdown"
PLAIN: Final = "text/plain"
IMAGES: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE: Final = "EncryptedPackage".encode("utf-16-le")
_HTML: Final = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_MARKS: Final = re.compile(r"^(?:#{1,6} \S|[-*] \S|\d+\. \S|```|> \S|\|.+\|)", re.M)
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BY_NAME: Final = {".csv": CSV, ".md": MARKDOWN, ".markdown": MARKDOWN}
"""Texts can only be told apart by what they are called."""


class UnreadableFileError(InvalidError):
    """The file cannot be taken: `document_empty`, `document_encrypted`, `document_broken`."""


class UnknownKindError(AvaazError):
    """The file is of a kind that is not read here."""

    status, code = 415, "document_kind"
    message = "Please bring a PDF, Word, PowerPoint, text, Markdown, CSV or HTML file, or a picture."


@dataclass(frozen=True)
class Kind:
    """What a file is."""

    mime: str

    @property
    def is_picture(self) -> bool:
        """Whether it has no text, and is shown as it is."""
        return self.mime.startswith("image/")


def kind_of(path: Path, name: str) -> Kind:
    """Find out what a file is.

    Args:
        path: The file.
        name: What it was called, which tells kinds of text apart and nothing else.

    Raises:
        UnreadableFileError: It is empty, encrypted or damaged.
        UnknownKindError: It is of a kind that is not read here.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b"\x00\r\n\t "):
        raise UnreadableFileError("There is nothing in this file.", code="document_empty")
    if b"%PDF-" in head[:1024]:
        return Kind(PDF)
    if head.startswith(b"PK\x03\x04"):
        return Kind(_office(path))
    if head.startswith(_OLD_OFFICE):
        raise _old_office(path)
    picture = _picture(head)
    return Kind(picture or _text(head, name))


def _office(path: Path) -> str:
    try:
        with ZipFile(path) as file:
            names = set(file.namelist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableFileError("This file is damaged.", code="document_broken") from None
    if "word/document.xml" in names:
        return DOCX
    if "ppt/presentation.xml" in names:
        return PPTX
    raise UnknownKindError


def _old_office(path: Path) -> AvaazError:
    if _ENCRYPTED_OFFICE in path.read_bytes():
        return UnreadableFileError(
            "This file is protected by a password. Please save it without one.", code="document_encrypted"
        )
    return UnknownKindError("This is an old Office file. Please save it as DOCX, PPTX or PDF.")


def _picture(head: bytes) -> str | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for start, mime in IMAGES.items() if head.startswith(start)), None)


def _text(head: bytes, name: str) -> str:
    text = readable(head)
    if text is None:
        raise UnknownKindError
    if _HTML.match(text):
        return HTML
    by_name = _BY_NAME.get(Path(name).suffix.lower())
    if by_name is not None:
        return by_name
    return MARKDOWN if len(_MARKS.findall(text)) > 2 else PLAIN


def readable(data: bytes) -> str | None:
    """Bytes as text, by their byte order mark, as UTF-8, or as Western European; None where they are none."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(data)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return None if _CONTROLS.search(text) else text
