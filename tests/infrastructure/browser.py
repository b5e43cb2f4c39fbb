"""Which Chromium the stories run in, and what axe finds on its pages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserType, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = [
    "--no-sandbox",  # the tests may run as root, in a container, on pages of ours only
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
]


def chromium_program(own: str) -> str:
    """`$CHROMIUM`, else one on the path, else Playwright's `own`; fails with the package's name where there is none."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*(shutil.which(name) for name in NAMES), own]
    for program in candidates:
        if program and Path(program).exists():
            return program
    pytest.fail("No Chromium found. Install it (Debian: apt-get install chromium) or name one in $CHROMIUM.")


def launch(chromium: BrowserType) -> Browser:
    """Start it without a window."""
    return chromium.launch(executable_path=chromium_program(chromium.executable_path), args=FLAGS, headless=True)


RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # every rule is asked; what holds need not be told node by node
}


def violations(page: Page) -> list[dict[str, Any]]:
    """Every rule of accessibility that the page breaks as it stands, with its `nodes`; axe itself is brought there once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(rules).then(found => found.violations)", RULES)
    return found
