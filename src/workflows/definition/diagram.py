"""A process as a picture (SVG) and as a list, from its definition alone.

The picture is text without scripts and without style attributes. Its classes are those of the screens' stylesheet (`d-box`,
`d-now`, …); served as a file it brings the few rules it needs in the look asked for, inline in a page it takes the page's own.
"""

from __future__ import annotations

from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from workflows.definition.diagram_graph import Graph, Progress, graph_of
from workflows.definition.diagram_heat import Heat, heated
from workflows.definition.diagram_outline import outline
from workflows.definition.diagram_places import Box, place
from workflows.definition.diagram_routes import Caption, Drawing, Route, lay
from workflows.definition.diagram_words import Names, Speaker
from workflows.definition.model import Process

__all__ = ["INK", "Heat", "Look", "Names", "Progress", "arrow_head", "draw", "outline", "rules"]

Look = Literal["light", "dark", "auto"]

WIDTH = {"zh": 700, "en": 780}
"""The widest row, by language, where boxes allow it: a page shows it without scrolling; English needs more room."""

NARROWER = 20
"""By how much rows are narrowed where the arrows beside them leave the page."""

INK = {
    "light": {
        "surface": "#ffffff", "sunken": "#edf0f0", "paper": "#f4f6f6", "line": "#7d888d", "ink": "#1a2125", "quiet": "#455056",
        "act": "#155a85", "on": "#ffffff", "done": "#17694a", "soft": "#e1f1e9", "soon": "#865000",
    },
    "dark": {
        "surface": "#1a2023", "sunken": "#21282c", "paper": "#13181a", "line": "#74828a", "ink": "#e7ecee", "quiet": "#b9c4c9",
        "act": "#83bfe6", "on": "#0a1b26", "done": "#7dcba4", "soft": "#15322a", "soon": "#e5b765",
    },
}  # fmt: skip
_FONT = (
    '-apple-system,"Segoe UI","PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei UI","Microsoft YaHei",'
    '"Noto Sans CJK SC","Noto Sans SC",sans-serif'
)


