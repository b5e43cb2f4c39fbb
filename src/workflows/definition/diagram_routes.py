"""How the arrows run: straight between neighbours, else along lanes in the zones between the rows.

Zones are counted from the top: zone 2r lies above row r, zone 2r + 1 between row r and its lower row. Every horizontal piece
of an arrow gets a lane of its own in a zone, so that no two lie on each other; arrows that mean the same and lead to the same
box share one. Loops that span rows climb in the left margin, what leads on further down runs in the right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from workflows.definition.diagram_graph import Edge, Graph, small
from workflows.definition.diagram_places import Box

Point = tuple[float, float]
Side = Literal["top", "bottom"]

LANE = 22
"""Distance of two lanes: a label stands between them."""

HEAD = 16
"""Room for an arrow's head between a lane and a box."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A label at a place; `anchor` as in SVG."""

    x: float
    y: float
    anchor: Literal["start", "middle"]
    text: str


@dataclass(slots=True)
class Route:
    """An arrow with its points and labels."""

    edge: Edge
    points: list[Point] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)


@dataclass(slots=True)
class Leg:
    """A horizontal piece in a zone: the x of everything that joins it, and later its lane."""

    zone: int
    joins: list[float]
    label: str = ""
    lane: int = 0

    @property
    def span(self) -> tuple[float, float]:
        """From where to where, the label included."""
        left, right = min(self.joins), max(self.joins)
        at, anchor = self.label_at
        width = small(self.label) if self.label else 0
        start = at if anchor == "start" else at - width / 2
        return min(left, start) - 8, max(right, start + width) + 8

    @property
    def label_at(self) -> tuple[float, Literal["start", "middle"]]:
        """The middle of its widest open piece, but on the page; beside it where it is only a vertical line."""
        xs = sorted(set(self.joins))
        if xs[-1] - xs[0] < 12:
            return xs[-1] + 7, "start"
        gap, left = max((two - one, one) for one, two in pairwise(xs))
        return max(left + gap / 2, small(self.label) / 2 + 4), "middle"


@dataclass(slots=True)
class Plan:
    """An arrow on its way: where it leaves and enters, its legs, and the margin between two legs."""

    route: Route
    leave: tuple[str, Side]
    enter: tuple[str, Side]
    zones: tuple[int, ...]
    start: float = 0
    end: float = 0
    margin: float = 0
    legs: list[Leg] = field(default_factory=list)


@dataclass(slots=True)
class Drawing:
    """The finished picture: boxes, arrows and its size."""

    boxes: Mapping[str, Box]
    routes: list[Route]
    width: float
    height: float


def lay(graph: Graph, boxes: Mapping[str, Box]) -> Drawing:
    """Lay all arrows and give every box its height on the page."""
    rows = 1 + max(box.row for box in boxes.values())
    direct = [Route(edge) for edge in graph.edges if _neighbours(graph, boxes, edge)]
    turns = [Route(edge) for edge in graph.edges if _next_row(graph, boxes, edge)]
    known = {id(route.edge) for route in (*direct, *turns)}
    plans = [_plan(Route(edge), boxes) for edge in graph.edges if id(edge) not in known]
    _set_ports(plans, boxes)
    edge_of_page = max(box.right for box in boxes.values())
    _set_margins(plans, boxes, edge_of_page)
    legs = _legs(plans)
    turning = {id(route): _turn(route, boxes) for route in turns}
    lanes = _set_lanes([*legs, *turning.values()])
    levels = _stack(boxes, rows, lanes)
    for route in direct:
        _straight(route, boxes)
    for route in turns:
        _turned(route, turning[id(route)], boxes, levels)
    for plan in plans:
        _along(plan, boxes, levels)
    _label(plans, levels)
    routes = [*direct, *turns, *(plan.route for plan in plans)]
    return Drawing(boxes, routes, _right_end(boxes, routes), levels.bottom)


# ---- which way -----------------------------------------------------------------------------------------------------


def _neighbours(graph: Graph, boxes: Mapping[str, Box], edge: Edge) -> bool:
    source, target = boxes[edge.source], boxes[edge.target]
    if source.below and target.below and edge.kind == "go" and source.row == target.row:
        beside = [box for box in boxes.values() if box.below and box.row == source.row and source.x < box.x]
        return min(beside, key=lambda box: box.x, default=source) is target
    return _consecutive(graph, edge) and source.row == target.row


def _next_row(graph: Graph, boxes: Mapping[str, Box], edge: Edge) -> bool:
    return _consecutive(graph, edge) and boxes[edge.source].row != boxes[edge.target].row


def _consecutive(graph: Graph, edge: Edge) -> bool:
    pairs = set(pairwise(graph.way))
    return edge.kind == "go" and (edge.source, edge.target) in pairs


