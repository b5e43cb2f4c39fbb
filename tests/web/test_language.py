"""Every text of the screens has both languages, and the two say the same things about the same values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from workflows.web.language import FOLDER, english

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "workflows" / "web"
TEMPLATES = ROOT / "templates"
PAGES = [
    file for file in sorted(TEMPLATES.rglob("*.html")) if file.parent.name != "mail"
]  # a letter has one for each language
KEYWORDS: dict[str, None] = {"_": None, "gettext": None, "mark": None}
VALUE = re.compile(r"%\((\w+)\)s")
HAN = re.compile(r"[\u4e00-\u9fff]")


def texts() -> dict[str, str]:
    """Each text of templates and views, and where it stands first."""
    found: dict[str, str] = {}
    pages = [(file, "jinja2.ext:babel_extract") for file in PAGES]
    views = [(file, "python") for file in sorted(WEB.rglob("*.py"))]
    for file, method in [*pages, *views]:
        for line, text, _comments, _context in extract_from_file(method, file, keywords=KEYWORDS):
            found.setdefault(str(text), f"{file.relative_to(ROOT)}:{line}")
    return found


def test_every_text_has_english() -> None:
    english_texts = english()
    missing = [f"{place}: {text}" for text, place in texts().items() if english_texts.gettext(text) == text]
    assert missing == []


def test_both_languages_fill_in_the_same_values() -> None:
    english_texts = english()
    for text, place in texts().items():
        assert set(VALUE.findall(english_texts.gettext(text))) <= set(VALUE.findall(text)), place


def test_no_english_text_holds_chinese() -> None:
    for file in FOLDER.glob("*.po"):
        with file.open("rb") as lines:
            assert [m.id for m in read_po(lines) if HAN.search(str(m.string))] == [], file.name


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_no_template_says_anything_outside_the_catalogue(file: Path) -> None:
    """Chinese characters stand only inside `_(…)`, in comments, or in the name of the language itself."""
    source = re.sub(r"\{#.*?#\}", "", file.read_text("utf-8"), flags=re.S)
    bare = re.sub(r"""_\(\s*("[^"]*"|'[^']*')""", "", source).replace("中文", "")
    assert HAN.findall(bare) == []
