"""Which Chromium the stories run in."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType

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
