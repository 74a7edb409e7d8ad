"""A lesson in a call: its panel, what it shows, the commands, and what stands under captions."""

import json
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.scene import Act, Scene, nothing

READY_MS = 60_000
DOCUMENT = "5f0c3c53-6f0a-4b7e-9a52-3c9f2f1f0d10"
CHUNK = "0f8f4a3e-58b1-4c0e-8a0e-6d1b9b7f2a11"
STEPS = ("Say hello", "Name and country", "Home and work", "This is me", "A new classmate", "One more time")


def lesson(running: int = 2, *, met: bool = True, state: str = "running") -> dict[str, Any]:
    """Where a lesson stands."""

    def of(number: int) -> str:
        if number < running:
            return "skipped" if number == 0 else "done"
        return "running" if number == running else "coming"

    return {
        "title": "Hello, my name is",
        "goal": "You can say who you are, where you are from and what you like.",
        "steps": [
            {"key": str(number), "title": title, "kind": "practise", "state": of(number)}
            for number, title in enumerate(STEPS)
        ],
        "instructions": "Tell me where you live, what you do and what you like."
        if running < len(STEPS)
        else None,
        "criteria": [
            {"key": "home", "says": "Say what kind of place you live in.", "met": met},
            {"key": "likes", "says": "Say what you like.", "met": False},
        ],
        "phrases": ["I'm from Peru.", "I live in a small town.", "I like music."],
        "support": "usual",
        "state": state,
    }


CARD: dict[str, Any] = {
    "key": "about-me",
    "kind": "card",
    "title": "About me",
    "description": "Four things to say.",
    "picture": None,
    "rows": [],
    "lines": ["My name is", "I'm from", "I'm a student. I work.", "I like"],
}
TABLE: dict[str, Any] = {
    **CARD,
    "kind": "table",
    "title": "Prices",
    "lines": [],
    "rows": [["Thing", "Price"], ["Tomatoes", "2.50"], ["Bread", "1.80"]],
}
SLIP: dict[str, Any] = {
    "start": 0,
    "end": 5,
    "original": "buyed",
    "replacement": "bought",
    "better": "I went to the market with my sister and we bought plums.",
    "category": "grammar",
    "rule": "irregular-past",
    "explanation": "The past of buy is bought.",
    "severity": "clear",
    "confidence": 0.95,
}
SOURCE: dict[str, Any] = {
    "chunk_id": CHUNK,
    "document_id": DOCUMENT,
    "title": "Plum cake for beginners.pdf",
    "page": 3,
}
SAID = "I went to the market with my sister and we buyed plums."
ANSWERED = "You bought plums, lovely. What are you going to make with them?"
PASSAGE = {
    "body": {
        "id": CHUNK,
        "document": {},
        "heading": "Plums",
        "page": 3,
        "position": 0,
        "text": "A plum cake needs a kilo of ripe plums, flour, butter, sugar and two eggs.",
        "before": "",
        "after": "",
    }
}


def shows(topic: str, value: object) -> str:
    """The room brings this to the screen."""
    return f"window.__room.events.onShown({topic!r}, {json.dumps(json.dumps(value))});"


def in_lesson(*shown: str, then: Act = nothing) -> Act:
    """A call with the coach there, a few words said, and these things shown."""

    async def act(page: Page) -> None:
        await page.get_by_test_id("call-button").click()
        await expect(page.get_by_test_id("call-button")).to_have_attribute(
            "data-phase", "in_call", timeout=READY_MS
        )
        said = (("a", False, "What did you do yesterday?"), ("b", True, SAID), ("c", False, ANSWERED))
        spoken = " ".join(
            f"room.says({name!r}, {str(learner).lower()}, {text!r});" for name, learner, text in said
        )
        await page.evaluate(
            f"() => {{ const room = window.__room; room.coach('listening'); {spoken} {' '.join(shown)} }}"
        )
        await then(page)

    return act


async def _open_notes(page: Page) -> None:
    await page.get_by_test_id("caption-corrections").locator("summary").click(timeout=READY_MS)
    await page.get_by_test_id("caption-sources").get_by_role("button").click(timeout=READY_MS)


async def _stop_once(page: Page) -> None:
    await page.get_by_test_id("lesson-area").wait_for(timeout=READY_MS)
    await page.locator("[data-command=stop]").click(timeout=READY_MS)


LESSON_CALL: tuple[Scene, ...] = (
    Scene(
        "lesson-card",
        "[data-testid=visual][data-kind=card]",
        act=in_lesson(shows("lesson", lesson()), shows("visual", CARD)),
    ),
    Scene(
        "lesson-table-stopping",
        "[data-command=stop]",
        act=in_lesson(shows("lesson", lesson(met=False)), shows("visual", TABLE), then=_stop_once),
    ),
    Scene(
        "lesson-completed",
        "[data-testid=lesson-over]",
        act=in_lesson(shows("lesson", lesson(len(STEPS), state="completed"))),
    ),
    Scene(
        "caption-notes",
        "[data-testid=passage]",
        answers={f"GET /documents/{DOCUMENT}/chunks/{CHUNK}": PASSAGE},
        act=in_lesson(
            shows("corrections", {"item_id": "i", "text": SAID, "corrections": [SLIP]}),
            shows("sources", {"item_id": "j", "text": ANSWERED, "sources": [SOURCE]}),
            then=_open_notes,
        ),
    ),
)
