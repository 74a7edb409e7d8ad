"""The report on a call, and what the coach remembers."""

from typing import Any

from playwright.async_api import Page

from tests.e2e.answers import CALLS, TURNS, Answers, refusal
from tests.e2e.answers_report import CLOSED_ID, HOSTILE, MEMORY, report
from tests.e2e.scene import Act, Scene, nothing

REPORT = f"GET /calls/{CLOSED_ID}/report"
REMEMBERED = "GET /users/me/memory"
CONVERSATION = "/account/conversation"


def on_report(state: str, shows: str, answer: dict[str, Any] | None) -> Scene:
    """A call that is over, with its report."""
    answers: Answers = {
        f"GET /calls/{CLOSED_ID}": {"body": CALLS[1]},
        f"GET /calls/{CLOSED_ID}/turns": {"body": {"items": TURNS, "next_cursor": None}},
        REPORT: answer,
    }
    return Scene(f"report-{state}", shows, f"/calls/{CLOSED_ID}", answers=answers, tall=1_900)


def on_memory(state: str, shows: str, answers: Answers, act: Act = nothing) -> Scene:
    """The account's page about the conversation."""
    name = f"memory-{state}" if state else "memory"
    return Scene(name, shows, CONVERSATION, answers=answers, act=act, tall=2_200)


async def _forget_all(page: Page) -> None:
    await page.get_by_test_id("forget-all").click()


VOICES: Answers = {
    "GET /users/me/preferences": {
        "body": {
            "patience": "balanced",
            "greeting_verbosity": "normal",
            "voice": "nova",
            "translation": True,
            "retention_days": None,
            "voices": ["alloy", "ash", "nova"],
        }
    }
}

REPORT_PAGES: tuple[Scene, ...] = (
    on_report("ready", "[data-testid=report-ready]", {"body": report(CLOSED_ID)}),
    on_report("pending", "[data-testid=report-pending]", {"body": report(CLOSED_ID, "pending")}),
    on_report(
        "refused",
        "[data-testid=report-refused]",
        {"body": report(CLOSED_ID, "refused", reason="too_little_said")},
    ),
    on_report("failed", "[data-testid=report-failed]", {"body": report(CLOSED_ID, "failed")}),
    on_report("unreadable", "[data-testid=failure]", refusal(422, "invalid")),
    on_report(
        "hostile",
        "[data-testid=report-ready]",
        {"body": report(CLOSED_ID, content=HOSTILE, written_by="tiny-model")},
    ),
    on_memory("", "[data-testid=memory]", {REMEMBERED: {"body": MEMORY}}),
    on_memory("empty", "#memory p", {REMEMBERED: {"body": {"items": [], "summary": ""}}}),
    on_memory("failed", "[data-testid=failure]", {REMEMBERED: refusal(422, "invalid")}),
    on_memory("forget-all", "[data-testid=confirm]", {REMEMBERED: {"body": MEMORY}}, _forget_all),
    on_memory("voices", "[data-testid=voice]", VOICES),
)
