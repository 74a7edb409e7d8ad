"""A learner's material: brought, read, failed, searched, opened."""

from typing import Any

from playwright.async_api import Page

from tests.e2e.answers import CALL_ID, TURNS, Answers, refusal
from tests.e2e.scene import Act, Scene, nothing

DOCUMENTS = "GET /documents"
GUIDE_ID = "00000000-0000-0000-0000-0000000000d1"
CHUNK_ID = "00000000-0000-0000-0000-0000000000e1"
TEXT = (
    "The red tram runs from the ferry terminal to Castle Hill every twelve minutes. "
    "A day ticket costs seven euros."
)
SOURCE = {"chunk_id": CHUNK_ID, "document_id": GUIDE_ID, "title": "Getting around Port Ellery", "page": 3}


def document(number: int, title: str, state: str = "ready", **more: Any) -> dict[str, Any]:
    """A document."""
    failure = more.pop("failure", None)
    return {
        "id": f"00000000-0000-0000-0000-0000000000d{number}",
        "scope": "learner",
        "program_id": None,
        "lesson_id": None,
        "level": None,
        "title": title,
        "subject": "",
        "file_name": "file.pdf",
        "mime": "application/pdf",
        "size_bytes": 1_840_000,
        "state": state,
        "progress": 100 if state == "ready" else 0,
        "failure": failure and {"code": failure, "message": failure, "may_retry": failure == "internal"},
        "pages": 12,
        "chunk_count": 41 if state == "ready" else 0,
        "may_change": True,
        "created_at": "2026-11-20T17:00:00Z",
        **more,
    }


def listed(*items: dict[str, Any]) -> dict[str, Any]:
    """The list."""
    return {"body": {"items": list(items), "next_cursor": None, "most_bytes": 20_000_000}}


FULL = listed(
    document(1, "Getting around Port Ellery"),
    document(2, "Job interviews: advice from Petra", "embedding", progress=62),
    document(3, "Scanned worksheet", "failed", failure="no_text"),
    document(4, "Course book, unit four", "failed", failure="internal"),
    document(5, "House rules of the language school", scope="organisation", may_change=False),
)
PASSAGE = {
    "id": CHUNK_ID,
    "document": document(1, "Getting around Port Ellery"),
    "position": 4,
    "page": 3,
    "heading": "Trams",
    "text": TEXT,
    "before": "You can reach every part of the town without a car.",
    "after": "After midnight the trams stop and night buses take over.",
}
FOUND = {"body": {"items": [{"source": SOURCE, "heading": "Trams", "text": TEXT, "score": 0.8}]}}


async def _search(page: Page) -> None:
    await page.locator("input[name=q]").fill("How much is a day ticket?")
    await page.keyboard.press("Enter")


async def _remove(page: Page) -> None:
    await page.get_by_test_id("remove").first.click()


def shelf(state: str, shows: str, answers: Answers, act: Act = nothing) -> Scene:
    """The page of documents in a state."""
    name = f"documents-{state}".rstrip("-")
    return Scene(name, shows, "/documents", answers=answers, act=act, tall=1_300)


KNOWLEDGE_PAGES: tuple[Scene, ...] = (
    shelf("", "[data-testid=documents]", {DOCUMENTS: FULL}),
    shelf("empty", "h2", {DOCUMENTS: listed()}),
    shelf("failed", "[data-testid=failure]", {DOCUMENTS: refusal(422, "invalid")}),
    shelf("found", "[data-testid=results] li", {DOCUMENTS: FULL, "GET /knowledge/search": FOUND}, _search),
    shelf("remove", "[data-testid=confirm]", {DOCUMENTS: FULL}, _remove),
    Scene(
        "passage",
        "[data-testid=passage]",
        f"/documents/{GUIDE_ID}/{CHUNK_ID}",
        answers={f"GET /documents/{GUIDE_ID}/chunks/{CHUNK_ID}": {"body": PASSAGE}},
    ),
    Scene(
        "transcript-sources",
        "[data-testid=sources]",
        f"/calls/{CALL_ID}",
        answers={
            f"GET /calls/{CALL_ID}/turns": {
                "body": {
                    "items": [*TURNS[:4], {**TURNS[4], "text": TEXT, "sources": [SOURCE]}],
                    "next_cursor": None,
                }
            }
        },
        tall=1_900,
    ),
)
