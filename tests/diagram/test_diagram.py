"""The picture of every shipped definition: complete, legible, nothing on top of anything else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from definition.shipped import shipped
from workflows.definition.diagram import Heat, Progress, draw, outline
from workflows.definition.diagram_command import diagram
from workflows.definition.diagram_graph import graph_of
from workflows.definition.diagram_names import names_in
from workflows.definition.diagram_words import Speaker
from workflows.definition.load import load_text
from workflows.definition.model import START, Process
from workflows.errors import NotFound
from workflows.settings import project_folder

SVG = "{http://www.w3.org/2000/svg}"
PROCESSES = shipped()
NAMES = names_in(project_folder("sample") / "company", PROCESSES.values())

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""

each = pytest.mark.parametrize("key", PROCESSES)
in_both = pytest.mark.parametrize("language", ["zh", "en"])


def svg(process: Process, language: str = "zh", **how: object) -> ET.Element:
    return ET.fromstring(draw(process, language=language, names=NAMES, **how))  # type: ignore[arg-type]


def size(text: ET.Element) -> tuple[float, int]:
    """How wide and high a text is: fonts are about this wide, a little less in practice."""
    big = "d-t" in text.get("class", "").split()
    per_wide, per_latin = (14, 8) if big else (12, 7)
    words = text.text or ""
    return sum(per_wide if ord(c) >= 0x2E80 else per_latin for c in words), 14 if big else 12


def boxes(root: ET.Element) -> dict[str, Rectangle]:
    found = {}
    for group in root.findall(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        x, y = float(rect.get("x", 0)), float(rect.get("y", 0))
        found[group.get("data-state", "")] = (x, y, x + float(rect.get("width", 0)), y + float(rect.get("height", 0)))
    return found


def labels(root: ET.Element) -> list[tuple[str, Rectangle]]:
    found = []
    for text in root.findall(f"{SVG}text"):
        width, height = size(text)
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        left = x - width / 2 if "d-mid" in text.get("class", "").split() else x
        found.append((text.text or "", (left, y - height + 2, left + width, y + 2)))
    return found


def overlap(one: Rectangle, two: Rectangle) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def transitions(process: Process) -> set[tuple[str, str]]:
    """Every (from, to) that the definition can take, and loops of actions that stay."""
    found = {(START, process.start.to or next(iter(process.states)))}
    for key, state in process.states.items():
        leading = [*state.actions.values(), *state.after, *state.signals, *state.spawns]
        found |= {(key, way.to) for thing in leading for way in thing.ways}
        found |= {(key, key) for action in state.actions.values() if action.stay}
    for anytime in process.anytime.values():
        sources = anytime.states or tuple(key for key, state in process.states.items() if not state.end)
        found |= {(source, way.to) for source in sources for way in anytime.action.ways}
    return found


@each
@in_both
def test_every_state_and_transition_is_drawn(key: str, language: str) -> None:
    process = PROCESSES[key]
    root = svg(process, language)
    drawn = {(path.get("data-from"), path.get("data-to")) for path in root.findall(f"{SVG}path")}
    assert set(boxes(root)) == {START, *process.states}
    assert drawn == transitions(process)


@each
@in_both
def test_texts_fit_their_boxes(key: str, language: str) -> None:
    for group in svg(PROCESSES[key], language).findall(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        left, top = float(rect.get("x", 0)), float(rect.get("y", 0))
        right, bottom = left + float(rect.get("width", 0)), top + float(rect.get("height", 0))
        for text in group.findall(f"{SVG}text"):
            width, height = size(text)
            x, y = float(text.get("x", 0)), float(text.get("y", 0))
            assert left + 8 <= x - width / 2, text.text
            assert x + width / 2 <= right - 8, text.text
            assert top + 4 <= y - height, text.text
            assert y + 3 <= bottom, text.text


@each
@in_both
def test_nothing_lies_on_anything_else(key: str, language: str) -> None:
    root = svg(PROCESSES[key], language)
    wide, high = float(root.get("width", 0)), float(root.get("height", 0))
    things = [*boxes(root).items(), *labels(root)]
    for (name, one), (other, two) in combinations(things, 2):
        assert not overlap(one, two), f"{name} lies on {other}"
    for name, (left, top, right, bottom) in things:
        assert left >= 0, name
        assert top >= 0, name
        assert right <= wide, name
        assert bottom <= high, name


@each
def test_lines_do_not_run_through_boxes(key: str) -> None:
    root = svg(PROCESSES[key])
    for path in root.findall(f"{SVG}path"):
        points = [tuple(float(n) for n in point.split()) for point in path.get("d", "")[1:].split("L")]
        for (x1, y1), (x2, y2) in pairwise(points):
            line = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            for state, (left, top, right, bottom) in boxes(root).items():
                inside = (left + 1, top + 1, right - 1, bottom - 1)
                assert not overlap((line[0], line[1], line[2] + 0.1, line[3] + 0.1), inside), (path.attrib, state)


@each
def test_a_page_of_700_pixels_shows_it_without_scrolling(key: str) -> None:
    assert float(svg(PROCESSES[key]).get("width", 0)) <= 700


@each
def test_it_can_be_heard(key: str) -> None:
    process = PROCESSES[key]
    root = svg(process)
    described = root.get("aria-labelledby", "").split()
    texts = {part.get("id"): part.text or "" for part in root if part.get("id")}
    assert process.title.zh in texts[described[0]]
    assert all(
        title in texts[described[1]] for title in ["发起", next(s for s in process.states.values() if s.end).title.zh]
    )
    steps = outline(process, names=NAMES)
    assert [step.key for step in steps] == [START, *process.states]
    assert all(step.ways or process.states[step.key].end for step in steps if step.key != START)


def test_it_is_plain_text_without_styles_on_elements() -> None:
    drawn = draw(PROCESSES["campaign"], names=NAMES)
    assert "style=" not in drawn
    assert "<script" not in drawn
    assert "<style>" in drawn
    assert "<style>" not in draw(PROCESSES["campaign"], look=None)
    assert draw(PROCESSES["campaign"], look="dark") != draw(PROCESSES["campaign"])
    assert "prefers-color-scheme:dark" in draw(PROCESSES["campaign"], look="auto")


def test_a_case_is_lit_on_its_way() -> None:
    progress = Progress(
        now=frozenset({"reviewing"}),
        passed=frozenset({START, "building"}),
        taken=frozenset({(START, "building"), ("building", "reviewing")}),
        notes={"building": "王梓涵 ✓", "reviewing": "你 · 现在"},
        returned={("reviewing", "building"): 1},
    )
    root = svg(PROCESSES["shop_build"], progress=progress)
    look = {group.get("data-state"): group.find(f"{SVG}rect").get("class") for group in root.findall(f"{SVG}g")}  # type: ignore[union-attr]
    assert look == {
        START: "d-box d-start d-done",
        "building": "d-box d-done",
        "reviewing": "d-box d-now",
        "online": "d-box",
    }
    assert "退回 1 次" in [text for text, _ in labels(root)]
    taken = {path.get("data-to") for path in root.findall(f"{SVG}path") if "d-e-done" in path.get("class", "")}
    assert taken == {"building", "reviewing"}


BRANCHING = """
process: budget
title: {zh: 预算审批, en: Budget}
source: ours
name: "{amount}"
start: {by: everyone, form: [amount]}
fields:
  amount: {type: money, required: true, zh: 预算, en: Amount}
