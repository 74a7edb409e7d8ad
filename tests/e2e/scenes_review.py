"""The instructor's pages, and what learners see of what was written there."""

from playwright.async_api import Page, expect

from tests.e2e.answers import CALL_ID, TURNS, Answers, refusal, user
from tests.e2e.answers_review import (
    ASSIGNMENTS,
    COMMENTS,
    LEARNER_ID,
    REVIEWED,
    REVIEWED_ID,
    SCHOOL,
    SILENT,
    figures,
    learners,
    paged,
    programs,
    review,
)
from tests.e2e.scene import Act, Scene, nothing

LEARNERS = "/review"
LEARNER = f"/review/learners/{LEARNER_ID}"
CALL = f"/review/calls/{REVIEWED_ID}"


def scene(
    name: str,
    path: str,
    shows: str,
    *,
    answers: Answers | None = None,
    act: Act = nothing,
    tall: int | None = None,
) -> Scene:
    """A page as an instructor sees it."""
    return Scene(f"review-{name}", shows, path, answers={**SCHOOL, **(answers or {})}, act=act, tall=tall)


def press(*test_ids: str) -> Act:
    """Presses the first control of each name, one after the other."""

    async def act(page: Page) -> None:
        for test_id in test_ids:
            await page.get_by_test_id(test_id).first.click()

    return act


async def _search_nobody(page: Page) -> None:
    """The list is there; then somebody is searched who is not."""
    await expect(page.get_by_test_id("learners")).to_be_visible()
    none = {"items": [], "total": 0, "next_cursor": None}
    await page.evaluate("none => { window.__answers['GET /review/learners'] = { body: none } }", none)
    await page.locator("input[name=search]").fill("Zoe")


async def _mark_words(page: Page) -> None:
    """Marks some words of a turn and presses the key for a comment."""
    text = page.locator(f"[data-turn-text='{TURNS[1]['id']}']")
    await text.wait_for()
    await page.evaluate(
        "element => { const range = document.createRange(); const [first, , third] = element.children;"
        " range.setStart(first.firstChild, 0); range.setEnd(third.firstChild, third.textContent.length);"
        " getSelection().removeAllRanges(); getSelection().addRange(range); }",
        await text.element_handle(),
    )
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("c")


async def _keys(page: Page) -> None:
    await page.get_by_test_id("turns").wait_for()
    await page.keyboard.press("j")
    await page.keyboard.press("t")
    await page.keyboard.press("?")


async def _conflict(page: Page) -> None:
    """Changes a comment that somebody changed meanwhile."""
    thread = page.locator(f"[data-comment='{COMMENTS[1]['id']}']")
    await thread.get_by_role("button").first.click()
    changed = {**COMMENTS[1], "text": "Excellent: the past of 'buy'.", "version": 2}
    now = review(comments=[COMMENTS[0], changed, *COMMENTS[2:]])
    await page.evaluate(
        "([key, body]) => { window.__answers[key] = { body } }", [f"GET /review/calls/{REVIEWED_ID}", now]
    )
    await thread.locator("textarea").fill("Well done, the past of 'buy'!")
    await thread.locator("button[type=submit]").click()


async def _scroll_through(page: Page) -> None:
    """Scrolls through a long call; only what is in view is drawn."""
    turns = page.get_by_test_id("turns").locator("li")
    await turns.first.wait_for()
    await page.keyboard.press("j")
    await page.locator("#content").evaluate("box => { box.scrollTop = box.scrollHeight / 2 }")
    await turns.and_(page.locator("[data-index='300']")).wait_for()
    await page.locator("#content").evaluate("box => { box.scrollTop = 0 }")
    await turns.first.wait_for()
    assert await turns.count() < MOST_DRAWN


LONG_CALL = [
    {**TURNS[n % 2], "id": f"00000000-0000-0000-0001-{n:012}", "item_id": f"i{n}", "position": n}
    for n in range(600)
]
MOST_DRAWN = 60
UNREADABLE: Answers = {"GET /review/learners": refusal(422, "invalid")}

