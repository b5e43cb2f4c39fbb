"""The map of processes as a picture: families as bands, what starts first on the left, what it starts to the right.

Text without scripts and without style attributes; its classes are those of the screens' stylesheet (`m-band`, `d-box`, …).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from workflows.definition.diagram import INK, Look, arrow_head, rules
from workflows.definition.map import SIGNS, Entry, ProcessMap, Start, Way
from workflows.definition.titles import FAMILIES

LEFT: Final = 108
HIGH, ROW, TOP, APART = 38, 48, 34, 8
"""A box, a row of boxes, where the first band begins, and what lies between two bands."""
PADDING: Final = 10
LINE: Final = 18
"""Of a family's title."""
GAP: Final = 204
"""Between two columns of boxes: lanes for the lines, then room for their words."""
LANES, LANE = 8, 10
"""How many lines can run down beside each other, and how far apart."""
_WIDE: Final = {"zh": 188, "en": 252}
_COLUMNS: Final = (("先开始", "Begins"), ("由它派生", "Started by it"), ("再派生", "Started in turn"))
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process stands: column, row of its family, and the middle of its box's left edge."""

    column: int
    row: int
    x: float
    y: float


@dataclass(slots=True)
class Layout:
    """Places by key; bands by family: top and height; the whole size."""

    wide: int
    places: dict[str, Place] = field(default_factory=dict)
    bands: dict[str, tuple[float, float]] = field(default_factory=dict)
    width: float = 0
    height: float = 0