def _plan(route: Route, boxes: Mapping[str, Box]) -> Plan:
    """Which sides and zones an arrow uses."""
    edge = route.edge
    source, target = boxes[edge.source], boxes[edge.target]
    a, b = 2 * source.row + source.below, 2 * target.row + target.below
    if edge.kind == "stay" or (edge.kind == "back" and not source.below and not target.below):
        leave, enter = a, b
    elif a == b:
        leave = enter = a if source.below else a + 1
    elif a < b:
        leave, enter = a + 1, b
    else:
        leave, enter = a, b + 1
    zones = (leave,) if leave == enter else (leave, enter)
    return Plan(
        route,
        (edge.source, "top" if leave == a else "bottom"),
        (edge.target, "top" if enter == b else "bottom"),
        zones,
    )


# ---- where it leaves and enters ------------------------------------------------------------------------------------


def _set_ports(plans: list[Plan], boxes: Mapping[str, Box]) -> None:
    """Spread the arrows of each side of a box over its width, those from the left to the left."""
    wishes: dict[tuple[str, Side], dict[object, tuple[float, list[tuple[Plan, str]]]]] = {}
    for plan in plans:
        edge = plan.route.edge
        shared = ("in", *_meaning(plan))
        loop = 0.1 if edge.kind == "stay" else 0
        for place, key, other, attribute in (
            (plan.leave, ("out", id(plan)), boxes[edge.target].middle + loop, "start"),
            (plan.enter, shared, boxes[edge.source].middle - loop, "end"),
        ):
            at, users = wishes.setdefault(place, {}).get(key, (other, []))
            wishes[place][key] = (at, [*users, (plan, attribute)])
    for (box, _), found in wishes.items():
        for place_, (_, users) in enumerate(sorted(found.values(), key=lambda wish: wish[0]), start=1):
            for plan, attribute in users:
                setattr(plan, attribute, boxes[box].x + boxes[box].node.width * place_ / (len(found) + 1))
    for plan in plans:
        _straighten(plan, wishes, boxes)


def _straighten(
    plan: Plan, wishes: Mapping[tuple[str, Side], Mapping[object, object]], boxes: Mapping[str, Box]
) -> None:
    """Let an arrow fall straight where the box under it has room and nothing else enters there."""
    target = boxes[plan.enter[0]]
    alone = len(wishes[plan.enter]) == 1
    if (
        len(plan.zones) == 1
        and plan.leave[1] != plan.enter[1]
        and alone
        and target.x + 10 < plan.start < target.right - 10
    ):
        plan.end = plan.start


def _meaning(plan: Plan) -> tuple[object, ...]:
    """Arrows of one meaning share a lane and the place where they enter."""
    edge = plan.route.edge
    own = id(plan) if edge.kind != "go" else 0
    return (edge.target, edge.labels, edge.kind, plan.enter, own)


def _set_margins(plans: list[Plan], boxes: Mapping[str, Box], edge_of_page: float) -> None:
    left, right = min(box.x for box in boxes.values()) - 34, edge_of_page + 36
    taken: dict[tuple[object, ...], float] = {}
    for plan in plans:
        if len(plan.zones) < 2:
            continue
        key = _meaning(plan)
        if key not in taken:
            back = plan.route.edge.kind == "back"
            taken[key] = left if back else right
            left, right = (left - 14, right) if back else (left, right + 14)
        plan.margin = taken[key]


# ---- lanes ---------------------------------------------------------------------------------------------------------


def _legs(plans: list[Plan]) -> list[Leg]:
    """The horizontal pieces; arrows of one meaning share theirs."""
    shared: dict[tuple[object, ...], Leg] = {}
    for plan in plans:
        key, label = _meaning(plan), plan.route.edge.label
        stops = [plan.start, plan.margin, plan.end] if len(plan.zones) == 2 else [plan.start, plan.end]
        for number, zone in enumerate(plan.zones):
            leg = shared.setdefault((*key, zone), Leg(zone, []))
            leg.joins += stops[number : number + 2]
            leg.label = leg.label or ("" if number else label)
            plan.legs.append(leg)
    return list(shared.values())


def _turn(route: Route, boxes: Mapping[str, Box]) -> Leg:
    """From the end of a row to the beginning of the next."""
    source, target = boxes[route.edge.source], boxes[route.edge.target]
    beside = max(box.right for box in boxes.values() if box.row == source.row) + 18
    return Leg(2 * target.row, [target.x - 16, beside], route.edge.label, lane=-1)


