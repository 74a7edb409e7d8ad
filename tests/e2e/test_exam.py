"""A whole mock exam in the browser: chosen, sat with recorded answers, reloaded in the long turn, judged."""

import asyncio
from itertools import cycle

import asyncpg
from playwright.async_api import Page, expect

from infra.bench.recordings import Utterance
from infra.stack.embedded import RunningStack
from tests.e2e.screen import CALL_WITHIN_MS, Screen

LONG_TURN = 5
"""The schedule's sixth phase: the two pictures are spoken about."""
OVER_WITHIN_S = 240.0
JUDGED_WITHIN_MS = 300_000
RELOADED = "reloaded"
NOTE_PHASES = """
const seen = JSON.parse(sessionStorage.getItem("phases") ?? "[]");
const note = (what) => {
  if (what === seen.at(-1)) return;
  seen.push(what);
  sessionStorage.setItem("phases", JSON.stringify(seen));
};
if (seen.length > 0) note("reloaded");
new MutationObserver(() => {
  const area = document.querySelector("[data-testid=exam-area]");
  if (area !== null && area.dataset.paused === "false") note(Number(area.dataset.phaseIndex));
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""Keeps, over reloads, which phases the page has shown."""


async def record_of(stack: RunningStack, attempt_id: str) -> tuple[str, list[str], int]:
    """How an attempt stands as the API keeps it, what moved its clock, and how many answers were recorded."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        state = await connection.fetchval("SELECT state FROM exam_attempts WHERE id = $1", attempt_id)
        rows = await connection.fetch(
            "SELECT kind, call_id FROM exam_events WHERE attempt_id = $1 ORDER BY number", attempt_id
        )
        answers = await connection.fetchval(
            "SELECT count(*) FROM turns WHERE call_id = $1 AND role = 'learner'", rows[0]["call_id"]
        )
    finally:
        await connection.close()
    return state, [row["kind"] for row in rows], answers


async def begin_exam(page: Page) -> None:
    """Chooses the exam, lets its sound be held until it is judged, and comes to its call."""
    await page.goto("/exams/b1-b2")
    await page.get_by_role("radio", name="Hold it until it is scored").check()
    await page.get_by_test_id("start-exam").click()
    await expect(page.get_by_test_id("open-exam")).to_be_visible(timeout=CALL_WITHIN_MS)


async def speak_until_over(page: Page, utterances: list[Utterance]) -> None:
    """Says one thing after the other until the exam's panel is gone."""
    screen, area = Screen(page), page.get_by_test_id("exam-area")
    async with asyncio.timeout(OVER_WITHIN_S):
        for utterance in cycle(utterances):
            if not await area.is_visible():
                return
            await screen.say(utterance)


async def test_a_whole_exam_is_sat_and_goes_on_after_a_reload_in_the_long_turn(
    page: Page, stack: RunningStack, voices: list[Utterance]
) -> None:
    screen, area = Screen(page), page.get_by_test_id("exam-area")
    await page.add_init_script(NOTE_PHASES)
    await screen.sign_up()
    await begin_exam(page)
    await screen.call_button.click()
    await expect(area).to_have_attribute("data-phase-index", "3", timeout=CALL_WITHIN_MS)
    await expect(page.get_by_test_id("commands")).to_have_count(0)
    await screen.say(voices[0])
    await expect(area).to_have_attribute("data-phase-index", str(LONG_TURN), timeout=CALL_WITHIN_MS)
    await page.reload()
    await expect(page.get_by_test_id("visual")).to_have_count(2, timeout=CALL_WITHIN_MS)
    await speak_until_over(page, voices)

    results = page.get_by_test_id("exam-results")
    await expect(results).to_be_visible(timeout=CALL_WITHIN_MS)
    seen: list[int | str] = await page.evaluate("JSON.parse(sessionStorage.getItem('phases'))")
    before, after = list(range(LONG_TURN + 1)), [one for one in seen if isinstance(one, int)][-1]
    assert seen == [*before, RELOADED, *range(LONG_TURN, after + 1)]
    await results.click()
    state, events, answers = await record_of(stack, page.url.rpartition("/")[2])
    assert (state, events) == ("finished", ["started", "left", "returned"])
    assert answers >= len(before)
    judged = page.get_by_test_id("verdict").or_(page.get_by_test_id("refused")).first
    await expect(judged).to_be_visible(timeout=JUDGED_WITHIN_MS)