def draw_map(
    found: ProcessMap, *, language: str = "zh", look: Look | None = None, address: Address | None = None
) -> str:
    """The SVG of all processes that start one another. `address`: where a box leads; `look` None leaves the rules out."""
    layout = lay_out(found, language)
    wide, high = round(layout.width), round(layout.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
        f'role="{"img" if address is None else "group"}" '
        f'aria-labelledby="m-title m-desc" lang="{"en" if language == "en" else "zh-Hans"}">',
        f'<title id="m-title">{"Process map" if language == "en" else "流程地图"}</title>',
        f'<desc id="m-desc">{escape(_sentence(found, language))}</desc>',
        *([f"<style>{_rules(look)}</style>"] if look else []),
        f"<defs>{arrow_head('m-to', 'd-head')}</defs>",
        *_headings(layout, language),
        *_bands(layout, language),
        *_lines(found, layout),
        *_words(found, layout, language),
        *(_box(entry, layout, language, address) for entry in found.linked),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


# ---- where everything stands -------------------------------------------------------------------------------------


def lay_out(found: ProcessMap, language: str) -> Layout:
    """Columns by how many starts lead to a process, rows by family; a process stands beside what starts it where there is room."""
    drawn = {entry.process.key: entry for entry in found.linked}
    columns = {key: _depth(key, drawn, ()) for key in drawn}
    layout = Layout(_WIDE.get(language, _WIDE["zh"]))
    top = float(TOP)
    for family in dict.fromkeys(entry.process.family for entry in drawn.values()):
        members = [key for key, entry in drawn.items() if entry.process.family == family]
        rows = _rows(members, drawn, columns)
        high = max(PADDING + ROW * (max(rows.values()) + 1), 30 + LINE * len(_family(family, language)))
        layout.bands[family] = (top, high)
        for key, row in rows.items():
            x = LEFT + columns[key] * (layout.wide + GAP)
            layout.places[key] = Place(columns[key], row, x, top + PADDING + ROW * row + HIGH / 2)
        top += high + APART
    layout.width = LEFT + (max(columns.values(), default=0) + 1) * (layout.wide + GAP) - GAP + 20
    layout.height = top
    return layout


def _depth(key: str, drawn: Mapping[str, Entry], passed: tuple[str, ...]) -> int:
    """How many starts lead here at most; a circle counts once."""
    parents = [start.parent for start in drawn[key].parents if start.parent not in (*passed, key)]
    return max((_depth(parent, drawn, (*passed, key)) + 1 for parent in parents), default=0)


def _rows(members: Sequence[str], drawn: Mapping[str, Entry], columns: Mapping[str, int]) -> dict[str, int]:
    rows: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()

    def put(key: str, row: int) -> None:
        if key in rows:
            return
        while (row, columns[key]) in taken:
            row += 1
        rows[key] = row
        taken.add((row, columns[key]))
        children = (start.child for start in drawn[key].children)
        for child in (child for child in children if child in members and columns[child] > columns[key]):
            put(child, row)

    for key in sorted(members, key=lambda key: columns[key]):
        put(key, max(rows.values(), default=-1) + 1)
    return rows


# ---- lines -------------------------------------------------------------------------------------------------------


def _lines(found: ProcessMap, layout: Layout) -> Iterator[str]:
    """Short lines first; a longer one leaves a gap where it crosses them."""
    lanes = _lanes(found, layout)
    ways = [(start, _way(start, layout, lanes[start.parent])) for start in found.starts]
    for _, path in sorted(ways, key=lambda way: (way[1].count("V"), abs(_fall(way[0], layout)))):
        yield f'<path class="m-halo" d="{path}"/>'
    for _, path in sorted(ways, key=lambda way: (way[1].count("V"), abs(_fall(way[0], layout)))):
        yield f'<path class="d-e" d="{path}" marker-end="url(#m-to)"/>'


def _fall(start: Start, layout: Layout) -> float:
    return layout.places[start.child].y - layout.places[start.parent].y


def _lanes(found: ProcessMap, layout: Layout) -> dict[str, int]:
    """Each process that starts others has a lane; two whose lines run down past each other have two."""
    spans: dict[str, list[float]] = {}
    for start in found.starts:
        here, there = layout.places[start.parent].y, layout.places[start.child].y
        spans.setdefault(start.parent, []).extend((here, there))
    lanes: dict[str, int] = {}
    for key in sorted(spans, key=lambda key: (max(spans[key]) - min(spans[key]), layout.places[key].y)):
        beside = {lanes[other] for other in lanes if _pass(layout, spans, key, other)}
        lanes[key] = next((lane for lane in range(LANES) if lane not in beside), LANES - 1)
    return lanes


def _pass(layout: Layout, spans: Mapping[str, list[float]], one: str, other: str) -> bool:
    same = layout.places[one].column == layout.places[other].column
    return same and min(spans[one]) <= max(spans[other]) and min(spans[other]) <= max(spans[one])


def _way(start: Start, layout: Layout, lane: int) -> str:
    """From the right of the one to the left of the other, along lanes and between rows; all that come from afar go the last piece together."""
    here, there = layout.places[start.parent], layout.places[start.child]
    right, left = here.x + layout.wide, there.x - 2
    down = right + 16 + lane * LANE
    if there.column == here.column + 1:
        return (
            f"M{right:g} {here.y:g}H{left:g}"
            if here.y == there.y
            else f"M{right:g} {here.y:g}H{down:g}V{there.y:g}H{left:g}"
        )
    between = there.y - ROW / 2
    last = there.x - GAP + 16 + (LANES - 1) * LANE if there.column > here.column else there.x - 16
    return f"M{right:g} {here.y:g}H{down:g}V{between:g}H{last:g}V{there.y:g}H{left:g}"


# ---- pieces ------------------------------------------------------------------------------------------------------


def _headings(layout: Layout, language: str) -> Iterator[str]:
    columns = {place.column for place in layout.places.values()}
    for column, (zh, en) in enumerate(_COLUMNS):
        if column in columns:
            x = LEFT + column * (layout.wide + GAP)
            yield f'<text class="c-t" x="{x:g}" y="18">{en if language == "en" else zh}</text>'


def _bands(layout: Layout, language: str) -> Iterator[str]:
    for family, (top, high) in layout.bands.items():
        yield f'<rect class="m-band" x="0" y="{top:g}" width="{layout.width:g}" height="{high:g}" rx="8"/>'
        for number, line in enumerate(_family(family, language)):
            yield f'<text class="m-fam" x="14" y="{top + 34 + number * LINE:g}">{escape(line)}</text>'


def _family(family: str, language: str) -> list[str]:
    """The title of a family, over as many lines as it needs beside its boxes."""
    return _broken(FAMILIES[family].text(language), LEFT - 24) if family in FAMILIES else []


def _words(found: ProcessMap, layout: Layout, language: str) -> Iterator[str]:
    """What is said of a start, before the box it leads to: where several lead there, only what all of them say."""
    for entry in found.linked:
        said = {start.said.text(language) for start in entry.parents}
        if len(said) != 1:
            continue
        place, text = layout.places[entry.process.key], said.pop()
        if text:
            shown = _clipped(text, (GAP - 16 - LANES * LANE - 14) * 14 / 12)
            yield f'<text class="d-l c-end" x="{place.x - 14:g}" y="{place.y - 7:g}">{escape(shown)}</text>'


def _box(entry: Entry, layout: Layout, language: str, address: Address | None) -> str:
    place = layout.places[entry.process.key]
    way, title = entry.ways[-1] if entry.parents else entry.ways[0], entry.process.title.text(language)
    shown = _clipped(title, layout.wide - 56)
    box = (
        f'<rect class="d-box" x="{place.x:g}" y="{place.y - HIGH / 2:g}" width="{layout.wide}" height="{HIGH}" rx="8"/>'
        f"{_sign(way, place.x + 22, place.y)}"
        f'<text class="m-t" x="{place.x + 42:g}" y="{place.y + 5:g}">{escape(shown)}</text>'
    )
    return f"<a href={quoteattr(address(entry.process.key))}>{box}</a>" if address is not None else box


def _sign(way: Way, x: float, y: float) -> str:
    match way:
        case "person":
            shape = f'<circle class="m-by m-man" cx="{x:g}" cy="{y:g}" r="10.5"/>'
        case "figure":
            shape = (
                f'<rect class="m-by m-fig" x="{x - 8:g}" y="{y - 8:g}" width="16" height="16" rx="2" '
                f'transform="rotate(45 {x:g} {y:g})"/>'
            )
        case "calendar":
            shape = f'<rect class="m-by m-cal" x="{x - 10:g}" y="{y - 10:g}" width="20" height="20" rx="3"/>'
        case "process":
            shape = f'<rect class="m-by m-sub" x="{x - 10:g}" y="{y - 10:g}" width="20" height="20" rx="3"/>'
    tone = {"person": "man", "figure": "fig", "calendar": "cal", "process": "sub"}[way]
    return f'{shape}<text class="d-s m-{tone}-t" x="{x:g}" y="{y + 4:g}">{SIGNS[way]}</text>'


def _sentence(found: ProcessMap, language: str) -> str:
    """Who starts whom, for whoever hears the picture."""
    said = []
    for entry in found.linked:
        children = [found.entries[start.child].process.title.text(language) for start in entry.children]
        if children:
            title = entry.process.title.text(language)
            said.append(
                f"{title} starts {', '.join(children)}." if language == "en" else f"{title}派生{'、'.join(children)}。"
            )
    return (" " if language == "en" else "").join(said)


def _rules(look: Look) -> str:
    colours = INK["dark" if look == "dark" else "light"]
    return (
        f"{rules(look)}.m-band{{fill:{colours['surface']}}}.m-halo{{fill:none;stroke:{colours['surface']};stroke-width:7}}"
        f".m-by{{fill:{colours['sunken']};stroke:{colours['line']}}}.m-fam,.m-t{{font-size:14px;fill:{colours['ink']}}}"
        f".m-fam{{font-weight:600}}.m-t{{font-weight:500}}.c-t{{font-size:12px}}.c-end{{text-anchor:end}}"
    )


def _width(text: str) -> int:
    return sum(14 if unicodedata.east_asian_width(one) in "WF" else 8 for one in text)


def _clipped(text: str, room: float) -> str:
    if _width(text) <= room:
        return text
    while text and _width(text) + 14 > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _broken(text: str, room: float) -> list[str]:
    """A title over several lines: English by words, Chinese by characters."""
    pieces = text.split(" ") if " " in text else list(text)
    glue = " " if " " in text else ""
    lines: list[str] = []
    for piece in pieces:
        if lines and _width(f"{lines[-1]}{glue}{piece}") <= room:
            lines[-1] += f"{glue}{piece}"
        else:
            lines.append(piece)
    return lines
