"""The system's Chromium, and Playwright to drive it; a development package, asked for when needed."""

import importlib
import shutil
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from infra.stack.errors import StackError

if TYPE_CHECKING:
    from playwright.async_api import Playwright


def playwright() -> AbstractAsyncContextManager["Playwright"]:
    """The driver.

    Raises:
        StackError: it is not installed.
    """
    try:
        module = importlib.import_module("playwright.async_api")
    except ImportError as error:
        raise StackError("Playwright is missing: install the development packages (`uv sync`).") from error
    driver: AbstractAsyncContextManager[Playwright] = module.async_playwright()
    return driver


def find_chromium(given: Path | None) -> str:
    """The program to start.

    Raises:
        StackError: there is none.
    """
    found = str(given) if given else shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise StackError("Chromium is not installed: `apt install chromium`, or give --chromium PROGRAM.")
    return found
