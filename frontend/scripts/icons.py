"""Draws the PNG icons of the installable app from public/favicon.svg.

Run after the mark changes, from the repository root: `python frontend/scripts/icons.py`.
Needs Playwright and a Chromium (CHROMIUM names it; /usr/bin/chromium by default).
"""

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

PUBLIC = Path(__file__).resolve().parent.parent / "public"
GROUND = "#eef5f3"
ICONS = {"icon-192.png": (192, 0.84), "icon-512.png": (512, 0.84), "icon-maskable-512.png": (512, 0.58)}


def main() -> None:
    """Write each icon: its edge in pixels, and the share of the edge that the mark takes."""
    mark = (PUBLIC / "favicon.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for name, (edge, share) in ICONS.items():
            page = browser.new_page(viewport={"width": edge, "height": edge})
            page.set_content(
                f"<body style='margin:0;display:grid;place-items:center;height:100vh;background:{GROUND}'>"
                f"<div style='width:{share * 100}%'>{mark}</div>"
            )
            page.screenshot(path=PUBLIC / name)
            page.close()
        browser.close()


main()
