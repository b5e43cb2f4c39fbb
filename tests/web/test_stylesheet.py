"""The stylesheet keeps its word: every pair of tokens that meets as text and ground has contrast enough, in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflows.definition import diagram

WEB = Path(__file__).parents[2] / "src" / "workflows" / "web"
TEMPLATES = Path(__file__).parents[2] / "templates"
SHEET = (WEB / "static" / "app.css").read_text("utf-8")

TEXT = [
    ("ink", "surface"), ("ink-2", "surface"), ("ink-3", "surface"), ("ink", "paper"), ("ink-2", "paper"), ("ink-3", "paper"),
    ("ink-3", "sunken"), ("act", "surface"), ("act", "paper"), ("act-strong", "act-soft"), ("on-act", "act"), ("on-act", "act-strong"),
    ("done", "surface"), ("done", "done-soft"), ("soon", "surface"), ("soon", "soon-soft"), ("late", "surface"), ("late", "late-soft"),
    ("on-late", "late"), ("hold", "hold-soft"), ("ink", "act-soft"), ("ink-2", "act-soft"), ("surface", "ink-2"),
]  # fmt: skip
EDGES = [("line-strong", "surface"), ("line-strong", "paper"), ("focus", "surface"), ("focus", "paper")]


def tokens(selector: str) -> dict[str, str]:
    block = SHEET[SHEET.index(selector + " {") :]
    return dict(re.findall(r"--wf-([\w-]+): (#[0-9a-f]{6});", block[: block.index("\n}")]))


THEMES = {
    "light": tokens(":root"),
    "dark": tokens('[data-bs-theme="dark"]'),
    "auto": tokens('  [data-bs-theme="auto"]'),
}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_needs_4_5(theme: str, text: str, ground: str) -> None:
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_and_the_focus_ring_need_3(theme: str, edge: str, ground: str) -> None:
    assert contrast(THEMES[theme][edge], THEMES[theme][ground]) >= 3


def test_what_follows_the_device_is_the_same_dark() -> None:
    assert THEMES["auto"] == THEMES["dark"]


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert re.findall(r"@import|url\((?![\"']?data:)|https?://(?!www\.w3\.org)", SHEET) == []


def test_templates_never_switch_escaping_off() -> None:
    found = [
        file.name
        for file in TEMPLATES.rglob("*.html")
        if re.search(r"\|\s*safe\b|autoescape\s+false", file.read_text("utf-8"))
    ]
    assert found == []


def test_every_stroke_that_is_asked_for_exists() -> None:
    drawn = set(re.findall(r'id="i-(\w+)"', (WEB / "static" / "icons.svg").read_text("utf-8")))
    asked = {
        name for file in TEMPLATES.rglob("*.html") for name in re.findall(r'icon\("(\w+)"\)', file.read_text("utf-8"))
    }
    shell = set(re.findall(r'mark\("[^"]+"\), "(\w+)"', (WEB / "shell.py").read_text("utf-8")))
    assert asked | shell <= drawn


def test_a_picture_inside_a_page_has_the_rules_of_the_picture_as_a_file() -> None:
    """Inline it brings none of its own: each class it uses is said here as well."""
    source = Path(diagram.__file__).read_text("utf-8")
    classes = set(re.findall(r"\.(d-[\w-]+)\{\{", source))
    assert classes
    assert {name for name in classes if not re.search(rf"\.{name}\b", SHEET)} == set()
