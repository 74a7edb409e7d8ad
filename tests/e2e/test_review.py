"""An instructor listens in, then hears a turn of the call and comments; the learner sees all of it."""

from uuid import uuid4

import asyncpg
from playwright.async_api import Browser, Page, expect

from infra.bench.recordings import Utterance
from infra.stack.embedded import RunningStack
from tests.e2e.browser import new_page
from tests.e2e.screen import SOUND, Screen

READY_MS = 60_000
COMMENT = "Well told. <b>Next time</b> use the past tense & ask something back."
LISTEN = """() => {
  const audio = document.querySelector("[data-testid=player] audio");
  const context = new AudioContext();
  const ear = context.createAnalyser();
  context.createMediaElementSource(audio).connect(ear);
  ear.connect(context.destination);
  const samples = new Float32Array(ear.fftSize);
  window.__heard = { loudest: 0, first: null, last: 0 };
  setInterval(() => {
    if (audio.paused) return;
    ear.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    window.__heard.loudest = Math.max(window.__heard.loudest, Math.sqrt(power));
    window.__heard.first ??= audio.currentTime;
    window.__heard.last = audio.currentTime;
  }, 50);
}"""
"""Notes where the player plays, and how loud it is there."""


async def enrol(stack: RunningStack, learner: str, instructor: str) -> None:
    """Make a school of which both are, with a program that one learns and the other teaches in."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        school, program = uuid4(), uuid4()
        await connection.execute(
            "INSERT INTO organisations (id, name, kind) VALUES ($1, 'Night School', 'school')", school
        )
        await connection.execute(
            "INSERT INTO programs (id, organisation_id, name, description) VALUES ($1, $2, 'Class', '')",
            program,
            school,
        )
        for email, role in ((learner, "learner"), (instructor, "instructor")):
            person = await connection.fetchval("SELECT id FROM users WHERE email = $1", email)
            await connection.execute(
                "INSERT INTO memberships (id, organisation_id, user_id, role, chosen_at)"
                " VALUES ($1, $2, $3, $4, now() + interval '1 second')",
                uuid4(),
                school,
                person,
                role,
            )
            await connection.execute(
                "INSERT INTO sessions (id, organisation_id, user_id, is_default, mode, summary,"
                " last_activity_at) VALUES ($1, $2, $3, true, 'conversation', '', now())",
                uuid4(),
                school,
                person,
            )
            await connection.execute(
                "INSERT INTO enrolments (id, organisation_id, program_id, user_id, role)"
                " VALUES ($1, $2, $3, $4, $5)",
                uuid4(),
                school,
                program,
                person,
                role,
            )
    finally:
        await connection.close()


async def hears_third_turn(page: Page) -> None:
    """Plays the third turn: the player is at its place, and it can be heard."""
    await expect(page.locator("[data-testid=player][data-state=ready]")).to_be_visible(timeout=READY_MS)
    third = page.get_by_test_id("turns").locator("li[data-index='2']")
    await expect(third.get_by_test_id("turn-play")).to_be_visible(timeout=READY_MS)
    call_id = page.url.rsplit("/", 1)[1]
    span = await page.evaluate(
        """async (call) => {
          const get = async (path) => (await fetch(`/api/v1${path}`)).json();
          const turn = (await get(`/review/calls/${call}/turns`)).items[2];
          const { started_at } = await get(`/calls/${call}/recording`);
          const begun = Date.parse(started_at);
          return [turn.started_at, turn.ended_at].map((at) => (Date.parse(at) - begun) / 1000);
        }""",
        call_id,
    )
    await page.evaluate(LISTEN)
    await third.get_by_test_id("turn-play").click()
    await page.wait_for_function(
        "([start, sound]) => __heard.last > start + 0.3 && __heard.loudest > sound",
        arg=[max(0.0, span[0]), SOUND],
        timeout=READY_MS,
    )
    heard = await page.evaluate("__heard")
    assert span[0] - 0.5 <= heard["first"] <= span[1], (span, heard)


async def listens_in(desk: Page, learner: Screen, utterance: Utterance) -> None:
    """Hears the call that goes on, once the learner allows it; the learner sees it for as long."""
    button, told = desk.get_by_test_id("listen"), learner.page.get_by_test_id("listened")
    await button.click()
    await expect(desk.get_by_test_id("listen-in").get_by_role("alert")).to_be_visible(timeout=READY_MS)
    allowed = await learner.page.evaluate(
        "async () => (await fetch('/api/v1/users/me/listening', { method: 'PUT',"
        " headers: { 'Content-Type': 'application/json' }, body: '{\"allowed\": true}' })).ok"
    )
    assert allowed
    await expect(told).to_have_count(0)
    await button.click()
    await expect(button).to_have_attribute("data-listening", "true", timeout=READY_MS)
    await expect(told).to_be_visible(timeout=READY_MS)
    since = await desk.evaluate("__ear.now()")
    await learner.say_and_hear(utterance)
    assert await desk.evaluate("since => __ear.loudest(since)", since) > SOUND
    await button.click()
    await expect(told).to_have_count(0, timeout=READY_MS)


async def test_an_instructor_hears_a_turn_and_comments_and_the_learner_sees_it(
    page: Page, browser: Browser, stack: RunningStack, voices: list[Utterance]
) -> None:
    learner = Screen(page)
    await learner.sign_up("Maya")
    async with new_page(browser, stack.api_url) as desk:
        instructor = Screen(desk)
        await instructor.sign_up("Tom")
        await enrol(stack, learner.email, instructor.email)

        await page.reload()
        await page.get_by_test_id("recording-yes").click()
        await expect(page.get_by_test_id("recording-answered")).to_be_visible()
        await learner.start_call()
        await learner.say_and_hear(voices[0])

        await desk.goto("/review")
        await desk.get_by_test_id("learners").get_by_role("link", name="Maya").click()
        await desk.get_by_test_id("calls").get_by_role("link").first.click()
        await listens_in(desk, learner, voices[1])
        await learner.hang_up()
        await hears_third_turn(desk)

        third = desk.get_by_test_id("turns").locator("li[data-index='2']")
        await third.get_by_test_id("turn-comment").click()
        await third.locator("textarea").fill(COMMENT)
        await third.locator("button[type=submit]").click()
        await expect(third.get_by_test_id("thread")).to_contain_text(COMMENT, timeout=READY_MS)

    await page.reload()
    await expect(page.get_by_test_id("news")).to_be_visible(timeout=READY_MS)
    await page.goto("/history")
    await page.get_by_test_id("comments").get_by_role("link").first.click()
    await expect(page.get_by_test_id("feedback")).to_contain_text(COMMENT, timeout=READY_MS)
    await expect(page.get_by_test_id("feedback")).to_contain_text("Tom")
