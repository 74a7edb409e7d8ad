"""A learner's own text: brought, made a lesson, talked through, a slip in it corrected, and due next day."""

from collections.abc import Awaitable

import asyncpg
from fpdf import FPDF
from playwright.async_api import Page, expect

from infra.bench.recordings import Utterance
from infra.stack.embedded import RunningStack
from tests.e2e.screen import CALL_WITHIN_MS, Screen
from tests.support.lesson import until_async

READ_WITHIN_MS = 60_000
CORRECTED_WITHIN_MS = 60_000
TEXT = (
    "My city is very old and lies near a river. "
    "The train to the beach takes about an hour and leaves from the old station. "
    "The beach is quiet and beautiful in spring, and in summer it is full of families. "
    "In winter many people go to the mountains with their friends. "
    "The new library near the river opens at nine and has a small garden. "
    "A bigger kitchen for the school was built last year by the parents."
)
BEGUN_WITH = "Yes, I play the guitar."
SPOKEN = (
    "My city is big and very old.",
    "The beach was beautiful and quiet.",
    "The train takes about an hour.",
    "In winter we go to the mountains.",
    "I like swimming because it is relaxing.",
    "I study in the library after lunch.",
)
"""The first steps of the lesson are spoken."""
MOST_SKIPPED = 4
"""Of its steps, after those that were spoken."""
MISTAKE = "Yesterday my friend don't like the beach."
PLANTED, BETTER = "don't", "didn't"


def pdf_of(text: str) -> bytes:
    """A document as people have them."""
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=14)
    document.multi_cell(0, 8, text)
    return bytes(document.output())


async def a_day_passes(stack: RunningStack, email: str) -> None:
    """Once the planted mistake is among what a learner is to review, moves all of it a day nearer."""
    connection = await asyncpg.connect(stack.database_url)
    own = (
        "SELECT true FROM review_items, users WHERE users.id = review_items.user_id"
        " AND users.email = $1 AND answer LIKE $2"
    )

    async def kept() -> bool:
        return bool(await connection.fetchval(own, email, f"%{BETTER}%"))

    try:
        assert await until_async(kept, limit=READ_WITHIN_MS / 1000), "the mistake is not to be reviewed"
        await connection.execute(
            "UPDATE review_items SET due_at = due_at - interval '1 day' FROM users"
            " WHERE users.id = review_items.user_id AND users.email = $1",
            email,
        )
    finally:
        await connection.close()


async def answered(screen: Screen, turn: Awaitable[object]) -> None:
    """A turn of the learner's, and the coach's words after it, to their end."""
    before = await screen.captions("coach").count()
    await turn
    await expect(screen.captions("coach").nth(before)).to_be_visible(timeout=CALL_WITHIN_MS)
    await screen.quiet()


async def talk_to_the_end(page: Page, utterances: list[Utterance]) -> None:
    """Speaks, and skips what is left of the lesson."""
    screen, over = Screen(page), page.get_by_test_id("lesson-over")
    for utterance in utterances:
        if await over.is_visible():
            return
        await answered(screen, screen.say(utterance))
    for _ in range(MOST_SKIPPED):
        if await over.is_visible():
            return
        await answered(screen, skip(page))
    await expect(over).to_be_visible()


async def skip(page: Page) -> None:
    """Goes on to the next step."""
    await page.get_by_role("button", name="Skip", exact=True).click()


async def type_message(page: Page, text: str) -> None:
    """Types to the coach."""
    box = page.get_by_test_id("message-box")
    await box.fill(text)
    await box.press("Enter")


async def test_a_learners_text_becomes_a_lesson_that_is_talked_through_and_reviewed(
    page: Page, stack: RunningStack, voices: list[Utterance]
) -> None:
    said = {one.text: one for one in voices}
    screen = Screen(page)
    await screen.sign_up()
    await page.goto("/documents")
    await page.get_by_test_id("files").set_input_files(
        {"name": "My city.pdf", "mimeType": "application/pdf", "buffer": pdf_of(TEXT)}
    )
    quick = page.get_by_test_id("quick-lesson")
    await expect(quick).to_be_visible(timeout=READ_WITHIN_MS)
    await quick.click()
    await expect(screen.call_button).to_be_visible(timeout=CALL_WITHIN_MS)

    await answered(screen, screen.call_button.click())
    await expect(page.get_by_test_id("lesson-area")).to_be_visible(timeout=CALL_WITHIN_MS)
    await answered(screen, screen.say(said[BEGUN_WITH]))
    await answered(screen, skip(page))
    await answered(screen, type_message(page, MISTAKE))
    await talk_to_the_end(page, [said[text] for text in SPOKEN])
    chip = page.get_by_test_id("caption-sources").get_by_role("button").first
    await expect(chip).to_contain_text("My city")
    await chip.click()
    await expect(page.get_by_test_id("passage")).to_contain_text("takes about an hour")

    noted = page.get_by_test_id("caption-corrections").filter(has_text=BETTER).first
    await expect(noted).to_be_visible(timeout=CORRECTED_WITHIN_MS)
    await screen.hang_up()

    await page.get_by_test_id("transcript-link").click(timeout=CALL_WITHIN_MS)
    await expect(page.get_by_test_id("turns")).to_contain_text("river", timeout=READ_WITHIN_MS)
    await expect(page.get_by_test_id("sources").first).to_be_visible(timeout=READ_WITHIN_MS)
    await expect(page.get_by_test_id("turn-corrections").first).to_contain_text(
        BETTER, timeout=CORRECTED_WITHIN_MS
    )

    await expect_due(page, stack, screen.email)


async def expect_due(page: Page, stack: RunningStack, email: str) -> None:
    """Next day the learner's own sentence is among the reviews, and its answer is the better one."""
    await a_day_passes(stack, email)
    await page.goto("/practice")
    await page.get_by_test_id("start-review").click()
    for _ in range(20):
        card = page.get_by_test_id("card")
        await expect(card).to_be_visible()
        own = PLANTED in await card.inner_text()
        await page.get_by_test_id("show").click()
        answer = page.get_by_test_id("answer")
        await expect(answer).to_be_visible()
        if own:
            await expect(answer).to_contain_text(BETTER)
            return
        await page.get_by_test_id("grade-good").click()
        await expect(answer).to_be_hidden()
    raise AssertionError("the learner's own sentence is not due")
