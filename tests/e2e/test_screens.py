"""Every screen and state, looked at: by axe in both themes and languages, by its width, and in pictures."""

import asyncio
import gzip
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Playwright

from infra.stack.frontend import build_frontend
from infra.stack.settings import PROJECT_ROOT, StackSettings
from tests.e2e.browser import FAKE_DEVICE, FAKE_PERMISSION, launch
from tests.e2e.gallery import (
    DIST,
    FLAWS,
    HARD_WIRED,
    NARROW,
    WIDE,
    as_json,
    dress,
    photograph,
    pseudo,
    serve,
    speak,
    violations,
    visitor,
)
from tests.e2e.scene import Scene
from tests.e2e.scenes import SCENES, stage

PICTURES = PROJECT_ROOT / "docs" / "screens"
TAKE_PICTURES = os.environ.get("TAKE_PICTURES") == "1"
SHELL_LIMIT = 120_000
TALK_LIMIT = 220_000
AT_ONCE = 1 if TAKE_PICTURES else 3
"""Pages beside one another; only the one in front is drawn as it should be."""
PARTS = 8
"""Of the scenes, so that none of the tests takes minutes."""
DRESSES = (("en", "light", NARROW), ("en", "dark", WIDE), ("es", "dark", NARROW))
"""Both themes and both widths; the other language, chosen last, where its longer words have least room. Its
colours are those of the first."""


Look = Callable[[BrowserContext, Scene], Awaitable[list[str]]]


@pytest.fixture(scope="module")
async def application() -> AsyncIterator[str]:
    """The built application without a stack."""
    await build_frontend(StackSettings(), lambda _line: None)
    with serve() as address:
        yield address


@pytest.fixture(scope="module")
async def beeping_browser(playwright: Playwright, chromium: str) -> AsyncIterator[Browser]:
    """A browser whose microphone beeps."""
    running = await launch(playwright, chromium, (*FAKE_PERMISSION, *FAKE_DEVICE))
    yield running
    await running.close()


def picture(scene: Scene, size: dict[str, int]) -> Path:
    """Where a scene's picture is kept."""
    return PICTURES / f"{scene.name}-{size['width']}.webp"


async def look(profile: BrowserContext, scene: Scene) -> list[str]:
    """What is wrong with a scene in each language, in its themes and widths."""
    wrong: list[str] = []
    page = await stage(profile, scene, "en")
    for locale, theme, size in DRESSES:
        await speak(page, locale)
        await dress(page, theme, size | ({"height": scene.tall} if scene.tall else {}))
        wrong += [
            f"{scene.name} {locale} {theme}: {one}" for one in await violations(page, contrast=locale == "en")
        ]
        wrong += [f"{scene.name} {locale} {theme}: {one}" for one in await page.evaluate(FLAWS)]
        if TAKE_PICTURES and locale == "en":
            picture(scene, size).write_bytes(await photograph(page))
    await page.close()
    return wrong


async def at_once(
    profile: BrowserContext,
    scenes: Sequence[Scene],
    see: Look,
) -> str:
    """What is wrong with the scenes, some of them beside one another."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(scene: Scene) -> list[str]:
        async with places:
            return await see(profile, scene)

    found = await asyncio.gather(*(one(scene) for scene in scenes if not scene.clock))
    # The clock is the whole profile's: moving it reaches into every open page, one that is closing too.
    found += [await see(profile, scene) for scene in scenes if scene.clock]
    return "\n".join(wrong for scene in found for wrong in scene)


@pytest.mark.parametrize("part", range(PARTS))
async def test_nothing_is_wrong_with_any_screen(
    beeping_browser: Browser, application: str, part: int
) -> None:
    async with visitor(beeping_browser, application, "en") as profile:
        wrong = await at_once(profile, SCENES[part::PARTS], look)
    assert not wrong, wrong


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_text_comes_from_the_catalogues(
    beeping_browser: Browser, application: str, part: int
) -> None:
    catalogues = {
        english.name.removesuffix("en.json") + "es-": f"export default {as_json(pseudo(texts))};"
        for english in (PROJECT_ROOT / "frontend/src/i18n").glob("*en.json")
        if (texts := json.loads(english.read_text()))
    }

    async def see(profile: BrowserContext, scene: Scene) -> list[str]:
        page = await stage(profile, scene, "es")
        found = [*await page.evaluate(HARD_WIRED), *await page.evaluate(FLAWS)]
        await page.close()
        return [f"{scene.name}: {one}" for one in found]

    with serve(catalogues) as address:
        async with visitor(beeping_browser, address, "es") as profile:
            wrong = await at_once(profile, SCENES[part::PARTS], see)
            page = await stage(profile, SCENES[0], "es")
            await page.evaluate("document.body.append('Written by hand')")
            caught = await page.evaluate(HARD_WIRED)
    assert not wrong, wrong
    assert caught == ["Written by hand"], "a text of no catalogue was not noticed"


async def weigh(profile: BrowserContext, path: str, known: bool) -> dict[str, int]:
    """Bytes, as gzip sends them, of each file that a page needs to be used, by its kind."""
    scene = Scene("weighed", "main h1", path, known=known)
    asked: set[str] = set()
    profile.on("request", lambda request: asked.add(urlsplit(request.url).path))
    page = await stage(profile, scene, "en")
    await page.wait_for_load_state("networkidle")
    await page.close()
    sizes = {"code": 0, "fonts": 0}
    for name in asked:
        file = DIST / name.lstrip("/") if (DIST / name.lstrip("/")).is_file() else DIST / "index.html"
        content = file.read_bytes()
        if file.suffix == ".woff2":
            sizes["fonts"] += len(content)
        elif file.suffix in {".js", ".css", ".html"}:
            sizes["code"] += len(gzip.compress(content, 9))
    return sizes


async def test_pages_are_light(beeping_browser: Browser, application: str) -> None:
    livekit = sum(len(gzip.compress(one.read_bytes(), 9)) for one in DIST.glob("assets/livekit-room-*.js"))
    async with visitor(beeping_browser, application, "en") as profile:
        shell = await weigh(profile, "/welcome", known=False)
    async with visitor(beeping_browser, application, "en") as profile:
        talk = await weigh(profile, "/", known=True)
    sys.stdout.write(f"bytes gzipped: shell {shell}, talk {talk}, a call besides {livekit}\n")
    assert shell["code"] <= SHELL_LIMIT
    assert talk["code"] <= TALK_LIMIT
    assert livekit > 0, "livekit-client is not a chunk of its own"
