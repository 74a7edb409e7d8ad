"""Files of every kind are read; every kind of bad file has its own plain reason."""

from collections.abc import Callable
from typing import Final

import pytest

from api.knowledge.parsing import Limits
from api.settings import Settings
from tests.api.conftest import Learner, error_of
from tests.api.knowledge.conftest import DOCUMENTS, GUIDE, Shelf
from tests.support import documents

TRAM: Final = "The red tram to the castle leaves every twelve minutes from Mill Street."
MUSEUM: Final = "The maritime museum opens at ten and closes on Mondays all year round."

GOOD: Final = {
    "md": (GUIDE.encode(), "text/markdown", "City guide › Trams"),
    "txt": (f"{TRAM}\n\n{MUSEUM}".encode("utf-16"), "text/plain", ""),
    "csv": (b"question,answer\nred tram to the castle,leaves every twelve minutes\n", "text/csv", ""),
    "html": (
        f"<!DOCTYPE html><html><head><title>T</title></head><body><h1>Trams</h1><p>{TRAM}</p>"
        f"<script>var x = 'museum';</script></body></html>".encode(),
        "text/html",
        "Trams",
    ),
    "pdf": (
        documents.pdf([("Trams", [TRAM]), ("Museums", [MUSEUM])]),
        "application/pdf",
        "Trams",
    ),
    "docx": (
        documents.docx([("Heading1", "Trams"), ("", TRAM), ("Heading1", "Museums"), ("", MUSEUM)]),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Trams",
    ),
    "pptx": (
        documents.pptx([TRAM, MUSEUM]),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "",
    ),
}


@pytest.mark.parametrize("kind", GOOD)
async def test_it_is_read_by_what_it_holds_whatever_it_is_called(
    learner: Learner, shelf: Shelf, kind: str
) -> None:
    content, mime, heading = GOOD[kind]
    named = kind if kind in {"md", "csv"} else "png"
    key = await shelf.brought(learner, content, f"trip.{named}")
    shown = await shelf.shown(learner, key)
    assert (shown["mime"], shown["state"], shown["progress"], shown["failure"]) == (mime, "ready", 100, None)
    [found, *_] = await shelf.find(learner, "When does the tram to the castle leave?")
    assert "twelve minutes" in found["text"]
    assert found["heading"] == heading
    assert found["source"]["page"] == (1 if kind in {"pdf", "pptx"} else None)
    assert "var x" not in found["text"]


REFUSED: Final = {
    "empty": (b"", 422, "document_empty"),
    "blank": (b" \n\n ", 422, "document_empty"),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(200), 415, "document_kind"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 415, "document_kind"),
    "encrypted word": (documents.encrypted_office(), 422, "document_encrypted"),
    "zip of something": (documents.zipped({"a.txt": "hello"}), 415, "document_kind"),
    "broken zip": (b"PK\x03\x04" + b"junk" * 50, 422, "document_broken"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_read_is_refused_at_once(learner: Learner, shelf: Shelf, case: str) -> None:
    content, status, code = REFUSED[case]
    answer = await shelf.bring(learner, content, "letter.pdf")
    assert (answer.status_code, error_of(answer)) == (status, code)
    assert (await learner.client.get(DOCUMENTS)).json()["items"] == []


FAILED: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "encrypted": (lambda: documents.pdf([("Secret", [TRAM])], password="key"), "encrypted"),
    "broken": (lambda: documents.pdf([("Trams", [TRAM])])[:400], "broken"),
    "mislabelled": (lambda: b"%PDF-1.7 but the rest is a letter to my aunt", "broken"),
    "scanned": (documents.scanned_pdf, "no_text"),
    "bomb": (documents.bomb, "unpacks_too_large"),
    "no words": (lambda: documents.docx([("", "a")]), "empty"),
    "broken word": (
        lambda: documents.zipped({"[Content_Types].xml": "x", "word/document.xml": "<w:document"}),
        "broken|empty",
    ),
}


@pytest.mark.parametrize("case", FAILED)
async def test_what_turns_out_unreadable_says_why(learner: Learner, shelf: Shelf, case: str) -> None:
    make, code = FAILED[case]
    key = await shelf.brought(learner, make(), "letter.pdf")
    shown = await shelf.shown(learner, key)
    assert shown["state"] == "failed"
    assert shown["failure"]["code"] in code.split("|")
    assert shown["failure"]["message"].endswith(".")
    assert await shelf.find(learner, TRAM) == []


async def test_time_and_memory_of_a_reading_are_bounded(
    learner: Learner, shelf: Shelf, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [("Trams", [TRAM * 5] * 4)] * 40
    monkeypatch.setattr("api.knowledge.jobs.Limits", lambda _s, _mb: Limits(60, 60))
    key = await shelf.brought(learner, documents.pdf(pages), "large.pdf")
    failure = (await shelf.shown(learner, key))["failure"]
    assert (failure["code"], failure["may_retry"]) == ("too_much_memory", True)
    monkeypatch.undo()
    retried = await learner.client.post(f"{DOCUMENTS}/{key}/retry")
    assert (retried.status_code, retried.json()["state"]) == (202, "queued")
    await shelf.work()
    shown = await shelf.shown(learner, key)
    assert (shown["state"], shown["pages"]) == ("ready", 40)
    once_more = await learner.client.post(f"{DOCUMENTS}/{key}/retry")
    assert (once_more.status_code, error_of(once_more)) == (409, "document_not_failed")


async def test_a_reading_that_fails_three_times_is_given_up(learner: Learner, shelf: Shelf) -> None:
    key = (await shelf.bring(learner)).json()["id"]
    await shelf.jobs.give_up(str(learner.organisation_id), key)
    failure = (await shelf.shown(learner, key))["failure"]
    assert (failure["code"], failure["may_retry"]) == ("internal", True)


async def test_the_reader_is_told_no_secret(
    learner: Learner, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that reads strangers' files has none of the worker's environment."""
    monkeypatch.setenv("SECRET_KEY", "zebra-secret")
    given = {}

    async def noted(*_command: str, **options: object) -> None:
        given.update(options)
        raise RuntimeError("enough")

    monkeypatch.setattr("api.knowledge.parsing.asyncio.create_subprocess_exec", noted)
    with pytest.raises(RuntimeError):
        await shelf.brought(learner)
    environment = given["env"]
    assert isinstance(environment, dict)
    assert set(environment) == {"PATH", "HOME", "LANG"}
