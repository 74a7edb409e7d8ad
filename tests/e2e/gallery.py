"""The built web application without a stack: every screen and every state of a call, as the scenes want it.

The real pages and the real engine run; the API is answered within the page (`scripts/pretend.js`), and the
chunk that brings livekit-client is replaced by `scripts/room.js`, where a scene says what the room says.
"""

import base64
import json
import re
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

AUDIT = """async (enabled) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const rules = { "color-contrast": { enabled } };
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"], rules });
  const why = (node) => node.failureSummary.split("\\n").slice(1).join(" ");
  const told = (id, node) => `${id}: ${node.target.join(" ")}: ${why(node)}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => told(id, node)));
}"""

FLAWS = """() => {
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push(`wider than ${root.clientWidth} pixels`);
  if (!/.+ · .+/.test(document.title)) wrong.push(`no title of its own: ${document.title}`);
  const controls = "button, select, textarea, header a, input:not([type=radio])";
  for (const one of document.querySelectorAll(controls)) {
    const { height } = one.getBoundingClientRect();
    const low = one.checkVisibility() && height < 43.5;
    if (low) wrong.push(`${height} pixels high: ${one.outerHTML.slice(0, 120)}`);
  }
  return wrong;
}"""
"""What axe does not look at: the width, the page's own title, and 44 pixels for every control."""

HARD_WIRED = """() => {
  const rest = (text) => {
    const less = text.replace(/⟦[^⟦⟧]*⟧/gu, "");
    return less === text ? text : rest(less);
  };
  const content = "script, style, title, time, option, textarea, [translate=no], [lang]:not(html)";
  const found = [document.title];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!texts.currentNode.parentElement.closest(content)) found.push(texts.currentNode.data);
  }
  for (const name of ["aria-label", "placeholder", "title"]) {
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
  }
  for (const { alt } of document.querySelectorAll("img:not([translate=no] img)")) found.push(alt);
  return found.filter((text) => /\\p{L}/u.test(rest(text)));
}"""
"""Texts that did not come from the catalogue of a language that puts all of its own in brackets."""

VOWELS = str.maketrans({"a": "áà", "e": "éè", "i": "íì", "o": "óò", "u": "úù"})


def pseudo(message: Any) -> Any:
    """A catalogue in a language longer than English, every text of it in brackets."""
    if isinstance(message, dict):
        return {key: pseudo(inner) for key, inner in message.items()}
    pieces = re.split(r"({{\w+}})", message)
    return "⟦" + "".join(one if one.startswith("{{") else one.translate(VOWELS) for one in pieces) + "⟧"


class _Pages(SimpleHTTPRequestHandler):
    """The built files, the page itself for every address of the application, and files put in their place."""

    protocol_version = "HTTP/1.1"
    replaced: ClassVar[dict[str, str]] = {}
    """Text by the beginning of a file's name in `assets/`."""

    def do_GET(self) -> None:
        name = self.path.split("?")[0]
        for start, text in self.replaced.items():
            if name.startswith(f"/assets/{start}"):
                return self._script(text)
        if name == "/axe.js":
            return self._script(AXE.read_text())
        if not (DIST / name.lstrip("/")).is_file():
            self.path = "/index.html"
        return super().do_GET()

    def _script(self, text: str) -> None:
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        """Lets the browser keep what does not change, so that the next page is there at once."""
        kept = self.path.startswith(("/assets/", "/axe.js"))
        self.send_header("Cache-Control", "max-age=3600, immutable" if kept else "no-store")
        super().end_headers()

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


async def violations(page: Page, *, contrast: bool) -> list[str]:
    """What axe finds wrong with the page as it stands; colours, which take it longest, only if asked to."""
    if not await page.evaluate("'axe' in window"):
        await page.add_script_tag(url="/axe.js")
    found: list[str] = await page.evaluate(AUDIT, contrast)
    return found


async def speak(page: Page, locale: str) -> None:
    """In another language, as if it had been chosen in another tab of the same browser."""
    if await page.evaluate("document.documentElement.lang") == locale:
        return
    await page.evaluate(
        "(newValue) => window.dispatchEvent(new StorageEvent('storage', { key: 'avaaz.locale', newValue }))",
        locale,
    )
    await page.wait_for_function("(locale) => document.documentElement.lang === locale", arg=locale)


async def dress(page: Page, theme: str, size: dict[str, int]) -> None:
    """Light or dark, narrow or wide, and drawn."""
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    await page.set_viewport_size(size)  # type: ignore[arg-type]
    await page.evaluate("document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(done)))")


async def photograph(page: Page) -> bytes:
    """A picture of the viewport as WebP."""
    tab = await page.context.new_cdp_session(page)
    taken = await tab.send("Page.captureScreenshot", {"format": "webp", "quality": 66})
    await tab.detach()
    return base64.b64decode(taken["data"])


def as_json(value: object) -> str:
    """A value as a script can hold it."""
    return json.dumps(value)
