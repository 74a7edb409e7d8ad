"""The application on a device: installed, without a network, and while new versions come out."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from infra.stack.frontend import build_frontend
from infra.stack.settings import StackSettings
from tests.e2e.answers import CALL_ID
from tests.e2e.gallery import DIST
from tests.e2e.origin import UNSEEN, Origin, another_version, serving

WITHIN_MS = 60_000
MAYA, NOOR = "maya@example.com", "noor@example.com"
KEPT = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("avaaz");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const database = opening.result;
    if (!database.objectStoreNames.contains("kept")) { database.close(); return resolve([]); }
    const all = database.transaction("kept").objectStore("kept").getAllKeys();
    all.onsuccess = () => { database.close(); resolve(all.result); };
  };
})"""
"""The places of what the device keeps, each beginning with whose it is."""

VERSION = "document.querySelector('meta[name=version]')?.content ?? 'first'"


@pytest.fixture(scope="module")
async def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two versions of the application."""
    await build_frontend(StackSettings(), lambda _line: None)
    newer = another_version(DIST, tmp_path_factory.mktemp("builds") / "second", "second")
    return DIST, newer


@pytest.fixture
def origin(builds: tuple[Path, Path]) -> Iterator[Origin]:
    """A server with the first version."""
    with serving(builds[0]) as serves:
        yield serves


@asynccontextmanager
async def device(browser: Browser, origin: Origin, *, workers: bool = True) -> AsyncIterator[BrowserContext]:
    """A fresh profile."""
    profile = await browser.new_context(
        base_url=origin.url, locale="en-GB", service_workers="allow" if workers else "block"
    )
    profile.set_default_timeout(WITHIN_MS)
    try:
        yield profile
    finally:
        await profile.close()


async def sign_in(page: Page, email: str = MAYA) -> None:
    await page.goto("/sign-in")
    await page.locator("input[name=email]").fill(email)
    await page.locator("input[name=password]").fill("Speak-easy-9")
    await page.locator("form button[type=submit]").click()
    await expect(page.get_by_test_id("call-button")).to_be_visible(timeout=WITHIN_MS)


async def installed(page: Page) -> None:
    """Waits until the service worker has everything and answers for this page."""
    await page.wait_for_function(
        "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')"
        " && navigator.serviceWorker.controller !== null"
    )
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")


async def see(page: Page, path: str, test_id: str) -> None:
    await page.goto(path)
    await expect(page.get_by_test_id(test_id)).to_be_visible(timeout=WITHIN_MS)


async def start_call(page: Page) -> None:
    await page.get_by_test_id("call-button").click()
    await expect(page.get_by_test_id("call-button")).to_have_attribute(
        "data-phase", "in_call", timeout=WITHIN_MS
    )


async def new_version_waits(page: Page) -> None:
    await page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    await page.wait_for_function("navigator.serviceWorker.ready.then(({ waiting }) => waiting !== null)")


async def becomes(page: Page, version: str) -> None:
    await page.wait_for_function(f"({VERSION}) === '{version}'", timeout=WITHIN_MS)


async def test_browser_finds_nothing_that_keeps_it_from_being_installed(
    browser: Browser, origin: Origin
) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await page.goto("/welcome")
        await installed(page)
        tab = await profile.new_cdp_session(page)
        manifest = await tab.send("Page.getAppManifest")
        hindrances = await tab.send("Page.getInstallabilityErrors")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    found = {one["errorId"] for one in hindrances["installabilityErrors"]}
    assert found <= {"in-incognito"}, "a profile of a test is a private one; nothing else may be wrong"


async def test_without_a_network_what_was_read_can_be_read(browser: Browser, origin: Origin) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await sign_in(page)
        await installed(page)
        await see(page, "/history", "calls")
        await see(page, f"/calls/{CALL_ID}", "turns")

        origin.go_away()
        await see(page, "/history", "calls")
        await expect(page.get_by_test_id("offline")).to_be_visible(timeout=WITHIN_MS)
        await see(page, f"/calls/{CALL_ID}", "turns")
        await expect(page.get_by_text("maya: I went to the market")).to_be_visible()
        await see(page, "/", "call-button")
        await page.get_by_test_id("call-button").click()
        await expect(page.get_by_test_id("problem-network")).to_be_visible(timeout=WITHIN_MS)
        await see(page, f"/calls/{UNSEEN}", "failure")

        origin.come_back()
        await expect(page.get_by_test_id("turns")).to_be_visible(timeout=WITHIN_MS)
        await expect(page.get_by_test_id("offline")).to_have_count(0)


async def test_browser_that_says_it_is_offline_opens_the_application(
    browser: Browser, origin: Origin
) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await page.goto("/welcome")
        await installed(page)
        origin.go_away()
        await profile.set_offline(True)
        await page.goto("/help")
        await expect(page.locator("main h1")).to_be_visible(timeout=WITHIN_MS)
        await expect(page.get_by_test_id("offline")).to_be_visible(timeout=WITHIN_MS)
        await page.goto("/sign-in")
        await expect(page.locator("form")).to_be_visible(timeout=WITHIN_MS)
        origin.come_back()
        await profile.set_offline(False)
        await expect(page.get_by_test_id("offline")).to_have_count(0, timeout=WITHIN_MS)


async def test_nothing_is_kept_of_one_who_signed_out_and_nothing_mixed(
    browser: Browser, origin: Origin
) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await sign_in(page)
        await installed(page)
        await see(page, f"/calls/{CALL_ID}", "turns")
        await page.wait_for_function(f"({KEPT})().then((all) => all.some((one) => one.includes('turns')))")
        assert {one.split()[0] for one in await page.evaluate(KEPT)} == {"id-of-maya"}

        # In another tab somebody else signs in without signing out first, as when a session has ended.
        other = await profile.new_page()
        await sign_in(other, NOOR)
        await see(other, f"/calls/{CALL_ID}", "turns")
        await other.wait_for_function(f"({KEPT})().then((all) => all.some((one) => one.includes('turns')))")
        assert {one.split()[0] for one in await other.evaluate(KEPT)} == {"id-of-noor"}
        await expect(page.get_by_text("maya:")).to_have_count(0)
        origin.go_away()
        await see(other, f"/calls/{CALL_ID}", "turns")
        await expect(other.get_by_text("noor: I went to the market")).to_be_visible()
        origin.come_back()

        await see(other, "/history", "calls")
        await other.get_by_test_id("settings").click()
        await other.get_by_role("button", name="Sign out").click()
        await expect(other.locator("form")).to_be_visible(timeout=WITHIN_MS)
        await other.wait_for_function(f"({KEPT})().then((all) => all.length === 0)")
        origin.go_away()
        await other.goto(f"/calls/{CALL_ID}")
        await expect(other.get_by_test_id("failure")).to_be_visible(timeout=WITHIN_MS)


async def test_new_version_waits_for_the_end_of_a_call_and_for_the_readers_word(
    browser: Browser, origin: Origin, builds: tuple[Path, Path]
) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await sign_in(page)
        await installed(page)
        await start_call(page)
        origin.build = builds[1]
        await new_version_waits(page)
        await expect(page.get_by_test_id("update")).to_have_count(0)
        await page.get_by_role("link", name="Past calls").click()
        await expect(page.get_by_test_id("calls")).to_be_visible(timeout=WITHIN_MS)
        assert await page.evaluate(VERSION) == "first"

        other = await profile.new_page()
        await other.goto("/help")
        update = other.get_by_test_id("update")
        await update.get_by_role("button", name="Update now").click()
        await expect(update).to_contain_text("A call is on in another window")
        assert await other.evaluate(VERSION) == "first"

        await page.bring_to_front()
        await page.get_by_role("link", name="You are in a call").click()
        await page.get_by_test_id("call-button").click()
        await expect(page.get_by_test_id("call-ended")).to_be_visible(timeout=WITHIN_MS)
        await page.get_by_test_id("update").get_by_role("button", name="Update now").click()
        await becomes(page, "second")
        await other.bring_to_front()
        await other.get_by_role("link", name="Check your microphone").first.click()
        await becomes(other, "second")


async def test_new_version_takes_over_when_the_reader_goes_to_another_page(
    browser: Browser, origin: Origin, builds: tuple[Path, Path]
) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await page.goto("/welcome")
        await installed(page)
        origin.build = builds[1]
        await new_version_waits(page)
        await expect(page.get_by_test_id("update")).to_be_visible(timeout=WITHIN_MS)
        assert await page.evaluate(VERSION) == "first"
        await page.get_by_role("link", name="Help").first.click()
        await becomes(page, "second")
        assert await page.evaluate("location.pathname") == "/help"


async def test_older_worker_with_newer_assets_leads_to_the_newer_version_and_the_call(
    browser: Browser, origin: Origin, builds: tuple[Path, Path]
) -> None:
    async with device(browser, origin) as profile:
        page = await profile.new_page()
        await sign_in(page)
        await installed(page)
        origin.build = builds[1]
        await page.get_by_test_id("call-button").click()
        await becomes(page, "second")
        await start_call(page)


async def test_part_of_an_older_version_is_loaded_anew_once(
    browser: Browser, origin: Origin, builds: tuple[Path, Path], tmp_path: Path
) -> None:
    async with device(browser, origin, workers=False) as profile:
        page = await profile.new_page()
        loads: list[str] = []
        page.on("load", lambda _page: loads.append(page.url))
        await sign_in(page)
        loads.clear()
        origin.build = another_version(builds[0], tmp_path / "broken", "broken")
        for chunk in (origin.build / "assets").glob("history-page-*.js"):
            chunk.unlink()
        await page.get_by_role("link", name="Past calls").click()
        await becomes(page, "broken")
        await expect(page.get_by_role("button", name="Try again")).to_be_visible(timeout=WITHIN_MS)
        assert len(loads) == 1, "the page was loaded again and again"
        origin.build = builds[1]
        await page.get_by_role("button", name="Try again").click()
        await expect(page.get_by_test_id("calls")).to_be_visible(timeout=WITHIN_MS)