def _set_lanes(legs: Iterable[Leg]) -> dict[int, int]:
    """Give every leg a lane, short ones next to the boxes; returns how many lanes each zone has."""
    lanes: dict[int, list[list[tuple[float, float]]]] = {}
    turns = [leg for leg in legs if leg.lane < 0]
    for leg in sorted((leg for leg in legs if leg.lane >= 0), key=lambda leg: leg.span[1] - leg.span[0]):
        zone = lanes.setdefault(leg.zone, [])
        start, end = leg.span
        free = (n for n, lane in enumerate(zone) if all(end <= one or start >= two for one, two in lane))
        leg.lane = next(free, len(zone))
        if leg.lane == len(zone):
            zone.append([])
        zone[leg.lane].append((start, end))
    for leg in turns:  # a turn to the next row runs above everything that belongs to that row
        zone = lanes.setdefault(leg.zone, [])
        leg.lane = len(zone)
        zone.append([leg.span])
    return {zone: len(found) for zone, found in lanes.items()}


@dataclass(slots=True)
class Levels:
    """The y of every lane, and the lower edge of the picture."""

    first: dict[int, float]
    bottom: float = 0

    def of(self, leg: Leg) -> float:
        """Above a row lanes are counted upwards, below it downwards."""
        step = -LANE if leg.zone % 2 == 0 else LANE
        return self.first[leg.zone] + step * leg.lane


def _stack(boxes: Mapping[str, Box], rows: int, lanes: Mapping[int, int]) -> Levels:
    """Set rows and zones one below the other."""
    levels = Levels({})
    y: float = 4
    for row in range(rows):
        above = lanes.get(2 * row, 0)
        y += HEAD + LANE * above if above else (6 if row == 0 else 26)
        levels.first[2 * row] = y - HEAD
        y = _set_row([box for box in boxes.values() if box.row == row and not box.below], y)
        below = lanes.get(2 * row + 1, 0)
        levels.first[2 * row + 1] = y + LANE + 2
        y += HEAD + 2 + LANE * below if below else 0
        y = _set_row([box for box in boxes.values() if box.row == row and box.below], y)
    last = lanes.get(2 * rows, 0)
    levels.first[2 * rows] = y + LANE * last
    levels.bottom = y + LANE * last + 10
    return levels


def _set_row(boxes: list[Box], y: float) -> float:
    tallest = max((box.node.height for box in boxes), default=0)
    for box in boxes:
        box.y = y + (tallest - box.node.height) / 2
    return y + tallest


# ---- points and labels ---------------------------------------------------------------------------------------------


def _straight(route: Route, boxes: Mapping[str, Box]) -> None:
    source, target = boxes[route.edge.source], boxes[route.edge.target]
    y = source.level
    route.points = [(source.right, y), (target.x, y)]
    middle = (source.right + target.x - 6) / 2
    for number, label in enumerate(route.edge.labels):
        route.captions.append(Caption(middle, y - 7 if number == 0 else y + 3 + 15 * number, "middle", label))


def _turned(route: Route, leg: Leg, boxes: Mapping[str, Box], levels: Levels) -> None:
    source, target = boxes[route.edge.source], boxes[route.edge.target]
    left, right, y = target.x - 16, max(leg.joins), levels.of(leg)
    route.points = [
        (source.right, source.level),
        (right, source.level),
        (right, y),
        (left, y),
        (left, target.level),
        (target.x, target.level),
    ]
    if leg.label:
        near = max((left + right) / 2, right - small(leg.label) / 2 - 24)  # beside the box that it is said of
        route.captions.append(Caption(near, y - 5, "middle", leg.label))


def _along(plan: Plan, boxes: Mapping[str, Box], levels: Levels) -> None:
    source, target = boxes[plan.leave[0]], boxes[plan.enter[0]]
    begin = (plan.start, source.y if plan.leave[1] == "top" else source.bottom)
    finish = (plan.end, target.y if plan.enter[1] == "top" else target.bottom)
    ys = [levels.of(leg) for leg in plan.legs]
    if len(ys) == 2:
        bends = [(plan.start, ys[0]), (plan.margin, ys[0]), (plan.margin, ys[1]), (plan.end, ys[1])]
    elif plan.start == plan.end:
        bends = []
    else:
        bends = [(plan.start, ys[0]), (plan.end, ys[0])]
    plan.route.points = [begin, *bends, finish]


def _label(plans: list[Plan], levels: Levels) -> None:
    """Every leg that has a label shows it once."""
    labelled: set[int] = set()
    for plan in plans:
        for leg in plan.legs:
            if leg.label and id(leg) not in labelled:
                labelled.add(id(leg))
                x, anchor = leg.label_at
                drop = 3 if anchor == "start" else -5
                plan.route.captions.append(Caption(x, levels.of(leg) + drop, anchor, leg.label))


def _right_end(boxes: Mapping[str, Box], routes: list[Route]) -> float:
    ends = [box.right for box in boxes.values()] + [x for route in routes for x, _ in route.points]
    for route in routes:
        for caption in route.captions:
            width = small(caption.text)
            ends.append(caption.x + (width if caption.anchor == "start" else width / 2))
    return max(ends) + 12
