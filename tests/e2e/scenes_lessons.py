"""Lessons: the catalogue, one lesson, and what a learner can do."""

from playwright.async_api import Page

from tests.e2e.answers import CALL_ID, Answers, refusal
from tests.e2e.answers_lessons import CATALOGUE, CURRENT, DOCTOR, LIST, attempt, lessons
from tests.e2e.scene import Act, Scene, nothing

LESSON = f"/lessons/{DOCTOR['id']}"
START = f"POST {LESSON}/start"


def scene(
    name: str, path: str, shows: str, *, answers: Answers | None = None, act: Act = nothing, tall: int = 1_500
) -> Scene:
    """A page about lessons."""
    return Scene(name, shows, path, answers={**CATALOGUE, **(answers or {})}, act=act, tall=tall)


def taken(open_call: str | None) -> Answers:
    """The lesson was taken up, in a call or out of one."""
    body = {
        "attempt": attempt("open"),
        "resumed": True,
        "takes_effect": "after_this_call" if open_call else "next_call",
        "open_call_id": open_call,
    }
    return {START: {"body": body}}


async def _start(page: Page) -> None:
    await page.get_by_test_id("start").click()


NEXT: Answers = {CURRENT: {"body": {"attempt": attempt("open")}}}
LESSON_PAGES = (
    scene("lessons", "/lessons", "[data-testid=current-lesson]", answers=NEXT, tall=1_900),
    scene(
        "lessons-none-found", "/lessons?q=zebra&level=B2", "main section button",
        answers={LIST: lessons()}, tall=900,
    ),
    scene(
        "lessons-failed", "/lessons?level=A1", "[data-testid=failure]",
        answers={LIST: refusal(500, "internal_error")}, tall=900,
    ),
    scene("lesson", LESSON, "[data-testid=result]", tall=2_600),
    scene(
        "lesson-in-call", LESSON, "[data-testid=after-this-call]", answers=taken(CALL_ID), act=_start,
        tall=900,
    ),
    scene("objectives", "/lessons/objectives", "[data-testid=objectives]"),
)  # fmt: skip
