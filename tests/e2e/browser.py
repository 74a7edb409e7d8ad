"""Chromium as a learner's browser: flags, a microphone to speak into, an ear on what it plays."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Playwright

COMMON = (
    "--autoplay-policy=no-user-gesture-required",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FAKE_PERMISSION = ("--use-fake-ui-for-media-stream",)
FAKE_DEVICE = ("--use-fake-device-for-media-stream",)
"""A microphone that exists; without `FAKE_PERMISSION` a headless browser refuses it."""
SCRIPTS = Path(__file__).parent / "scripts"


def fake_microphone(recording: Path) -> tuple[str, ...]:
    """Flags for Chromium's own fake device playing a file, over and over."""
    return (*FAKE_PERMISSION, *FAKE_DEVICE, f"--use-file-for-fake-audio-capture={recording}")


async def launch(playwright: Playwright, chromium: str, flags: Sequence[str]) -> Browser:
    """A headless browser with these flags beside the common ones."""
    return await playwright.chromium.launch(executable_path=chromium, args=[*COMMON, *flags])


@asynccontextmanager
async def new_page(
    browser: Browser, base_url: str, *, speaking: bool = False, **context: Any
) -> AsyncIterator[Page]:
    """A page in a fresh profile, with the ear; with a microphone to speak into where `speaking`."""
    profile = await browser.new_context(base_url=base_url, locale="en-US", **context)
    try:
        await profile.add_init_script(path=SCRIPTS / "ear.js")
        if speaking:
            await profile.add_init_script(path=SCRIPTS / "microphone.js")
        yield await profile.new_page()
    finally:
        await profile.close()