def draw(
    process: Process,
    *,
    language: str = "zh",
    look: Look | None = "light",
    names: Names | None = None,
    progress: Progress | None = None,
    width: int | None = None,
    heat: Heat | None = None,
) -> str:
    """The SVG of a process, of one case's way through it, or of what many cases took.

    `look` None leaves the rules out, for a picture inside a page. `progress`: where a case stands and what it went through.
    `width`: rows are broken so that they are no wider, in pixels. `heat`: where time goes, only inside a page.
    """
    speaker = Speaker(process, language, names or Names())
    graph = graph_of(speaker, progress)
    graph = heated(graph, heat) if heat is not None else graph
    drawing = _fitting(graph, width or WIDTH["en" if language.startswith("en") else "zh"])
    wide, high = round(drawing.width), round(drawing.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img" '
        f'aria-labelledby="d-title d-desc" lang="{"en" if language.startswith("en") else "zh-Hans"}">'
    )
    parts = [
        head,
        f'<title id="d-title">{escape(_title(speaker))}</title>',
        f'<desc id="d-desc">{escape(heat.said if heat is not None else _sentence(speaker, graph))}</desc>',
        *([f"<style>{rules(look)}</style>"] if look else []),
        f"<defs>{arrow_head('d-to', 'd-head')}{arrow_head('d-to-back', 'd-back')}{arrow_head('d-to-done', 'd-head-done')}</defs>",
        *(_arrow(route) for route in _quiet_first(drawing)),
        *(_box(box) for box in drawing.boxes.values()),
        *(_caption(caption, route) for route in drawing.routes for caption in route.captions),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _fitting(graph: Graph, width: int) -> Drawing:
    """The drawing with the widest rows with which all of it, arrows in the margins too, is no wider than `width`; else the narrowest."""
    drawings = (lay(graph, place(graph, room)) for room in range(width, width // 3, -NARROWER))
    narrowest = next(drawings)
    for drawing in drawings:
        if narrowest.width <= width:
            break
        narrowest = min(narrowest, drawing, key=lambda one: one.width)
    return narrowest


def _title(speaker: Speaker) -> str:
    return speaker.pick(
        f"{speaker.say(speaker.process.title)}的流程图", f"Diagram: {speaker.say(speaker.process.title)}"
    )


def _sentence(speaker: Speaker, graph: Graph) -> str:
    """The usual way in one sentence, and what leads back."""
    way = speaker.pick("，", ", ").join(graph.nodes[key].title for key in graph.way)
    now = [node.title for node in graph.nodes.values() if node.status == "now"]
    told = speaker.pick(f"通常：{way}。", f"The usual way: {way}.")
    if now:
        told += speaker.pick(f"现在在{'、'.join(now)}。", f" Now in {', '.join(now)}.")
    back = [edge for edge in graph.edges if edge.kind == "back"]
    for edge in back:
        source, target = graph.nodes[edge.source].title, graph.nodes[edge.target].title
        told += speaker.pick(f"{source}可以{edge.label}到{target}。", f" From {source} back to {target}: {edge.label}.")
    return told


def rules(look: Look) -> str:
    """The few rules that a picture needs outside a page."""
    if look == "auto":
        return f"{rules('light')}@media (prefers-color-scheme:dark){{{rules('dark')}}}"
    c = INK[look]
    return (
        f"text{{font-family:{_FONT};fill:{c['quiet']}}}"
        f".d-box{{fill:{c['surface']};stroke:{c['line']};stroke-width:1.25}}.d-start{{fill:{c['sunken']}}}"
        f".d-done{{fill:{c['soft']};stroke:{c['done']}}}.d-now{{fill:{c['act']};stroke:{c['act']}}}.d-skip{{stroke-dasharray:4 4}}"
        f".d-t{{font-size:14px;font-weight:500;text-anchor:middle;fill:{c['ink']}}}.d-s{{font-size:12px;text-anchor:middle}}"
        f".d-on{{fill:{c['on']}}}.d-l{{font-size:12px;paint-order:stroke;stroke:{c['paper']};stroke-width:4px;stroke-linejoin:round}}"
        f".d-mid{{text-anchor:middle}}.d-e{{fill:none;stroke:{c['line']};stroke-width:1.5}}.d-e-done{{stroke:{c['done']}}}"
        f".d-e-back{{stroke:{c['soon']};stroke-dasharray:5 4}}.d-head{{fill:{c['line']}}}.d-head-done{{fill:{c['done']}}}"
        f".d-back{{fill:{c['soon']}}}"
    )


def arrow_head(name: str, look: str) -> str:
    """A marker for the end of an arrow."""
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" '
        f'orient="auto"><path class="{look}" d="M0 0 8 4 0 8z"/></marker>'
    )


def _quiet_first(drawing: Drawing) -> list[Route]:
    """Ways that were taken are drawn over those that were not."""
    return sorted(drawing.routes, key=lambda route: route.edge.taken)


def _arrow(route: Route) -> str:
    edge = route.edge
    look, head = {"back": ("d-e d-e-back", "d-to-back")}.get(edge.kind, ("d-e", "d-to"))
    if edge.taken and edge.kind != "back":
        look, head = "d-e d-e-done", "d-to-done"
    look += f" d-w{edge.weight}" if edge.weight else " d-skip" if edge.unused else ""
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in ((round(x, 1), round(y, 1)) for x, y in _clean(route.points)))
    return f'<path class="{look}" d="{path}" marker-end="url(#{head})" data-from={quoteattr(edge.source)} data-to={quoteattr(edge.target)}/>'


def _clean(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points without those that lie where the one before lies."""
    return [point for place_, point in enumerate(points) if place_ == 0 or point != points[place_ - 1]]


def _box(box: Box) -> str:
    node = box.node
    on = " d-on" if node.status == "now" else ""
    look = " ".join(
        [
            "d-box",
            *(["d-start"] if node.shape == "start" else []),
            *([f"d-{node.status}"] if node.status else []),
            *([f"h-{node.depth}"] if node.depth else []),
        ]
    )
    value = " d-v" if node.measured else ""
    radius = 8 if node.shape == "box" else min(20, node.height / 2)
    texts = [f'<text class="d-t{on}" x="{box.middle:g}" y="{_title_y(box):g}">{escape(node.title)}</text>']
    for number, line in enumerate(node.lines):
        texts.append(
            f'<text class="d-s{on}{value}" x="{box.middle:g}" y="{box.y + 43 + 18 * number:g}">{escape(line)}</text>'
        )
    return (
        f"<g data-state={quoteattr(node.key)}>"
        f'<rect class="{look}" x="{box.x:g}" y="{box.y:g}" width="{node.width}" height="{node.height}" rx="{radius:g}"/>'
        + "".join(texts)
        + "</g>"
    )


def _title_y(box: Box) -> float:
    return box.y + 24 if box.node.lines else box.level + 5


def _caption(caption: Caption, route: Route) -> str:
    look = [
        "d-l",
        *(["d-mid"] if caption.anchor == "middle" else []),
        *(["d-back"] if route.edge.kind == "back" else []),
    ]
    return f'<text class="{" ".join(look)}" x="{caption.x:g}" y="{caption.y:g}">{escape(caption.text)}</text>'
