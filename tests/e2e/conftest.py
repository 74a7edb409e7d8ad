"""A real browser against the whole stack: marker `e2e`."""

import os
import shutil
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Playwright, async_playwright

from infra.stack.embedded import RunningStack
from tests.e2e.browser import FAKE_PERMISSION, launch, new_page
from tests.support.stack_logs import show_last_lines

HERE = Path(__file__).resolve().parent
STACK_START_S = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set this folder's marker; the first test also waits for the stack."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(STACK_START_S))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the stack wrote last where a test fails."""
    report = yield
    show_last_lines(item, report)
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("Chromium is not installed: `apt install chromium`, or set CHROMIUM to its program.")
    return found


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver."""
    async with async_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
async def browser(playwright: Playwright, chromium: str) -> AsyncIterator[Browser]:
    """A browser that grants the microphone; the microphone itself is the page's (see `browser.py`)."""
    running = await launch(playwright, chromium, FAKE_PERMISSION)
    yield running
    await running.close()


@pytest.fixture
async def page(browser: Browser, stack: RunningStack) -> AsyncIterator[Page]:
    """A page whose microphone the test speaks into."""
    async with new_page(browser, stack.api_url, speaking=True) as opened:
        yield opened
