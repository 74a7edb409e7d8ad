"""Other ways into a call: no microphone, no place, no mouse, another language, a small screen."""

from contextlib import AsyncExitStack
from typing import cast

import asyncpg
import pytest
from livekit import api as lkapi
from playwright.async_api import Browser, Page, Playwright, expect

from infra.bench.calls import own_call, recorded_turns
from infra.stack.embedded import RunningStack
from tests.e2e.browser import FAKE_DEVICE, FAKE_PERMISSION, launch, new_page
from tests.e2e.screen import CALL_WITHIN_MS, Screen
from tests.support.waiting import until

MAX_CALLS = 4
"""Places of the stack under test, its default."""

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


OUT_OF_VIEW = """id => {
    const box = document.querySelector(`[data-testid=${id}]`).getBoundingClientRect();
    const across = box.width > 0 && box.left < innerWidth && box.right > 0;
    const along = box.height > 0 && box.top < innerHeight && box.bottom > 0;
    return across && along ? null : `${id} at ${box.left},${box.top} of ${innerWidth},${innerHeight}`;
}"""
"""Where a control is that is not on screen; by its place, as a page may wait long for its next picture."""


async def out_of_view(page: Page, control: str) -> str | None:
    """Says where a control is, if it is not on screen."""
    await expect(page.get_by_test_id(control)).to_be_visible()
    return cast("str | None", await page.evaluate(OUT_OF_VIEW, control))


async def type_instead(screen: Screen) -> None:
    await screen.page.get_by_role("button", name="Type instead").click()
    await screen.in_call()
    await screen.page.get_by_test_id("message-box").fill("I like green tea.")
    await screen.page.get_by_role("button", name="Send").click()
    await expect(screen.captions("learner")).to_have_count(1)
    await expect(screen.captions("coach").nth(1)).to_be_visible(timeout=CALL_WITHIN_MS)
    await screen.hang_up()


@pytest.mark.parametrize(
    ("flags", "problem"), [(FAKE_DEVICE, "permission_denied"), (FAKE_PERMISSION, "no_microphone")]
)
async def test_without_a_microphone_the_learner_is_told_and_can_type(
    playwright: Playwright, chromium: str, stack: RunningStack, flags: tuple[str, ...], problem: str
) -> None:
    browser = await launch(playwright, chromium, flags)
    try:
        async with new_page(browser, stack.api_url) as page:
            screen = Screen(page)
            await screen.sign_up()
            await screen.call_button.click()
            await expect(page.get_by_test_id(f"problem-{problem}")).to_be_visible(timeout=CALL_WITHIN_MS)
            await type_instead(screen)
    finally:
        await browser.close()


async def test_full_server_says_so_until_a_place_is_free(page: Page, stack: RunningStack) -> None:
    screen = Screen(page)
    await screen.sign_up()
    await end_other_calls(stack)
    async with AsyncExitStack() as calls:
        others = [await calls.enter_async_context(own_call(stack.api_url)) for _ in range(MAX_CALLS)]
        for other in others:
            assert await other.first_sound_after(other.pressed, limit=60.0), "no coach for another learner"
        await screen.call_button.click()
        shown = page.get_by_test_id("problem-server_full")
        await expect(shown).to_be_visible(timeout=CALL_WITHIN_MS)
        await others[0].hang_up()
        await recorded_turns(others[0].account)
        await shown.get_by_role("button", name="Try again").click()
        await screen.in_call()
        await screen.hang_up()


async def end_other_calls(stack: RunningStack) -> None:
    """What earlier tests left open takes no place here."""
    address = stack.livekit_url.replace("ws://", "http://")
    async with lkapi.LiveKitAPI(address, stack.livekit_key, stack.livekit_secret) as livekit:
        for room in (await livekit.room.list_rooms(lkapi.ListRoomsRequest())).rooms:
            await livekit.room.delete_room(lkapi.DeleteRoomRequest(room=room.name))
    database = await asyncpg.connect(stack.database_url)

    async def none_open() -> bool:
        return not await database.fetchval("SELECT count(*) FROM calls WHERE ended_at IS NULL")

    try:
        await until(none_open)
    finally:
        await database.close()


async def test_language_is_switched_and_kept(page: Page) -> None:
    screen = Screen(page)
    await screen.sign_up()
    await expect(page.get_by_role("button", name="Start talking")).to_be_visible()
    await page.get_by_role("button", name="Settings and account").click()
    await page.get_by_role("radio", name="Español").click()
    await expect(page.locator("html")).to_have_attribute("lang", "es")
    await expect(page.get_by_role("button", name="Start talking")).to_have_count(0)
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("lang", "es")
    await expect(screen.call_button).not_to_have_text("Start talking")


async def test_a_call_by_keyboard_only(page: Page) -> None:
    screen = Screen(page)
    await screen.sign_up()
    await focus_by_tab(page, "call-button")
    await page.keyboard.press("Enter")
    await screen.in_call()
    await page.keyboard.press("Alt+m")
    await expect(page.get_by_test_id("mute")).to_have_attribute("aria-pressed", "true")
    await focus_by_tab(page, "message-box")
    await page.keyboard.type("I have two brothers.")
    await page.keyboard.press("Enter")
    await expect(screen.captions("learner")).to_have_count(1)
    await expect(screen.captions("coach").nth(1)).to_be_visible(timeout=CALL_WITHIN_MS)
    await expect(screen.captions("coach").first).to_contain_text("AI")
    await focus_by_tab(page, "call-button")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("call-ended")).to_be_visible()


async def focus_by_tab(page: Page, test_id: str) -> None:
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement?.dataset.testid ?? ''") == test_id:
            return
    pytest.fail(f"{test_id} cannot be reached by the Tab key")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_fits_into_360_pixels(browser: Browser, stack: RunningStack, scheme: str) -> None:
    small = {"width": 360, "height": 740}
    async with new_page(browser, stack.api_url, speaking=True, viewport=small, color_scheme=scheme) as page:
        screen = Screen(page)
        await screen.sign_up()
        assert await page.evaluate(FITS)
        await page.get_by_role("button", name="Don't record").click()  # what is asked first stands before it
        await expect(page.get_by_test_id("recording-answered")).to_be_visible()
        assert await out_of_view(page, "call-button") is None
        await screen.start_call()
        assert await page.evaluate(FITS)
        for control in ("call-button", "mute", "message-box"):
            assert await out_of_view(page, control) is None
        await screen.hang_up()
        await page.goto("/history")
        await expect(page.get_by_test_id("calls")).to_be_visible()
        assert await page.evaluate(FITS)
