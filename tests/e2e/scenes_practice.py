"""Practice: what it earned, reviewing one thing after the other, and everything that comes back."""

from datetime import date, timedelta
from typing import Any

from playwright.async_api import Page

from tests.e2e.answers import CALL_ID, Answers, refusal
from tests.e2e.scene import Act, Scene, nothing

TODAY = date(2026, 11, 21)
DUE = "GET /reviews/due"
OVERVIEW = "GET /practice"
SUMMARY = "GET /reviews/summary"


def item(number: int, kind: str, cue: str, answer: str, note: str, **more: Any) -> dict[str, Any]:
    """Something that comes back."""
    return {
        "id": f"00000000-0000-0000-0000-00000000e00{number}",
        "kind": kind,
        "cue": cue,
        "answer": answer,
        "note": note,
        "category": "grammar" if kind == "correction" else None,
        "call_id": CALL_ID if kind == "correction" else None,
        "turn_id": None,
        "times_made": 2 if number == 1 else 1,
        "due_at": "2026-11-20T23:00:00Z",
        "last_review_at": None,
        "suspended_at": None,
        "created_at": "2026-11-18T17:10:00Z",
        **more,
    }


ITEMS = [
    item(
        1,
        "correction",
        "We buyed plums at the market.",
        "We bought plums at the market.",
        '"Buy" changes in the past: bought.',
    ),
    item(
        2,
        "phrase",
        "You would like something, and you say it politely.",
        "I'd like ..., please.",
        "I'd like a coffee, please.",
    ),
    item(3, "word", "Having a lot to do.", "busy", ""),
]
BADGES = (
    ("first-call", "calls", 1, 1), ("first-lesson", "lessons", 1, 1), ("first-review", "reviews", 1, 1),
    ("streak-7", "streak", 7, 7), ("minutes-60", "minutes", 60, 60), ("reviews-100", "reviews", 100, 64),
    ("mended-10", "mended", 10, 4), ("lessons-10", "lessons", 10, 3), ("streak-30", "streak", 30, 11),
    ("minutes-600", "minutes", 600, 191),
)  # fmt: skip


def overview(*, due: int = 3, spoken: float = 21.3, reached: bool = True) -> Answers:
    """How her practice stands."""
    share = (0, 4.2, 0, 11, 6.1, 0, 0)
    badges = [
        {
            "key": key,
            "measure": measure,
            "at_least": most,
            "reached": have if reached else 0,
            "earned_at": "2026-11-12T18:00:00Z" if reached and have == most else None,
        }
        for key, measure, most, have in BADGES
    ]
    days = [
        {"day": str(TODAY - timedelta(days=5 - number)), "minutes": each if spoken else 0}
        for number, each in enumerate(share)
    ]
    body = {
        "time_zone": "Europe/Madrid",
        "streak": {"days": 6, "longest": 11, "today": False, "forgiven": ["2026-11-17"]}
        if reached
        else {"days": 0, "longest": 0, "today": False, "forgiven": []},
        "week": {"minutes": spoken, "goal_minutes": 30, "days": days},
        "points": {"total": 2_364 if reached else 0, "week": 288 if reached else 0},
        "badges": badges,
        "due": due,
    }
    forecast = [
        {"day": str(TODAY + timedelta(days=number)), "due": each if reached else 0}
        for number, each in enumerate((due, 2, 0, 5, 1, 0, 3))
    ]
    summary = {
        "total": 42 if reached else 0,
        "due": due,
        "suspended": 1,
        "next_due_at": "2026-11-24T23:00:00Z" if reached else None,
        "forecast": forecast,
    }
    return {OVERVIEW: {"body": body}, SUMMARY: {"body": summary}}


def due(*items: dict[str, Any], coming: str | None = None) -> Answers:
    """What is due."""
    return {DUE: {"body": {"items": list(items), "due": len(items), "next_due_at": coming}}}


SAID = {
    "heard": "We buyed plums at market.",
    "verdict": "close",
    "words": [
        {"text": word, "said": word not in {"bought", "the"}}
        for word in ("We", "bought", "plums", "at", "the", "market.")
    ],
}


async def typed(page: Page) -> None:
    """Types an answer that is close."""
    await page.get_by_test_id("type").click()
    await page.locator("[data-testid=card] input").fill("We buyed plums at market.")
    await page.get_by_test_id("check").click()


def practice(state: str, shows: str, answers: Answers, *, path: str = "", act: Act = nothing) -> Scene:
    """A page of practice in a state."""
    name = f"practice-{state}".rstrip("-")
    return Scene(name, shows, f"/practice{path}", answers=answers, act=act, tall=1_300)


PAGE: Answers = {"GET /reviews": {"body": {"items": ITEMS, "next_cursor": None}}}
TYPED: Answers = {f"POST /reviews/{ITEMS[0]['id']}/typed": {"body": SAID}}
PRACTICE_PAGES = (
    practice("", "[data-testid=forecast]", overview()),
    practice("new", "[data-testid=badges]", overview(due=0, spoken=0, reached=False)),
    practice("failed", "[data-testid=failure]", {OVERVIEW: refusal(500, "internal_error")}),
    practice("card", "[data-testid=card]", due(*ITEMS), path="/review"),
    practice("answer", "[data-testid=grades]", due(*ITEMS) | TYPED, path="/review", act=typed),
    practice("nothing-due", "[data-testid=finished]", due(coming="2026-11-24T23:00:00Z"), path="/review"),
    practice("items", "[data-testid=items]", PAGE, path="/items"),
)
