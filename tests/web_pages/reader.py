"""Somebody at a browser without scripts: reads a page, fills in one of its forms, presses one of its buttons.

What is pressed is what the page offers: an input that is not there cannot be filled in, a button that is not there fails the test.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engine.office import counted
from workflows.db import Database

VOID = frozenset({"input", "br", "meta", "link", "hr", "img"})
File = tuple[str, bytes]


@dataclass
class Form:
    """A form of a page: where it goes, its inputs with their values, its buttons (name, value, words)."""

    action: str
    method: str
    ident: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    offered: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._select = self._textarea = ""
        self._option: tuple[str, bool] | None = None
        self._words: list[str] = []
        self._button: tuple[str, str] | None = None
        self._outside: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(a.get("action", ""), a.get("method", "get"), a.get("id", ""))
            self.forms.append(self._form)
        name = a.get("name", "")
        if self._form is None:
            return
        if tag == "input" and name:
            self._input(name, a)
        elif tag == "select":
            self._select = name
            self._form.offered.add(name)
        elif tag == "option" and self._select:
            if "selected" in a or not any(n == self._select for n, _ in self._form.values):
                self._form.values = [v for v in self._form.values if v[0] != self._select]
                self._form.values.append((self._select, a.get("value", "")))
        elif tag == "textarea":
            self._textarea, self._words = name, []
            self._form.offered.add(name)
        elif tag == "button":
            self._button, self._words = (name, a.get("value", "")), []
            if "disabled" in a:
                self._button = None

    def _input(self, name: str, a: Mapping[str, str]) -> None:
        assert self._form is not None
        self._form.offered.add(name)
        kind = a.get("type", "text")
        if kind == "file":
            self._form.files.add(name)
        elif kind not in ("checkbox", "radio") or "checked" in a:
            self._form.values.append((name, a.get("value", "")))

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        words = "".join(self._words)
        if tag == "textarea" and self._textarea:
            self._form.values.append((self._textarea, words.removeprefix("\n")))
            self._textarea = ""
        elif tag == "button" and self._button is not None:
            self._form.buttons.append((*self._button, words.strip()))
            self._button = None
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._form = None


def read_back(data: bytes) -> str:
    """What came back as text; of a workbook every part that lies in it."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return data.decode("utf-8")


@dataclass
class Page:
    """An answer as somebody reads it. No page shows a value as the program writes it down for itself."""

    answer: TestResponse
    path: str

    def __post_init__(self) -> None:
        shown = re.search(r"[A-Z]\w+\((?:text|key|id|name|title)=", self.html)
        assert shown is None, f"{self.path} shows {self.html[shown.start() : shown.start() + 80]}"

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def html(self) -> str:
        return read_back(self.answer.get_data())

    @property
    def words(self) -> str:
        """The text of the page without its marks."""
        bare = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", self.html, flags=re.S)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare)).replace("&amp;", "&").strip()

    @property
    def forms(self) -> list[Form]:
        parser = _Parser()
        parser.feed(self.html)
        return parser.forms

    def form(self, pressed: str) -> Form:
        """The form that has a button with these words (or of this value)."""
        for form in self.forms:
            if any(pressed in (words, value) for _, value, words in form.buttons):
                return form
        offered = [words or value for form in self.forms for _, value, words in form.buttons]
        raise AssertionError(f"no button {pressed!r} on {self.path} ({self.status}); there are {offered}")

    def link(self, words: str) -> str:
        """The address of the link with these words."""
        for href, inner in re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', self.html, flags=re.S):
            if re.sub(r"<[^>]+>|\s+", "", inner) == words.replace(" ", ""):
                return href.replace("&amp;", "&")
        raise AssertionError(f"no link {words!r} on {self.path}")

    def value(self, name: str) -> list[str]:
        """What stands in the inputs of this name, in any form."""
        return [value for form in self.forms for n, value in form.values if n == name]


class Reader:
    """One person's browser. Redirects are followed; `page` is what they look at."""

    def __init__(self, client: FlaskClient, login: str) -> None:
        self.client = client
        self.login = login

    def open(self, path: str) -> Page:
        answer = self.client.get(path, follow_redirects=True)
        return Page(answer, answer.request.path)

    def press(
        self,
        page: Page,
        button: str,
        typed: Mapping[str, str | Sequence[str]] | None = None,
        files: Mapping[str, Sequence[File]] | None = None,
    ) -> Page:
        """Fill in what is typed and press the button; everything else is sent as the page has it."""
        return self.send(*self.filled(page, button, typed, files))

    def filled(
        self,
        page: Page,
        button: str,
        typed: Mapping[str, str | Sequence[str]] | None = None,
        files: Mapping[str, Sequence[File]] | None = None,
    ) -> tuple[str, MultiDict[str, Any]]:
        """What pressing would send: the address and the values."""
        form = page.form(button)
        strange = set(typed or {}) - form.offered
        assert not strange, (
            f"no input {sorted(strange)} in the form of {button!r} on {page.path}: {sorted(form.offered)}"
        )
        data: MultiDict[str, Any] = MultiDict(form.values)
        for name, value in (typed or {}).items():
            data.setlist(name, [value] if isinstance(value, str) else list(value))
        name, value, _ = next(b for b in form.buttons if button in (b[2], b[1]))
        if name:
            data.add(name, value)
        for name, chosen in (files or {}).items():
            assert name in form.files, f"no file input {name} in the form of {button!r}"
            for title, content in chosen:
                data.add(name, (io.BytesIO(content), title))
        return form.action or page.path, data

    def send(self, path: str, data: MultiDict[str, Any]) -> Page:
        answer = self.client.post(path.partition("#")[0], data=data, follow_redirects=True)
        for one in (answer, *answer.history):
            one.request.environ["wsgi.input"].close()  # the test client leaves what it sent open
        return Page(answer, answer.request.path)


def statements_of(reader: Reader, store: Database, path: str) -> int:
    """How many statements a page asks of the database, once the reader has seen it."""
    reader.open(path)
    with counted(store) as statements:
        assert reader.open(path).status == 200, path
    return len(statements)


ReadAs = Callable[[str], Reader]
"""Somebody signed in, by login."""
