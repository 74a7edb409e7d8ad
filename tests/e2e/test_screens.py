"""Every screen and state, looked at: by axe in both themes and languages, by its width, and in pictures."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Playwright

from infra.stack.frontend import build_frontend
from infra.stack.settings import PROJECT_ROOT, StackSettings
from tests.e2e.browser import launch
from tests.e2e.gallery import NARROW, WIDE, dress, photograph, serve, violations, visitor
from tests.e2e.scenes import SCENES, Scene, stage

PICTURES = PROJECT_ROOT / "docs" / "screens"
TAKE_PICTURES = os.environ.get("TAKE_PICTURES") == "1"
AT_ONCE = 3
"""Pages beside one another."""
DRESSES = {"en": (("light", NARROW), ("dark", WIDE)), "es": (("dark", NARROW), ("light", WIDE))}
"""Each language in both themes and both widths; the two together in all four."""
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
async def application() -> AsyncIterator[str]:
    """The built application without a stack."""
    await build_frontend(StackSettings(), lambda _line: None)
    with serve() as address:
        yield address


@pytest.fixture(scope="module")
async def quiet_browser(playwright: Playwright, chromium: str) -> AsyncIterator[Browser]:
    """A browser without a microphone."""
    running = await launch(playwright, chromium, ())
    yield running
    await running.close()


def picture(scene: Scene, size: dict[str, int]) -> Path:
    """Where a scene's picture is kept."""
    return PICTURES / f"{scene.name}-{size['width']}.webp"


async def look(profile: BrowserContext, scene: Scene, locale: str) -> list[str]:
    """What is wrong with a scene in one language, in both themes and widths."""
    wrong: list[str] = []
    page = await stage(profile, scene, locale)
    for theme, size in DRESSES[locale]:
        await dress(page, theme, size)
        wrong += [f"{scene.name} {locale} {theme}: {one}" for one in await violations(page)]
        if not await page.evaluate(FITS):
            wrong.append(f"{scene.name} {locale}: wider than {size['width']} pixels")
        if TAKE_PICTURES and locale == "en":
            picture(scene, size).write_bytes(await photograph(page, 2 if size is NARROW else 1))
    await page.close()
    return wrong


@pytest.mark.parametrize("locale", ["en", "es"])
async def test_nothing_is_wrong_with_any_screen(
    quiet_browser: Browser, application: str, locale: str
) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(profile: BrowserContext, scene: Scene) -> list[str]:
        async with places:
            return await look(profile, scene, locale)

    async with visitor(quiet_browser, application, locale) as profile:
        found = await asyncio.gather(*(one(profile, scene) for scene in SCENES))
    wrong = [one for scene in found for one in scene]
    assert not wrong, "\n".join(wrong)