states:
  supervisor:
    title: {zh: 主管审核, en: Supervisor}
    task: {for: {manager_of: starter}}
    actions:
      approve: [{to: director, when: amount > 100000}, {to: running, else: true}]
      send_back: {to: start, reason: required}
  director:
    title: {zh: 总监审批, en: Director}
    task: {for: {position: operations_director}}
    actions: {approve: running, reject: {to: refused, reason: required}}
  running:
    title: {zh: 投放中, en: Running}
    task: {for: starter}
    actions: {submit: done}
  done: {title: {zh: 结案, en: Done}, end: completed}
  refused: {title: {zh: 已驳回, en: Refused}, end: rejected}
"""


def test_the_short_way_is_straight_and_the_long_one_lies_below() -> None:
    process = load_text(BRANCHING, "budget.yaml")[0]
    root = svg(process)
    found = boxes(root)
    level = {key: (top + bottom) / 2 for key, (_, top, _, bottom) in found.items()}
    assert level[START] == level["supervisor"] == level["running"] == level["done"]
    assert level["director"] > level["running"]
    texts = {text for text, _ in labels(root)}
    assert {"通过，预算 > 100000", "通过，其余", "退回"} <= texts


RETURNING = """
process: returning
title: {zh: 退货, en: Return}
source: ours
name: "{goods}"
start: {by: everyone, form: [goods]}
fields:
  goods: {type: text, required: true, zh: 商品, en: Goods}
