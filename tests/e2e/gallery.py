"""The built web application without a stack: every screen and every state of a call, as the scenes want it.

The real pages and the real engine run; the API is answered within the page (`scripts/pretend.js`), and the
chunk that brings livekit-client is replaced by `scripts/room.js`, where a scene says what the room says.
"""

import base64
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from playwright.async_api import Browser, BrowserContext, Page

from infra.stack.settings import PROJECT_ROOT
from tests.e2e.browser import SCRIPTS

DIST = PROJECT_ROOT / "frontend" / "dist"
AXE = PROJECT_ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 800}
BROWSER_LOCALES = {"en": "en-GB", "es": "es-ES"}

AUDIT = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  const why = (node) => node.failureSummary.split("\\n").slice(1).join(" ");
  const told = (id, node) => `${id}: ${node.target.join(" ")}: ${why(node)}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => told(id, node)));
}"""


class _Pages(SimpleHTTPRequestHandler):
    """The built files, the page itself for every address of the application, and files put in their place."""

    replaced: ClassVar[dict[str, str]] = {}
    """Text by the beginning of a file's name in `assets/`."""

    def do_GET(self) -> None:
        name = self.path.split("?")[0]
        for start, text in self.replaced.items():
            if name.startswith(f"/assets/{start}"):
                return self._script(text)
        if not (DIST / name.lstrip("/")).is_file():
            self.path = "/index.html"
        return super().do_GET()

    def _script(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_args: Any) -> None:
        """Nothing to say."""


@contextmanager
def serve(replaced: dict[str, str] | None = None) -> Iterator[str]:
    """The built application at an address of its own, with the fake room and what else is to be replaced."""
    room = (SCRIPTS / "room.js").read_text()
    pages = type("Pages", (_Pages,), {"replaced": {"livekit-room-": room, **(replaced or {})}})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(pages, directory=str(DIST))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@asynccontextmanager
async def visitor(browser: Browser, address: str, locale: str) -> AsyncIterator[BrowserContext]:
    """A fresh profile in one language; nothing moves, and no service worker stands between."""
    profile = await browser.new_context(
        base_url=address,
        locale=BROWSER_LOCALES[locale],
        timezone_id="Europe/London",
        viewport=NARROW,  # type: ignore[arg-type]
        reduced_motion="reduce",
        service_workers="block",
    )
    try:
        await profile.add_init_script(path=SCRIPTS / "pretend.js")
        yield profile
    finally:
        await profile.close()


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    found: list[str] = await page.evaluate(AUDIT)
    return found


async def dress(page: Page, theme: str, size: dict[str, int]) -> None:
    """Light or dark, narrow or wide, and drawn."""
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    await page.set_viewport_size(size)  # type: ignore[arg-type]
    await page.evaluate("document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(done)))")


async def photograph(page: Page, scale: float) -> bytes:
    """A picture of the viewport as WebP, enlarged by `scale`."""
    size = page.viewport_size or NARROW
    tab = await page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": scale}
    taken = await tab.send("Page.captureScreenshot", {"format": "webp", "quality": 72, "clip": clip})
    await tab.detach()
    return base64.b64decode(taken["data"])


def as_json(value: object) -> str:
    """A value as a script can hold it."""
    return json.dumps(value)
