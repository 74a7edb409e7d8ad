"""Running Lighthouse with the system's Chromium, a fresh profile each time."""

import asyncio
import json
import os
import shutil
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel

from infra.bench.chromium import playwright
from infra.stack.builds import build, only_one
from infra.stack.errors import StackError
from infra.stack.settings import StackSettings
from infra.stack.tools import find_node

HERE: Final = Path(__file__).resolve().parent
CATEGORIES: Final = ("performance", "accessibility", "best-practices")
_STARTS_WITHIN_S: Final = 60.0
_AUDITED_WITHIN_S: Final = 300.0


class LighthouseScores(BaseModel):
    """Scores of 100, the median of `n` audits; what was found wanting in any of them."""

    performance: float
    accessibility: float
    best_practices: float
    first_contentful_paint_ms: float
    largest_contentful_paint_ms: float
    total_blocking_time_ms: float
    n: int = 1
    wanting: list[str] = []
    """Ids of audits of accessibility and best practices that did not pass."""

    @classmethod
    def of(cls, report: dict[str, Any]) -> Self:
        """From Lighthouse's own JSON."""
        score = {name: 100 * (report["categories"][name]["score"] or 0.0) for name in CATEGORIES}
        audits = report["audits"]
        judged = {
            ref["id"]
            for name in CATEGORIES[1:]
            for ref in report["categories"][name]["auditRefs"]
            if ref["weight"] > 0
        }
        return cls(
            performance=score["performance"],
            accessibility=score["accessibility"],
            best_practices=score["best-practices"],
            first_contentful_paint_ms=round(audits["first-contentful-paint"]["numericValue"]),
            largest_contentful_paint_ms=round(audits["largest-contentful-paint"]["numericValue"]),
            total_blocking_time_ms=round(audits["total-blocking-time"]["numericValue"]),
            wanting=sorted(one for one in judged if _failed(audits[one])),
        )

    @classmethod
    def median(cls, found: Sequence[Self]) -> Self:
        """Of several audits of one page."""
        names = [name for name in cls.model_fields if name not in ("n", "wanting")]
        middle = {name: statistics.median(getattr(one, name) for one in found) for name in names}
        return cls(**middle, n=len(found), wanting=sorted({audit for one in found for audit in one.wanting}))


def _failed(audit: dict[str, Any]) -> bool:
    applies = audit["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
    return applies and (audit["score"] or 0) < 1


class Lighthouse:
    """An installed Lighthouse."""

    def __init__(self, node: Path, program: Path, chromium: str) -> None:
        self._node = node
        self._program = program
        self._chromium = chromium

    @classmethod
    async def install(cls, settings: StackSettings, chromium: str) -> Self:
        """Put the pinned version beside the other built tools, unless it is there.

        Raises:
            StackError: its packages cannot be had.
        """
        tools = settings.bin_dir.parent / "tools"
        folder = tools / "lighthouse"
        node = await find_node(tools, lambda _line: None)
        program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
        async with only_one(tools / ".lighthouse.lock"):
            lock = folder / "package-lock.json"
            if not program.exists() or lock.read_bytes() != (HERE / "package-lock.json").read_bytes():
                folder.mkdir(parents=True, exist_ok=True)
                for name in ("package.json", "package-lock.json"):
                    shutil.copy(HERE / name, folder / name)
                env = {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
                command = [str(node / "npm"), "install", "--no-save", "--no-audit", "--no-fund"]
                await build("Installing Lighthouse", command, cwd=folder, on_line=lambda _line: None, env=env)
        return cls(node / "node", program, chromium)

    async def audit(self, url: str, cookie: str | None) -> LighthouseScores:
        """A first visit of that address, as the owner of the cookie where one is given.

        Raises:
            StackError: Chromium or Lighthouse failed.
        """
        with tempfile.TemporaryDirectory(prefix="avaaz-lighthouse-", ignore_cleanup_errors=True) as home:
            async with self._running_chromium(Path(home)) as port:
                if cookie is not None:
                    await _sign_in(port, url, cookie)
                return await self._judge(url, port, Path(home) / "report.json", known=cookie is not None)

    async def _judge(self, url: str, port: int, out: Path, *, known: bool) -> LighthouseScores:
        command = [str(self._node), str(self._program), url, f"--port={port}", "--quiet"]
        command += ["--output=json", f"--output-path={out}", f"--only-categories={','.join(CATEGORIES)}"]
        command += ["--disable-storage-reset"] if known else []
        judging = build("Lighthouse", command, cwd=out.parent, on_line=lambda _line: None)
        await asyncio.wait_for(judging, _AUDITED_WITHIN_S)
        report = json.loads(await asyncio.to_thread(out.read_text, "utf-8"))
        if report.get("runtimeError"):
            raise StackError(f"Lighthouse: {report['runtimeError']['message']}")
        return LighthouseScores.of(report)

    @asynccontextmanager
    async def _running_chromium(self, home: Path) -> AsyncIterator[int]:
        """Headless with an empty profile; the port that it can be driven by."""
        flags = ["--headless=new", "--no-sandbox", "--no-first-run", "--remote-debugging-port=0"]
        process = await asyncio.create_subprocess_exec(
            self._chromium,
            *flags,
            f"--user-data-dir={home / 'profile'}",
            "about:blank",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            yield await asyncio.wait_for(_port(home / "profile" / "DevToolsActivePort"), _STARTS_WITHIN_S)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _port(file: Path) -> int:
    while (port := _told_port(file)) is None:  # noqa: ASYNC110 - another process sends no event
        await asyncio.sleep(0.1)
    return port


def _told_port(file: Path) -> int | None:
    told = file.read_text("utf-8").split() if file.exists() else []
    return int(told[0]) if told else None


async def _sign_in(port: int, url: str, cookie: str) -> None:
    """Gives the profile the session and the mark of somebody known, without loading the application."""
    async with playwright() as driver:
        browser = await driver.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        profile = browser.contexts[0]
        await profile.add_cookies([{"name": "avaaz_session", "value": cookie, "url": url}])
        page = await profile.new_page()
        await page.goto(url.rstrip("/") + "/favicon.svg")
        await page.evaluate("localStorage.setItem('avaaz.known', '1')")
        await page.close()
        await browser.close()
