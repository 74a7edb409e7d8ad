"""Figures: the learner's own page and an instructor's view of a program, in every state."""

from datetime import date, timedelta
from typing import Any

from playwright.async_api import Page

from tests.e2e.answers import Answers, refusal
from tests.e2e.scene import Act, Scene, nothing

PROGRAM_ID = "00000000-0000-0000-0000-0000000000b1"
OWN = "GET /analytics/me"
LANGUAGE = "GET /analytics/me/language"
PROGRAM = f"GET /analytics/programs/{PROGRAM_ID}"
REFRESH = f"POST /analytics/programs/{PROGRAM_ID}/refresh"
MONDAYS = [date(2026, 8, 31) + timedelta(days=7 * number) for number in range(12)]
MINUTES = (0, 4.2, 11.5, 0, 18, 22.4, 9.1, 31, 27.7, 34.2, 12, 21.3)


def spoken(minutes: float) -> dict[str, Any]:
    """What was spoken in so many minutes."""
    return {
        "calls": round(minutes / 5),
        "minutes_spoken": minutes,
        "words_per_minute": 74 + minutes if minutes else None,
        "share_of_talk": round(0.3 + minutes / 150, 3) if minutes else None,
    }


def own(**more: Any) -> Answers:
    """Her figures."""
    weeks = [{"week": str(week), **spoken(each)} for week, each in zip(MONDAYS, MINUTES, strict=True)]
    body = {
        **spoken(191.4),
        "turns": 912,
        "last_activity_at": "2026-11-20T17:11:00Z",
        "week_minutes": 21.3,
        "month_minutes": 95.2,
        "trend": 0.25,
        "streak": {"days": 6, "longest": 11, "today": True, "forgiven": []},
        "weeks": weeks,
        "days": [],
    }
    return {OWN: {"body": body | more}, LANGUAGE: {"body": language()}}


def language(*, told: bool = True) -> dict[str, Any]:
    """What her language is like, as far as it is told."""
    words = (("A1", 412, 31), ("A2", 186, 44), ("B1", 71, 28), ("B2", 19, 9), ("C", 3, 1))
    examples = ("kitchen, sister, plum", "neighbour, borrow", "negotiate, nevertheless", "environment", "")
    levels = [
        {
            "level": level,
            "words": count if told else 0,
            "recent": recent if told else 0,
            "examples": [one for one in some.split(", ") if one] if told else [],
        }
        for (level, count, recent), some in zip(words, examples, strict=True)
    ]
    fluency = [
        {
            "week": str(week),
            "words_per_minute": 74.0 if told and each else None,
            "words_per_run": round(3 + number * 0.3, 1) if told and each else None,
            "pauses_per_minute": round(19 - number * 0.6, 1) if told and each else None,
            "mean_pause_s": round(1.4 - number * 0.03, 2) if told and each else None,
        }
        for number, (week, each) in enumerate(zip(MONDAYS, MINUTES, strict=True))
    ]
    slips = [
        {
            "week": str(week),
            "words": round(each * 80),
            "rates": {
                "grammar": round(6.1 - number * 0.3, 2),
                "word_choice": round(2 + number % 3 * 0.4, 2),
                "register": 0.4,
            }
            if told and each
            else None,
        }
        for number, (week, each) in enumerate(zip(MONDAYS, MINUTES, strict=True))
    ]
    vocabulary = {"words": 734 if told else 0, "beyond": 43 if told else 0, "levels": levels}
    return {"vocabulary": vocabulary, "fluency": fluency, "slips": slips}


def program(*told: bool, learners: int = 24) -> Answers:
    """A program's figures; of each week whether it is told."""
    weeks = [
        {
            "week": str(week),
            "figures": {**spoken(each * 12 + 40), "active_learners": 9 + number, "turns": 500}
            if one
            else None,
        }
        for number, (week, each, one) in enumerate(zip(MONDAYS, MINUTES, told, strict=True))
    ]
    total = spoken(sum(each * 12 + 40 for each, one in zip(MINUTES, told, strict=True) if one))
    body = {
        "program_id": PROGRAM_ID,
        "name": "English B1, evenings",
        "learners": learners,
        "smallest_group": 5,
        "reckoned_at": "2026-11-21T00:07:00Z" if any(told) else None,
        "weeks": weeks,
        "total": {**total, "words_per_minute": 91.4, "share_of_talk": 0.52} if any(told) else None,
    }
    return {PROGRAM: {"body": body}, REFRESH: {"status": 202, "body": {"queued": True}}}


SOME = (True, True, False, True, True, True, False, True, True, True, True, True)


def press(selector: str) -> Act:
    """Presses the first such control."""

    async def act(page: Page) -> None:
        await page.locator(selector).first.click()

    return act


def learner(state: str, shows: str, answers: Answers, act: Act = nothing) -> Scene:
    """Her own page in a state."""
    name = f"progress-{state}".rstrip("-")
    return Scene(name, shows, "/progress", answers=answers, act=act, tall=2_400)


def group(state: str, shows: str, answers: Answers, act: Act = nothing) -> Scene:
    """A program's page in a state."""
    name = f"program-{state}".rstrip("-")
    path = f"/review/programs/{PROGRAM_ID}"
    return Scene(name, shows, path, answers=answers, act=act, tall=1_100)


PLOT = "[data-testid=week-plot]"
TABLE = "[data-testid=week-table]"
PROGRESS_PAGES = (
    learner("", PLOT, own()),
    learner(
        "table",
        TABLE,
        own(trend=-0.1, streak={"days": 3, "longest": 3, "today": False, "forgiven": []})
        | {LANGUAGE: {"body": language(told=False)}},
        press("summary"),
    ),
    learner("pace", PLOT, own(trend=None), press("[data-testid=measure] label:nth-child(2)")),
    learner("empty", "main a[href='/']", own(calls=0, last_activity_at=None)),
    learner("loading", "[data-testid=loading]", {OWN: None}),
    learner("failed", "[data-testid=failure]", {OWN: refusal(500, "internal_error")}),
    group("", "[data-testid=program-figures]", program(*SOME)),
    group("table", TABLE, program(*SOME), press("summary")),
    group("withheld", "[data-testid=all-withheld]", program(*(False,) * 12, learners=4)),
    group("busy", "[aria-busy]", program(*SOME) | {REFRESH: None}, press("[data-testid=refresh]")),
    group(
        "refused",
        "footer [role=status]",
        program(*SOME) | {REFRESH: refusal(429, "rate_limited", **{"Retry-After": "600"})},
        press("[data-testid=refresh]"),
    ),
    group("missing", "main h1", {PROGRAM: refusal(404, "not_found")}),
    group("loading", "[data-testid=loading]", {PROGRAM: None}),
    group("failed", "[data-testid=failure]", {PROGRAM: refusal(500, "internal_error")}),
)
