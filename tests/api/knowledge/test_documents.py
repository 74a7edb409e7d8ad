"""Documents: who may bring, see and change them; limits; what is left when they are removed."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from httpx import ASGITransport

from api.rate_limit import Rates
from api.settings import Settings
from tests.api.conftest import Learner, SignUp, error_of
from tests.api.knowledge.conftest import DOCUMENTS, GUIDE, V1, Shelf
from tests.api.school import School, found
from tests.support import documents


@pytest.fixture
async def school(sign_up: SignUp) -> School:
    """A school."""
    return await found(sign_up)


async def test_strangers_bring_and_find_nothing(
    anonymous: httpx.AsyncClient, learner: Learner, stranger: Learner, shelf: Shelf
) -> None:
    key = await shelf.brought(learner)
    chunk = (await shelf.find(learner, "a day ticket for the tram"))[0]["source"]["chunk_id"]
    refused = await anonymous.post(DOCUMENTS, files={"file": ("a.txt", b"hello")})
    assert (refused.status_code, error_of(refused)) == (401, "unauthenticated")
    assert (await anonymous.get(f"{V1}/knowledge/search", params={"q": "tram"})).status_code == 401
    for client, status in ((anonymous, 401), (stranger.client, 404)):
        for path in ("", "/content", f"/chunks/{chunk}"):
            assert (await client.get(f"{DOCUMENTS}/{key}{path}")).status_code == status
        assert (await client.patch(f"{DOCUMENTS}/{key}", json={"title": "x"})).status_code == status
        assert (await client.post(f"{DOCUMENTS}/{key}/retry")).status_code == status
        assert (await client.delete(f"{DOCUMENTS}/{key}")).status_code == status
    assert await shelf.find(stranger, "a day ticket for the tram") == []
    assert (await stranger.client.get(DOCUMENTS)).json()["items"] == []


async def test_learners_bring_for_themselves_alone(school: School, shelf: Shelf) -> None:
    program = await school.program()
    mia = await school.join(program_id=program)
    for fields in ({"scope": "organisation"}, {"scope": "program", "program_id": program}):
        answer = await shelf.bring(mia, **fields)
        assert (answer.status_code, error_of(answer)) == (403, "forbidden")
    unfit = await shelf.bring(mia, scope="learner", program_id=program)
    assert (unfit.status_code, error_of(unfit)) == (422, "program_unfit")


async def test_instructors_bring_for_the_programs_they_teach(school: School, shelf: Shelf) -> None:
    evening, morning = await school.program("Evening"), await school.program("Morning")
    tina = await school.join("Tina", "instructor", evening)
    key = await shelf.brought(tina, scope="program", program_id=evening)
    other = await shelf.bring(tina, scope="program", program_id=morning)
    whole = await shelf.bring(tina, scope="organisation")
    assert (other.status_code, whole.status_code) == (404, 403)
    mia, carl = await school.join("Mia", program_id=evening), await school.join("Carl", program_id=morning)
    assert (await shelf.shown(mia, key))["may_change"] is False
    assert (await shelf.shown(tina, key))["may_change"] is True
    assert (await carl.client.get(f"{DOCUMENTS}/{key}")).status_code == 404
    assert (await mia.client.delete(f"{DOCUMENTS}/{key}")).status_code == 403
    assert len(await shelf.find(mia, "a day ticket for the tram")) == 1
    assert await shelf.find(carl, "a day ticket for the tram") == []
    ivo = await school.join("Ivo", "instructor", morning)
    assert (await ivo.client.patch(f"{DOCUMENTS}/{key}", json={"title": "x"})).status_code == 404
    assert (await school.admin.client.patch(f"{DOCUMENTS}/{key}", json={"title": "x"})).status_code == 200


async def test_everybody_of_the_school_finds_what_is_its_own(school: School, shelf: Shelf) -> None:
    key = await shelf.brought(school.admin, scope="organisation", title="City guide", level="A2")
    mia, carl = await school.join("Mia"), await school.join("Carl")
    own = await shelf.brought(carl, "The secret word of Carl is walnut, and nobody knows it.", "c.txt")
    for person in (mia, carl):
        assert [
            one["source"]["document_id"] for one in await shelf.find(person, "maritime museum opens")
        ] == [key]
    assert await shelf.find(mia, "What is the secret word of Carl?") == []
    assert await shelf.find(school.admin, "What is the secret word of Carl?") == []
    assert len(await shelf.find(carl, "What is the secret word of Carl?")) == 1
    listed = (await carl.client.get(DOCUMENTS)).json()["items"]
    assert [one["id"] for one in listed] == [own, key]
    narrowed = (await carl.client.get(DOCUMENTS, params={"scope": "organisation"})).json()["items"]
    assert [one["title"] for one in narrowed] == ["City guide"]


async def test_pages_of_the_list_hold_each_document_once(learner: Learner, shelf: Shelf) -> None:
    for number in range(3):
        await shelf.bring(learner, f"Note number {number} about trams and museums.", f"{number}.txt")
    first = (await learner.client.get(DOCUMENTS, params={"limit": 2})).json()
    second = (await learner.client.get(DOCUMENTS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["title"] for one in first["items"] + second["items"]] == ["2", "1", "0"]
    assert second["next_cursor"] is None
    assert first["most_bytes"] == 20_000_000


async def test_what_a_document_is_called_and_about_can_be_changed(learner: Learner, shelf: Shelf) -> None:
    key = await shelf.brought(learner, level="A2")
    change = {"title": "My town", "subject": "travel", "level": None}
    answer = await learner.client.patch(f"{DOCUMENTS}/{key}", json=change)
    assert answer.json() | change == answer.json()
    found_there = await shelf.find(learner, "a day ticket for the tram")
    assert found_there[0]["source"]["title"] == "My town"
    bad = await learner.client.patch(f"{DOCUMENTS}/{key}", json={"title": "a\x00b"})
    assert bad.status_code == 422


async def test_removed_it_is_nowhere(learner: Learner, shelf: Shelf, owner: asyncpg.Connection) -> None:
    key = await shelf.brought(learner)
    assert (await learner.client.delete(f"{DOCUMENTS}/{key}")).status_code == 204
    assert (await learner.client.get(f"{DOCUMENTS}/{key}")).status_code == 404
    assert await shelf.find(learner, "a day ticket for the tram") == []
    assert "knowledge.forget_documents" in await shelf.work()
    assert [path for path in shelf.storage.folder.rglob("*") if path.is_file()] == []
    assert await owner.fetchval("SELECT count(*) FROM document_chunks") == 0


async def test_removed_while_it_is_read_it_stays_away(
    learner: Learner, shelf: Shelf, owner: asyncpg.Connection
) -> None:
    key = (await shelf.bring(learner)).json()["id"]
    await owner.execute("DELETE FROM documents")
    assert await shelf.work() == ["knowledge.read_document"]
    assert (await learner.client.get(f"{DOCUMENTS}/{key}")).status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM document_chunks") == 0


async def test_the_file_comes_back_as_it_was_and_no_page_runs_it(learner: Learner, shelf: Shelf) -> None:
    page = "<!doctype html><script>alert(1)</script><p>Trams leave every twelve minutes from the castle.</p>"
    key = await shelf.brought(learner, page, "páge.html")
    answer = await learner.client.get(f"{DOCUMENTS}/{key}/content")
    assert answer.text == page
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''p%C3%A1ge.html"
    assert "sandbox" in answer.headers["content-security-policy"]
    picture = await shelf.brought(learner, documents.PNG, "map.png")
    shown = await learner.client.get(f"{DOCUMENTS}/{picture}/content")
    assert (shown.headers["content-type"], shown.content) == ("image/png", documents.PNG)
    assert (await shelf.shown(learner, picture))["state"] == "ready"


async def test_the_same_file_is_brought_once(learner: Learner, shelf: Shelf) -> None:
    key = await shelf.brought(learner)
    again = await shelf.bring(learner, GUIDE, "other-name.md")
    assert (again.status_code, error_of(again)) == (409, "document_exists")
    assert again.json()["error"]["details"] == [{"document_id": key, "title": "guide"}]


async def test_there_are_limits(
    learner: Learner, shelf: Shelf, app: FastAPI, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "learner_documents", 1)
    await shelf.brought(learner)
    full = await shelf.bring(learner, "Another text about the museum.", "b.txt")
    assert (full.status_code, error_of(full)) == (409, "too_many_documents")
    monkeypatch.setattr(settings, "document_mb", 1)
    large = await shelf.bring(learner, b"word " * 300_000, "c.txt")
    assert (large.status_code, error_of(large)) == (413, "document_too_large")
    monkeypatch.setattr(settings, "upload_rate_limit", "1/hour")
    app.state.rates = Rates.create(settings)
    await shelf.bring(learner, "A text.", "d.txt")
    often = await shelf.bring(learner, "A text.", "e.txt")
    assert (often.status_code, error_of(often)) == (429, "rate_limited")
    assert len([one for one in shelf.storage.folder.rglob("*") if one.is_file()]) == 1


async def test_a_file_that_is_too_large_is_cut_off_while_it_comes(
    learner: Learner, shelf: Shelf, app: FastAPI, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "document_mb", 1)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        while sent < 500_000_000:
            sent += 100_000
            yield b"word " * 20_000
            await asyncio.sleep(0)

    async with httpx.AsyncClient(
        transport=ASGITransport(app=app), base_url="http://avaaz.test", cookies=learner.client.cookies
    ) as client:
        answer = await client.post(
            DOCUMENTS, content=endless(), headers={"Content-Type": "multipart/form-data; boundary=b"}
        )
    assert (answer.status_code, error_of(answer)) == (413, "document_too_large")
    assert sent < 40_000_000, "what is thrown away so that the answer is heard has a bound"


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{}", "application/json", "form_invalid"),
        (b"--b\r\n\r\nx", "multipart/form-data; boundary=b", "form_invalid"),
        (b"nothing", "multipart/form-data; boundary=b", "form_invalid"),
        (
            b'--b\r\nContent-Disposition: form-data; name="scope"\r\n\r\nlearner\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            "file_missing",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + b"a" * 9_000 + b"\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
            "form_invalid",
        ),
    ],
)
async def test_what_is_no_form_is_refused(
    learner: Learner, shelf: Shelf, body: bytes, kind: str, code: str
) -> None:
    answer = await learner.client.post(DOCUMENTS, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, error_of(answer)) == (422, code)


async def test_unknown_fields_are_refused(learner: Learner, shelf: Shelf) -> None:
    for fields in ({"colour": "red"}, {"level": "Z9"}, {"lesson_id": "x"}, {"title": "a\u202eb"}):
        answer = await shelf.bring(learner, **fields)
        assert (answer.status_code, error_of(answer)) == (422, "validation_error")


async def test_an_archived_program_takes_nothing_more(school: School, shelf: Shelf) -> None:
    program = await school.program()
    await school.admin.client.patch(f"{V1}/programs/{program}", json={"archived": True})
    answer = await shelf.bring(school.admin, scope="program", program_id=program)
    assert (answer.status_code, error_of(answer)) == (409, "program_archived")
    missing = await shelf.bring(school.admin, scope="program", program_id=str(uuid4()))
    assert missing.status_code == 404
