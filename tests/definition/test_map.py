"""How processes start, read from the definitions, and drawn."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

from definition.shipped import shipped
from workflows.definition.load import load_text
from workflows.definition.map import ProcessMap, map_of
from workflows.definition.map_drawing import GAP, draw_map, lay_out

PROCESSES = """
process: order
title: {zh: 采购, en: Order}
source: ours
family: shop
name: "{what}"
start: {by: {position: specialist}, form: [what]}
schedule: [{every: month, day: last_workday - 5wd, at: "09:00", set: {what: '"x"'}}, {every: week, day: mon, at: "09:00", set: {what: '"x"'}}]
fields:
  what: {type: text, required: true, zh: 买什么, en: What}
  urgent: {type: boolean, zh: 急件, en: Urgent}
states:
  buying:
    title: {zh: 购买, en: Buying}
    task: {for: starter, edit: [urgent]}
    actions: {submit: bought}
  bought:
    title: {zh: 已买, en: Bought}
    spawn: [{process: delivery, if: "is_set(urgent) and urgent", set: {what: what}}, {process: report, set: {what: what}}]
    after: {7d: done}
  done: {title: {zh: 完成, en: Done}, end: done}
---
process: delivery
title: {zh: 送货, en: Delivery}
source: ours
family: service
name: "{what}"
start: {by: spawn}
fields: {what: {type: text, required: true, zh: 什么, en: What}}
states:
  driving: {title: {zh: 送货, en: Driving}, after: {1d: reporting}}
  reporting: {title: {zh: 写报告, en: Reporting}, spawn: {process: report, set: {what: what}}, after: {1d: done}}
  done: {title: {zh: 送到, en: Delivered}, end: done}
---
process: report
title: {zh: 报告, en: Report}
source: ours
family: shop
name: "{what}"
start: {by: [everyone, spawn], form: [what]}
fields: {what: {type: text, required: true, zh: 什么, en: What}}
states:
  writing: {title: {zh: 写, en: Writing}, task: {for: starter}, actions: {submit: done}}
  done: {title: {zh: 好了, en: Done}, end: done}
"""


def found() -> ProcessMap:
    return map_of(load_text(PROCESSES, "three.yaml"))


def test_what_starts_a_process_and_when() -> None:
    entries = found().entries
    assert {key: entry.ways for key, entry in entries.items()} == {
        "order": ("calendar", "person"),
        "delivery": ("process",),
        "report": ("person", "process"),
    }
    assert [text.zh for text in entries["order"].when] == ["每月最后工作日前 5 个工作日", "每周一"]
    assert [text.en for text in entries["order"].when] == [
        "every month, 5 wd before last workday of the month",
        "every week on Monday",
    ]


def test_what_it_starts_and_for_what() -> None:
    entries = found().entries
    assert [(start.child, start.said.zh) for start in entries["order"].children] == [
        ("delivery", "填了“急件” 且 急件"),
        ("report", "已买"),
    ]
    assert [start.parent for start in entries["report"].parents] == ["order", "delivery"]


def test_a_process_stands_right_of_all_that_start_it() -> None:
    places = lay_out(found(), "zh").places
    assert {key: place.column for key, place in places.items()} == {"order": 0, "delivery": 1, "report": 2}


def test_the_picture_is_sound_and_says_who_starts_whom() -> None:
    svg = draw_map(found(), address=lambda key: f"/processes/{key}")
    tree = ElementTree.fromstring(svg)
    assert tree.get("role") == "group", "links stand in it"
    assert ElementTree.fromstring(draw_map(found())).get("role") == "img"
    assert "style=" not in svg
    assert "采购派生送货、报告。" in svg
    links = [a.get("href") for a in tree.iter("{http://www.w3.org/2000/svg}a")]
    assert sorted(filter(None, links)) == ["/processes/delivery", "/processes/order", "/processes/report"]
    assert len(re.findall(r'marker-end="url\(#m-to\)"', svg)) == 3


def test_processes_that_start_one_another_in_a_circle_are_drawn() -> None:
    text = PROCESSES.replace(
        "after: {1d: done}}\n  done: {title: {zh: 送到", "after: {1d: done}}\n  done: {title: {zh: 送到"
    )
    circle = text.replace(
        "writing: {title: {zh: 写, en: Writing}, task: {for: starter}, actions: {submit: done}}",
        "writing: {title: {zh: 写, en: Writing}, spawn: {process: delivery, set: {what: what}}, after: {1d: done}}",
    )
    assert "报告派生送货。" in draw_map(map_of(load_text(circle, "circle.yaml")))


def test_nothing_of_the_shipped_map_lies_on_something_else() -> None:
    the_map = map_of(shipped().values())
    for language in ("zh", "en"):
        layout = lay_out(the_map, language)
        places = [(place.column, place.y) for place in layout.places.values()]
        assert len(set(places)) == len(places) == len(the_map.linked)
        tops = sorted((top, top + high) for top, high in layout.bands.values())
        assert all(one[1] < other[0] for one, other in pairwise(tops))
        assert all(place.x + layout.wide + GAP <= layout.width + GAP for place in layout.places.values())
        assert all(any(top < place.y < bottom for top, bottom in tops) for place in layout.places.values()), (
            "every box stands in a band"
        )


def test_a_family_is_as_high_as_its_title() -> None:
    the_map = map_of(shipped().values())
    svg = draw_map(the_map, language="en")
    bottoms = [
        float(y) + float(high) for y, high in re.findall(r'class="m-band" x="0" y="(.+?)".+?height="(.+?)"', svg)
    ]
    lines = [(float(y), text) for y, text in re.findall(r'class="m-fam" x="14" y="(.+?)">(.+?)<', svg)]
    assert "content" in [text for _, text in lines], "a title of three lines"
    tops = [0.0, *bottoms]
    for y, text in lines:
        assert any(above < y < below - 8 for above, below in pairwise(tops)), text


def test_what_comes_from_afar_arrives_on_one_line() -> None:
    """Two processes start the report two columns further on; one line leads into its box."""
    order = PROCESSES.partition("---")[0]
    gift = order.replace("process: order", "process: gift").replace("zh: 采购, en: Order", "zh: 赠品, en: Gift")
    svg = draw_map(map_of(load_text(f"{PROCESSES}---{gift}", "four.yaml")))
    paths = re.findall(r'class="d-e" d="(.+?)"', svg)
    from_afar = [path.split("H", 2)[2] for path in paths if path.count("V") == 2]
    assert len(from_afar) == 2
    assert len(set(from_afar)) == 1