INSTRUCTOR = (
    scene("learners", LEARNERS, "[data-testid=learners]"),
    scene("learners-silent", LEARNERS, "[data-testid=learners]", answers=learners(*SILENT)),
    scene("learners-nobody-found", LEARNERS, "main h2", act=_search_nobody),
    scene("learners-none", LEARNERS, "main h2", answers=learners()),
    scene("learners-no-program", LEARNERS, "main h2", answers={**learners(), **programs()}),
    scene("learners-loading", LEARNERS, "[data-testid=loading]", answers={"GET /review/learners": None}),
    scene("learners-failed", LEARNERS, "[data-testid=failure]", answers=UNREADABLE),
    scene("refused", LEARNERS, "main h2", answers={"GET /review/learners": refusal(403, "forbidden")}),
    scene("learner", LEARNER, "[data-testid=assignments]", tall=1_700),
    scene("learner-assign", LEARNER, "[data-testid=assign-form]", act=press("assign"), tall=1_900),
    scene(
        "learner-new",
        LEARNER,
        "#assignments p",
        answers={
            f"GET /analytics/learners/{LEARNER_ID}": {"body": figures(0.0)},
            f"GET /review/learners/{LEARNER_ID}/calls": paged(),
            f"GET /review/learners/{LEARNER_ID}/assignments": paged(),
        },
    ),
    scene("call", CALL, "[data-testid=thread]", tall=1_900),
    scene("call-comment", CALL, "[data-testid=composer]", act=_mark_words, tall=1_500),
    scene("call-flag", CALL, "[data-testid=flag-form]", act=press("turn-flag"), tall=1_500),
    scene("call-conflict", CALL, "[data-testid=conflict]", act=_conflict, tall=1_900,
          answers={f"PATCH /review/comments/{COMMENTS[1]['id']}": refusal(409, "changed_meanwhile")}),
    scene("call-long", CALL, "[aria-current=true]", act=_scroll_through,
          answers={f"GET {CALL}/turns": {"body": {"items": LONG_CALL, "next_cursor": None}}}),
    scene("call-open", CALL, "[data-testid=listen-in] [role=alert]", act=press("listen"), answers={
        f"GET {CALL}": {"body": review(call={**REVIEWED, "state": "open", "ended_at": None})},
        f"POST {CALL}/listen": refusal(403, "listening_not_allowed"),
    }),
    scene("call-keys", CALL, "[data-testid=shortcuts]", act=_keys),
    scene("call-empty", CALL, "[data-testid=note]", answers={
        f"GET {CALL}": {"body": review(comments=[], flags=[], bookmarks=[])},
        f"GET {CALL}/turns": {"body": {"items": [], "next_cursor": None}},
    }),
    scene("call-missing", CALL, "main h1", answers={f"GET {CALL}": refusal(404, "not_found")}),
    scene("bookmarks", "/review/bookmarks", "[data-testid=bookmarks]"),
)  # fmt: skip

OWN_COMMENTS = [{**one, "call_id": CALL_ID, "mine": one["by_learner"], "new": True} for one in COMMENTS]
FEEDBACK: Answers = {
    "GET /users/me": {"body": user("und")},
    "GET /users/me/news": {"body": {"new_comments": 2, "open_assignments": 1, "due_reviews": 3}},
    "GET /users/me/assignments": paged(*ASSIGNMENTS),
    "GET /users/me/comments": paged(*(
        {"comment": one, "call_started_at": "2026-11-20T17:00:00Z", "words": words}
        for one, words in zip(OWN_COMMENTS[:2], ("", "plums"), strict=True)
    )),
    f"GET /users/me/calls/{CALL_ID}/comments": {"body": {"items": OWN_COMMENTS}},
    "POST /users/me/comments/read": {"status": 204},
}  # fmt: skip

LEARNERS_OWN = (
    Scene("feedback-history", "[data-testid=assignments]", "/history", answers=FEEDBACK, tall=1_900),
    Scene("feedback-transcript", "[data-testid=feedback]", f"/calls/{CALL_ID}", answers=FEEDBACK, tall=1_900),
    Scene(
        "feedback-answer", "textarea", f"/calls/{CALL_ID}", answers=FEEDBACK, act=press("answer"), tall=1_900
    ),
    Scene(
        "feedback-failed",
        "[data-testid=failure]",
        f"/calls/{CALL_ID}",
        answers={f"GET /users/me/calls/{CALL_ID}/comments": refusal(422, "invalid")},
    ),
)

REVIEW_PAGES: tuple[Scene, ...] = (*INSTRUCTOR, *LEARNERS_OWN)
