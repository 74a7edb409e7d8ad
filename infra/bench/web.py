"""`avaaz bench web`: the first visit of a browser that has nothing yet on a slow connection, and Lighthouse.

The connection is Chromium's emulation: 1.6 Mbit/s down, 750 kbit/s up, 150 ms from a request to its answer.
A page counts as interactive when its main control is drawn and the browser has come to rest once after that.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from pydantic import BaseModel
from rich.table import Table

from infra.bench.chromium import playwright
from infra.bench.figures import Spread
from infra.bench.lighthouse.run import Lighthouse, LighthouseScores
from infra.bench.machine import Report, describe_machine, own_versions
from infra.bench.reporter import Reporter
from infra.stack.embedded import RunningStack, running_stack
from infra.stack.errors import StackError

if TYPE_CHECKING:
    from playwright.async_api import Browser, CDPSession

OTHER_PARTS: Final = ("livekit", "models", "agent", "shipper")
DOWN_BITS_S: Final = 1_600_000
UP_BITS_S: Final = 750_000
ROUND_TRIP_MS: Final = 150
COOKIE: Final = "avaaz_session"
_LIMIT_S: Final = 60.0

_WATCH: Final = """(selector) => {
  window.__interactive = new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector(selector)?.checkVisibility()) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    };
    look();
  });
}"""


@dataclass(frozen=True)
class Visited:
    """A page that is visited, and the control that must be usable."""

    name: str
    path: str
    control: str
    signed_in: bool


PAGES: Final = (
    Visited("landing", "/", 'main a[href^="/sign-up"]', signed_in=False),
    Visited("talk", "/", "[data-testid=call-button]", signed_in=True),
)


class PageFigures(BaseModel):
    """First visits of one page."""

    interactive_ms: Spread
    kilobytes: Spread
    """What had come over the connection when the page was interactive, headers included."""
    lighthouse: LighthouseScores | None = None


class WebReport(Report):
    """What `avaaz bench web --json` writes."""

    down_bits_s: int = DOWN_BITS_S
    round_trip_ms: int = ROUND_TRIP_MS
    pages: dict[str, PageFigures]


class WebBench:
    """One measurement of first visits."""

    def __init__(self, visits: int, audits: int, chromium: str, reporter: Reporter) -> None:
        self._visits = visits
        self._audits = audits
        self._chromium = chromium
        self._reporter = reporter

    async def run(self) -> WebReport:
        """Start Postgres and the API with the built web application, visit it, stop it.

        Raises:
            StackError: something did not come up, or a page did not become interactive.
        """
        machine = describe_machine()
        self._reporter.begin("starting database, API and web application", 1)
        async with running_stack(web=True, without=OTHER_PARTS) as stack:
            cookie = await _sign_up(stack)
            pages = {page.name: await self._visit(stack, page, cookie) for page in PAGES}
            if self._audits:
                await self._audit(stack, cookie, pages)
        return WebReport(
            machine=machine,
            versions=own_versions(),
            pages=pages,
        )

    async def _visit(self, stack: RunningStack, page: Visited, cookie: str) -> PageFigures:
        self._reporter.begin(f"first visits: {page.name}", self._visits)
        times, sizes = [], []
        async with _browser(self._chromium) as browser:
            # The first one warms the server's caches of compressed files and of prepared statements.
            for number in range(self._visits + 1):
                took, received = await _first_visit(browser, stack.api_url, page, cookie)
                if number == 0:
                    continue
                times.append(took)
                sizes.append(received / 1000)
                self._reporter.step()
        return PageFigures(interactive_ms=Spread.of(times), kilobytes=Spread.of(sizes))

    async def _audit(self, stack: RunningStack, cookie: str, pages: dict[str, PageFigures]) -> None:
        self._reporter.begin("installing Lighthouse", 1)
        lighthouse = await Lighthouse.install(stack.settings, self._chromium)
        for page in PAGES:
            self._reporter.begin(f"Lighthouse: {page.name}", self._audits)
            found = []
            for _ in range(self._audits):
                known = cookie if page.signed_in else None
                found.append(await lighthouse.audit(stack.api_url + page.path, known))
                self._reporter.step()
            pages[page.name].lighthouse = LighthouseScores.median(found)


async def _sign_up(stack: RunningStack) -> str:
    """A grown-up learner who has answered every question; the session's cookie."""
    email, password = f"web-{secrets.token_hex(8)}@example.com", secrets.token_urlsafe(9) + "-1aA"
    account = {"email": email, "password": password}
    answers = {"display_name": "Web", "birth_year": 1990, "ai_disclosure": True, "terms": True}
    async with aiohttp.ClientSession(stack.api_url, headers={"Origin": stack.api_url}) as http:
        async with http.post("/api/v1/auth/register", json={**account, **answers}) as answer:
            if answer.status != 201:
                raise StackError(f"No account could be made: {await answer.text()}")
        async with http.post("/api/v1/auth/login", json=account) as answer:
            answer.raise_for_status()
            return answer.cookies[COOKIE].value


@asynccontextmanager
async def _browser(chromium: str) -> AsyncIterator["Browser"]:
    async with playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


async def _first_visit(browser: "Browser", address: str, page: Visited, cookie: str) -> tuple[float, float]:
    """Milliseconds until interactive and bytes received by then, in a profile of its own."""
    phone: Any = {"width": 412, "height": 823}
    profile = await browser.new_context(base_url=address, locale="en-GB", viewport=phone)
    try:
        if page.signed_in:
            await profile.add_cookies([{"name": COOKIE, "value": cookie, "url": address}])
            await profile.add_init_script("localStorage.setItem('avaaz.known', '1')")
        await profile.add_init_script(f"({_WATCH})({page.control!r})")
        tab = await profile.new_page()
        received = await _slow_down(await profile.new_cdp_session(tab))
        await tab.goto(page.path, wait_until="commit")
        took = float(await asyncio.wait_for(tab.evaluate("window.__interactive"), _LIMIT_S))
    except TimeoutError as error:
        raise StackError(f"The page {page.name} did not become interactive.") from error
    else:
        return took, sum(received)
    finally:
        await profile.close()


async def _slow_down(network: "CDPSession") -> list[float]:
    """Puts a tab on the slow connection; the sizes of what it has received, as they come."""
    received: list[float] = []
    network.on("Network.loadingFinished", lambda event: received.append(event.get("encodedDataLength", 0)))
    await network.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": ROUND_TRIP_MS,
        "downloadThroughput": DOWN_BITS_S / 8,
        "uploadThroughput": UP_BITS_S / 8,
    }
    await network.send("Network.emulateNetworkConditions", conditions)
    return received


def web_table(report: WebReport) -> Table:
    """The figures for a terminal."""
    shown = Table(title="avaaz bench web, 1.6 Mbit/s, 150 ms")
    headings = (
        "page",
        "interactive p50 ms",
        "p95 ms",
        "n",
        "kB",
        "performance",
        "accessibility",
        "practices",
    )
    for heading in headings:
        shown.add_column(heading, justify="left" if heading == "page" else "right")
    for name, page in report.pages.items():
        took, scores = page.interactive_ms, page.lighthouse
        row = [took.p50, took.p95, took.n, page.kilobytes.p50]
        if scores is not None:
            row += [scores.performance, scores.accessibility, scores.best_practices]
        shown.add_row(name, *("" if value is None else f"{value:.0f}" for value in row))
    for name, page in report.pages.items():
        if page.lighthouse is not None and page.lighthouse.wanting:
            shown.add_row(f"{name} wants: {', '.join(page.lighthouse.wanting)}")
    return shown
