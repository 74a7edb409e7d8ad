"""One call, several pages, two tabs, on a device whose clock is years ahead."""

import datetime

from playwright.async_api import Page, expect

from infra.bench.recordings import Utterance
from infra.stack.embedded import RunningStack
from tests.e2e.screen import CALL_WITHIN_MS, Screen
from tests.support.records import stored_calls

YEARS_AHEAD = datetime.timedelta(days=3 * 365)


async def test_call_outlives_other_pages_and_moves_to_another_tab(
    page: Page, stack: RunningStack, voices: list[Utterance]
) -> None:
    await page.context.clock.set_system_time(datetime.datetime.now(datetime.UTC) + YEARS_AHEAD)
    screen = Screen(page)
    await screen.sign_up()
    await screen.start_call()
    for name in ("Check your microphone", "Help"):
        await page.get_by_test_id("settings").click()
        await page.get_by_test_id("settings-panel").get_by_role("link", name=name).click()
        await expect(page.locator("main h1")).to_be_visible(timeout=CALL_WITHIN_MS)
        await page.get_by_role("link", name="You are in a call").click()
    await screen.say_and_hear(voices[6])

    other = await page.context.new_page()
    second = Screen(other)
    await other.goto("/")
    await expect(other.get_by_test_id("call-elsewhere")).to_be_visible(timeout=CALL_WITHIN_MS)
    await expect(second.call_button).to_have_text("Go on with the call")
    await second.call_button.click()
    await second.in_call()
    await expect(page.get_by_test_id("problem-other_tab")).to_be_visible(timeout=CALL_WITHIN_MS)
    await second.hang_up()
    assert len(await stored_calls(stack.database_url, screen.email)) == 1, "the other tab opened another call"
