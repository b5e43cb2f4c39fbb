"""Somebody at a browser who looks at pages on every screen: nothing sideways, nothing that axe finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from playwright.sync_api import BrowserContext, Page

from infrastructure.browser import violations

WIDTHS = (1440, 820, 390, 320)
SCREENS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (390, "dark"))
"""What axe looks at: a desk in light, a phone in the dark."""

Pages = Mapping[str, Mapping[str, str]]
"""Addresses to look at, by login and what they show."""


class Look:
    """One tab of a browser. `tickets`: an open sign-in of everybody by login; `cookie`: what the service calls it."""

    def __init__(self, context: BrowserContext, address: str, cookie: str, tickets: Mapping[str, str]) -> None:
        self.address = address
        self.page: Page = context.new_page()
        self._context, self._cookie, self._tickets = context, cookie, tickets
        self._login = ""

    def sign_in(self, login: str) -> None:
        """As somebody; nothing happens to whoever is signed in already."""
        if login == self._login:
            return
        self._login = login
        self._context.clear_cookies()
        self._context.add_cookies([{"name": self._cookie, "value": self._tickets[login], "url": self.address}])

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path
        return self.page

    def at_a_desk(self) -> Page:
        self.page.set_viewport_size({"width": 1440, "height": 900})
        return self.page

    def in_english(self) -> None:
        self.open("/more")
        self.at_a_desk().click(".rail button[value=en]")
        self.page.wait_for_load_state()

    def wrong(self, name: str) -> list[str]:
        """What is wrong with the page as it stands."""
        return self.sideways(name) + self.barriers(name)

    def sideways(self, name: str) -> list[str]:
        """Where the page is wider than the screen."""
        found = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found += [f"{name} scrolls {wide} px sideways at {width}"] if wide > 0 else []
        return found

    def barriers(self, name: str) -> list[str]:
        """What axe finds."""
        found = []
        for width, scheme in SCREENS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            for wrong in violations(self.page):
                places = [node["target"] for node in wrong["nodes"]]
                found.append(f"{name} at {width}, {scheme}: {wrong['id']}, {wrong['help']}: {places}")
        return found

    def wrong_on(self, pages: Pages) -> list[str]:
        """What is wrong with any of these pages."""
        found: list[str] = []
        for login, named in pages.items():
            self.sign_in(login)
            for name, path in named.items():
                self.open(path)
                found += self.wrong(name)
        return found

    def sideways_in_english(self, pages: Pages) -> list[str]:
        """Where any of them is wider than the screen once it is said in English, which needs more room."""
        found: list[str] = []
        for login, named in pages.items():
            self.sign_in(login)
            self.in_english()
            for name, path in named.items():
                self.open(path)
                found += self.sideways(f"{name} in English")
        return found
