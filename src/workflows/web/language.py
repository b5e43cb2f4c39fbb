"""The reader's language and the texts of the screens.

Chinese is written in templates and views (`_("待办")`), English stands in `translations/en/*.po`, one file per room, read once
at start: nothing is compiled and nothing can be forgotten in a wheel. A test proves that no text lacks English.
"""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request
from flask_babel import Babel, Domain, gettext
from markupsafe import Markup

from workflows.web.words import Language

LANGUAGES: Final = frozenset({"zh", "en"})
COOKIE: Final = "language"
_ALTERNATIVES: Final = re.compile(r"\{([^|{}]*)\|([^{}]*)\}")
FOLDER: Final = Path(__file__).parent / "translations" / "en"


def _(text: str, **values: object) -> str:
    """A text of the screens in the reader's language, its `%(name)s` filled in.

    English chooses between one and many by the value `n`: `%(n)s {case|cases}`.
    """
    said = _counted(str(gettext(text)), values.get("n"))
    return said % values if values else said


def _in_template(text: str, **values: object) -> Markup:
    """The same for templates: our own text is markup, what is filled in is escaped."""
    said = Markup(_counted(str(gettext(text)), values.get("n")))  # noqa: S704 - a text of the catalogue
    return said % values if values else said


def _counted(text: str, number: object) -> str:
    return _ALTERNATIVES.sub(lambda found: found[1 if number in (1, "1") else 2], text) if "{" in text else text


def mark(text: str) -> str:
    """Name a text for translation where it stands in a table; whoever shows it calls `_`."""
    return text


def language() -> Language:
    """The reader's language: their setting, else what they chose on the sign-in page, else the installation's."""
    visit = getattr(g, "visit", None)
    actor = visit.actor if visit is not None else None
    chosen = actor.signed_in.language if actor else request.cookies.get(COOKIE, "")
    if chosen not in LANGUAGES:
        chosen = current_app.config["WORKFLOWS_LANGUAGE"]
    return "en" if chosen == "en" else "zh"


def install(app: Flask) -> None:
    """Teach the application both languages; `WORKFLOWS_LANGUAGE` in its configuration is the default."""
    babel = Babel(app, default_locale="zh_Hans_CN", locale_selector=language)
    babel.domain_instance = _BothLanguages()
    app.jinja_env.globals["_"] = _in_template


class _BothLanguages(Domain):  # type: ignore[misc]
    """Flask-Babel's texts, asked per call: a page and its error page can have different readers."""

    def get_translations(self) -> NullTranslations:
        return english() if language() == "en" else _CHINESE


_CHINESE: Final = NullTranslations()


@cache
def english() -> Translations:
    """All English texts."""
    merged = Catalog(locale="en")
    for file in sorted(FOLDER.glob("*.po")):
        with file.open("rb") as lines:
            for message in read_po(lines, locale="en"):
                if message.id:
                    merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)
