"""The net of a process: every way of the definition is a way of the net, and no other."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from definition.shipped import shipped
from workflows.definition.diagram_command import diagram
from workflows.definition.net import SINK, SOURCE, activities, anytime_activity, net_of, pnml
from workflows.definition.proofs.graph import Edge, graph_of

PROCESSES = shipped()
each = pytest.mark.parametrize("key", PROCESSES)


def did(key: str, way: tuple[Edge, ...]) -> list[str]:
    """What somebody would see who goes these edges: an action of no task by its own name, else the step that is left."""
    process, names = PROCESSES[key], activities(PROCESSES[key])
    return [
        anytime_activity(process, edge.action.name) if edge.kind == "anytime" and edge.action is not None else names[edge.source]
        for edge in way
    ]  # fmt: skip


@each
def test_every_way_of_the_definition_is_a_way_of_the_net(key: str) -> None:
    process, graph, net = PROCESSES[key], graph_of(PROCESSES[key]), net_of(PROCESSES[key])
    ends = {state.key for state in process.states.values() if state.end is not None}
    for edge in graph.all():
        way = (*graph.way_to(edge.source), edge)
        assert net.allows(did(key, way))
        out = graph.reached(edge.target)
        target = next((state for state in out if state in ends), None)
        assert target is not None
        assert net.accepts(did(key, (*way, *out[target]))), (key, edge.source, edge.target)


@each
def test_a_step_left_out_is_seen(key: str) -> None:
    """The usual way without one of its steps leads somewhere only where the definition has such a shortcut."""
    process, graph, net = PROCESSES[key], graph_of(PROCESSES[key]), net_of(PROCESSES[key])
    after: dict[str, set[str]] = {}
    for edge in graph.all():
        after.setdefault(edge.source, set()).add(edge.target)
    end = next(state for state in process.states.values() if state.end is not None)
    way = graph.way_to(end.key)
    for place in range(1, len(way) - 1):
        if way[place].target not in after[way[place - 1].source] and all(edge.kind != "anytime" for edge in way):
            assert not net.accepts(did(key, (*way[:place], *way[place + 1 :])))
    assert not net.accepts([])
    assert not net.allows(["没有这一步"])


@each
def test_one_activity_leads_to_one_place(key: str) -> None:
    net = net_of(PROCESSES[key])
    visible = [(one.source, one.activity) for one in net.transitions if one.activity]
    assert len(visible) == len(set(visible))
    assert all(one.target == SINK for one in net.transitions if not one.activity)
    reached = {SOURCE} | {one.target for one in net.transitions}
    assert set(net.places) == reached


def test_the_net_is_written_as_pnml() -> None:
    process = PROCESSES["campaign"]
    root = ET.fromstring(pnml(process))
    page = root.find("net/page")
    assert page is not None
    places = {place.get("id"): place for place in page.findall("place")}
    middle = {one.get("id") for one in page.findall("transition")}
    for arc in page.findall("arc"):
        ends = (arc.get("source"), arc.get("target"))
        assert (ends[0] in places) != (ends[0] in middle)
        assert (ends[0] in places) == (ends[1] in middle)
    begun = [place for place in places.values() if place.find("initialMarking") is not None]
    assert [place.findtext("name/text") for place in begun] == [SOURCE]
    marked = root.find("net/finalmarkings/marking/place")
    assert marked is not None
    assert places[marked.get("idref")].findtext("name/text") == SINK
    shown = CliRunner().invoke(diagram, ["campaign", "--pnml", "--lang", "en"])
    assert ET.fromstring(shown.output).findtext("net/name/text") == process.title.en