states:
  waiting: {title: {zh: 待寄回, en: Waiting}, after: {entered + 7d: closed}}
  inspecting:
    title: {zh: 验货, en: Inspect}
    task: {for: starter}
    actions: {submit: closed}
  closed: {title: {zh: 已结束, en: Closed}, end: completed}
anytime:
  withdraw: {title: {zh: 不退了, en: Withdraw}, by: starter, in: [waiting], to: closed}
  sent: {title: {zh: 已寄出, en: Sent}, kind: submit, by: starter, in: [waiting], to: inspecting}
"""


def test_what_carries_the_work_on_is_more_usual_than_the_clock_that_gives_it_up() -> None:
    (process,) = load_text(RETURNING, "returning.yaml")
    assert graph_of(Speaker(process, "zh")).way == (START, "waiting", "inspecting", "closed")
    given_up = load_text(RETURNING.replace("kind: submit, ", ""), "returning.yaml")[0]
    assert graph_of(Speaker(given_up, "zh")).way == (START, "waiting", "closed")


def test_the_command_writes_a_picture_or_a_list(tmp_path: Path) -> None:
    file = tmp_path / "shop.svg"
    assert CliRunner().invoke(diagram, ["shop_build", "--dark", "-o", str(file)]).exit_code == 0
    assert ET.fromstring(file.read_text("utf-8")).get("lang") == "zh-Hans"
    listed = CliRunner().invoke(diagram, ["shop_build", "--text", "--lang", "en"])
    assert (
        "1. Design and build\n   Operations specialist, due 10 wd\n   Submit for review → Supervisor's review"
        in listed.output
    )


def test_the_command_offers_the_nearest_name() -> None:
    refused = CliRunner().invoke(diagram, ["shop_biuld"])
    assert isinstance(refused.exception, NotFound)
    assert "shop_build" in refused.exception.zh


def test_positions_are_called_as_the_company_calls_them(tmp_path: Path) -> None:
    (tmp_path / "positions.csv").write_text("code,zh,en\noperations_specialist,店小二,Shop hand\n", encoding="utf-8")
    drawn = CliRunner().invoke(diagram, ["shop_build", "--text", "--org", str(tmp_path)])
    assert "店小二" in drawn.output
    assert "operations supervisor" in drawn.output  # in no file: by its key


def test_heat_stands_in_the_boxes_and_on_the_arrows() -> None:
    process = PROCESSES["campaign"]
    gone = {("preparing", "approving"): 30, ("approving", "preparing"): 9, ("approving", "registering"): 12}
    heat = Heat(
        lines={"preparing": "等 3.2", "approving": "等 9.4", "waiting": "由时钟走"},
        depths={"approving": 2},
        alone=frozenset({"waiting"}),
        gone=gone,
        said="每件平均等的工时：准备 3.2，审批 9.4。",
    )
    root = svg(process, look=None, heat=heat)
    classes = {group.get("data-state"): group.find(f"{SVG}rect").get("class") for group in root.findall(f"{SVG}g")}  # type: ignore[union-attr]
    assert (classes["preparing"], classes["approving"], classes["waiting"]) == ("d-box", "d-box h-2", "d-box d-skip")
    texts = {text.text for text in root.iter(f"{SVG}text")}
    assert {"等 3.2", "等 9.4", "由时钟走", "30", "12"} <= texts
    assert [text for text in texts if text and text.endswith(" 9")] != []  # the send-back says what it is
    drawn = {(path.get("data-from"), path.get("data-to")): path.get("class") for path in root.findall(f"{SVG}path")}
    assert [drawn[way] for way in gone] == ["d-e d-w4", "d-e d-e-back d-w2", "d-e d-w3"]
    assert drawn["registering", "waiting"] == "d-e d-skip"
    assert (root.findtext(f"{SVG}desc") or "").startswith("每件平均等的工时")


@each
def test_heat_never_lies_on_top_of_anything(key: str) -> None:
    process = PROCESSES[key]
    gone = dict.fromkeys(transitions(process), 1234)
    lines = dict.fromkeys(process.states, "等 1234.5 工时")
    root = svg(process, look=None, heat=Heat(lines, dict.fromkeys(lines, 3), frozenset(), gone, ""))
    shown = [*boxes(root).values(), *(place for _, place in labels(root))]
    assert [(one, two) for one, two in combinations(shown, 2) if overlap(one, two)] == []
