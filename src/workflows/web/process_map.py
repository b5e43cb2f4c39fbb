"""流程地图: how every process starts, and which others it starts; each leads to its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from workflows.definition.diagram import Look
from workflows.definition.map import SIGNS, WAYS, Entry, ProcessMap, Start, Way, map_of
from workflows.definition.map_drawing import draw_map
from workflows.errors import Text
from workflows.http import SIGNED_IN, allow, services, visit
from workflows.web.admin_definitions import names
from workflows.web.catalogue import family_title
from workflows.web.components import Diagram, Tab
from workflows.web.language import _, language

CLASSES = {"calendar": "cal", "person": "man", "figure": "fig", "process": "sub"}

blueprint = Blueprint("processes", __name__, url_prefix="/processes")


@dataclass(frozen=True, slots=True)
class SignView:
    """What starts a process, as a sign: its class, its character, the words."""

    look: str
    character: str
    said: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One process of the list: what starts it, when, by which others, and what it starts."""

    title: str
    href: str
    signs: tuple[SignView, ...]
    when: str
    starts: str


@dataclass(frozen=True, slots=True)
class FamilyView:
    """Processes that belong together."""

    key: str
    title: str
    entries: tuple[EntryView, ...]


@blueprint.get("")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """The picture of what starts what, and every process by family; `by` shows those of one kind of start."""
    found = company_map()
    asked = request.args.get("by", "")
    chosen = next((way for way in get_args(Way) if way == asked), None)
    return render_template(
        "process/map.html",
        total=len(found.entries),
        linked=len(found.linked),
        tabs=_tabs(found, chosen),
        signs=tuple(sign_of(way) for way in WAYS),
        diagram=Diagram(
            Markup(draw_map(found, language=language(), address=address)),  # noqa: S704 - drawn by our own code, every text in it escaped
            (_("由各定义里的“派生”自动画出"),),
            "#list",
            url_for("processes.picture"),
        ),
        families=_families(found, chosen),
    )


@blueprint.get("/map.svg")
@allow(SIGNED_IN)
def picture() -> ResponseReturnValue:
    """The picture as a file of its own."""
    look: Look = "dark" if request.args.get("look") == "dark" else "light"
    response = Response(draw_map(company_map(), language=language(), look=look), mimetype="image/svg+xml")
    # The drawing brings its own few rules and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Content-Disposition"] = 'attachment; filename="processes.svg"'
    return response


def company_map() -> ProcessMap:
    """The map of what is published."""
    newest = services().engine.processes(visit().session)
    return map_of(newest.values(), names())


def address(key: str) -> str:
    """The page of a process."""
    return url_for("process.show", key=key)


def sign_of(way: Way) -> SignView:
    """A way to start as a sign."""
    return SignView(CLASSES[way], SIGNS[way], WAYS[way].text(language()))


def entry_view(found: ProcessMap, entry: Entry) -> EntryView:
    """A process in the reader's words."""
    said = [text.text(language()) for text in entry.when]
    parents = _titles(found, [start.parent for start in entry.parents])
    if parents:
        said.append(_("来自 %(what)s", what=parents))
    starts = _("、").join(_started(found, start) for start in entry.children)
    return EntryView(
        entry.process.title.text(language()),
        address(entry.process.key),
        tuple(sign_of(way) for way in entry.ways),
        " · ".join(said),
        f"→ {starts}" if starts else "",
    )


def _started(found: ProcessMap, start: Start) -> str:
    title = found.entries[start.child].process.title.text(language())
    return f"{title}（{start.said.zh}）" if language() == "zh" and start.said.zh else _english(title, start.said)


def _english(title: str, said: Text) -> str:
    return f"{title} ({said.en})" if said.en and language() == "en" else title


def _titles(found: ProcessMap, keys: list[str]) -> str:
    return _("、").join(found.entries[key].process.title.text(language()) for key in keys)


def _families(found: ProcessMap, chosen: Way | None) -> tuple[FamilyView, ...]:
    views = []
    for key, entries in found.families().items():
        shown = tuple(entry_view(found, one) for one in entries if chosen is None or chosen in one.ways)
        if shown:
            views.append(FamilyView(key or "other", family_title(key), shown))
    return tuple(views)


def _tabs(found: ProcessMap, chosen: Way | None) -> tuple[Tab, ...]:
    counts = {way: sum(1 for entry in found.entries.values() if way in entry.ways) for way in WAYS}
    every = Tab(_("全部"), url_for("processes.index"), len(found.entries), chosen is None)
    return (
        every,
        *(Tab(title.text(language()), url_for("processes.index", by=way), counts[way], chosen == way)
          for way, title in WAYS.items() if counts[way]),
    )  # fmt: skip
