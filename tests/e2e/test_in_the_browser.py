"""What a browser does to a call and a session: other pages, the back button, no cookies, a wrong clock."""

import datetime

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.answers import CALL_ID
from tests.e2e.origin import Origin
from tests.e2e.test_pwa import WITHIN_MS, builds, device, origin, see, sign_in, start_call

__all__ = ["builds", "origin"]


async def same_room(page: Page) -> None:
    """The call is on, in the room it began in."""
    await expect(page.get_by_test_id("call-button")).to_have_attribute("data-phase", "in_call")
    assert await page.evaluate("window.__room === window.__begun && !window.__room.left")


async def begin(page: Page) -> None:
    """Starts a call and marks its room."""
    await start_call(page)
    await page.evaluate(
        "() => { const room = window.__room; window.__begun = room; room.coach('listening');"
        " room.disconnect = async () => { room.left = true; }; }"
    )


async def test_call_goes_on_while_the_learner_looks_at_other_pages(browser: Browser, origin: Origin) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await sign_in(page)
        await begin(page)
        for name in ("Check your microphone", "Help"):
            await page.get_by_test_id("settings").click()
            await page.get_by_test_id("settings-panel").get_by_role("link", name=name).click()
            await expect(page.locator("main h1")).to_be_visible(timeout=WITHIN_MS)
            await page.get_by_role("link", name="You are in a call").click()
            await same_room(page)
        await page.get_by_role("link", name="Past calls").click()
        await expect(page.get_by_test_id("calls")).to_be_visible(timeout=WITHIN_MS)
        await page.go_back()
        await same_room(page)


async def test_back_button_in_a_call_leaves_a_way_back_and_asks_before_the_page_goes(
    browser: Browser, origin: Origin
) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await sign_in(page)
        await begin(page)
        await page.go_back()
        await page.get_by_test_id("way-back").or_(page.get_by_role("link", name="You are in a call")).click()
        await same_room(page)

        async with page.expect_event("dialog", timeout=WITHIN_MS) as asking:
            await page.evaluate("setTimeout(() => location.assign('about:blank'))")
        dialog = await asking.value
        await dialog.dismiss()
        assert dialog.type == "beforeunload"
        await same_room(page)


async def test_call_in_another_tab_is_not_taken_over_unasked(browser: Browser, origin: Origin) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await sign_in(page)
        await begin(page)
        origin.in_call = True
        copy = await profile.new_page()
        await copy.add_init_script("sessionStorage.setItem('avaaz.inCall', '1')")
        await see(copy, "/", "call-elsewhere")
        button = copy.get_by_test_id("call-button")
        await expect(button).to_have_text("Go on with the call")
        await expect(button).to_have_attribute("data-phase", "idle")
        await page.evaluate("window.__room.events.onDisconnected('other_tab')")
        await expect(page.get_by_test_id("problem-other_tab")).to_be_visible(timeout=WITHIN_MS)


@pytest.mark.parametrize("way", ["refused", "dropped"])
async def test_without_cookies_the_sign_in_page_says_so(browser: Browser, origin: Origin, way: str) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        if way == "refused":
            await page.add_init_script(
                "Object.defineProperty(Navigator.prototype, 'cookieEnabled', {value: false})"
            )
        origin.keeps_cookies = False
        await page.goto("/sign-in")
        await page.locator("input[name=email]").fill("maya@example.com")
        await page.locator("input[name=password]").fill("Speak-easy-9")
        await page.locator("form button[type=submit]").click()
        await expect(page.get_by_test_id("cookies-off")).to_be_visible(timeout=WITHIN_MS)
        await expect(page.locator("form")).to_be_visible()
        assert origin.asked["/api/v1/users/me"] <= 2, "the page asks in a loop"


@pytest.mark.parametrize("year", [2011, 2041])
async def test_wrong_clock_of_the_device_changes_nothing(browser: Browser, origin: Origin, year: int) -> None:
    async with device(browser, origin) as profile:
        await profile.clock.set_system_time(datetime.datetime(year, 2, 3, tzinfo=datetime.UTC))
        page = await profile.new_page()
        await sign_in(page)
        await begin(page)
        await same_room(page)
        await page.get_by_test_id("call-button").click()
        await expect(page.get_by_test_id("call-ended")).to_be_visible(timeout=WITHIN_MS)
        await see(page, f"/calls/{CALL_ID}", "turns")
