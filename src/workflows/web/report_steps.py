"""Steps, ways and the heat on the diagram: what a report says of where time goes, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from workflows.definition.diagram import Heat, draw
from workflows.definition.diagram_graph import Edge, graph_of
from workflows.definition.diagram_heat import Depth
from workflows.definition.diagram_words import Speaker
from workflows.definition.model import START, Process, State
from workflows.reports.process import ProcessReport, StepReport, is_send_back
from workflows.reports.ways import Way
from workflows.web.components import Diagram
from workflows.web.diagrams import names
from workflows.web.language import _, language
from workflows.web.reader import words

WIDE: Final = 158
"""Of the 160 units of a bar the longest step takes so many."""
DEPTHS: Final = (Decimal(4), Decimal(8), Decimal(12))
"""From so many working hours of waiting on a box is coloured deeper."""
COLUMN: Final = 780
"""The picture stands beside the list of ways: rows are broken to this width where boxes allow it."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: hours a case waited and was worked on there ("" of too few), how often, how often late. `alone`: it runs without
    people, and how long. `bar`: the widths of waiting and working."""

    key: str
    title: str
    who: str
    waiting: str
    working: str
    visits: int
    late: int
    bar: tuple[int, int]
    alone: str
    slowest: bool


@dataclass(frozen=True, slots=True)
class WayRow:
    """One way: from → to, how often, and a remark."""

    source: str
    target: str
    title: str
    times: int
    note: str


def speaker_of(process: Process) -> Speaker:
    """Says a process in the reader's language."""
    return Speaker(process, language(), names())


def step_rows(report: ProcessReport, speaker: Speaker) -> tuple[StepRow, ...]:
    """The steps in the order of the definition."""
    longest = max((_mean(step) for step in report.steps), default=0) or 1
    slowest = report.sum.slowest
    return tuple(_step(step, report, speaker, longest, slowest[0] if slowest else "") for step in report.steps)


def _step(step: StepReport, report: ProcessReport, speaker: Speaker, longest: int, slowest: str) -> StepRow:
    total = step.sum
    waiting, working = total.mean_waiting, total.mean_working
    known = waiting is not None and working is not None
    bar = (_part(total.waiting, total.cases, longest), _part(total.working, total.cases, longest)) if known else (0, 0)
    return StepRow(
        step.key,
        speaker.say(step.title),
        _who(report.process.states.get(step.key), report.process, step.key, speaker),
        f"{waiting}" if known else "",
        f"{working}" if known else "",
        step.visits,
        total.late,
        bar,
        _alone(step, report.process.states.get(step.key)) if step.stay is not None else "",
        step.key == slowest,
    )


def _mean(step: StepReport) -> int:
    return (step.sum.waiting + step.sum.working) // step.sum.cases if step.sum.cases else 0


def _part(seconds: int, cases: int, longest: int) -> int:
    return seconds * WIDE // (cases * longest) if cases else 0


def _who(state: State | None, process: Process, key: str, speaker: Speaker) -> str:
    """Whose the step is."""
    if key == START:
        return speaker.people(process.start.by)
    if state is None:
        return _("旧版本的步骤")
    return speaker.pick("、", ", ").join(dict.fromkeys(speaker.people(task.who or task.each) for task in state.tasks))


def _alone(step: StepReport, state: State | None) -> str:
    if step.stay is None:
        return ""
    long = words().length(step.stay.mean)
    if state is not None and any(spawn.ways for spawn in state.spawns):
        return _("等其他事项，平均 %(long)s，不算等也不算办", long=long)
    return _("由时钟走，平均 %(long)s，不算等也不算办", long=long)


# ---- ways --------------------------------------------------------------------------------------------------------


def way_rows(report: ProcessReport, speaker: Speaker) -> tuple[WayRow, ...]:
    """The ways gone, in the order of the steps they lead out of; several actions between two steps are one way."""
    edges = {(edge.source, edge.target): edge for edge in graph_of(speaker).edges}
    order = {key: place for place, key in enumerate((START, *report.process.states))}
    together: dict[tuple[str, str], list[Way]] = {}
    for way in report.ways:
        together.setdefault((way.source, way.target), []).append(way)
    ranked = sorted(together, key=lambda pair: (order.get(pair[0], len(order)), order.get(pair[1], len(order))))
    return tuple(_way(pair, together[pair], report, speaker, edges) for pair in ranked)


def _way(
    pair: tuple[str, str],
    ways: Iterable[Way],
    report: ProcessReport,
    speaker: Speaker,
    edges: Mapping[tuple[str, str], Edge],
) -> WayRow:
    gone = list(ways)
    times, cases = sum(way.times for way in gone), sum(way.cases for way in gone)
    title = f"{speaker.state(pair[0])} → {speaker.state(pair[1])}"
    edge = edges.get(pair)
    alternatives = sum(1 for one in edges if one[0] == pair[0]) > 1
    label = edge.label if edge is not None and alternatives else ""
    if any(is_send_back(report.process, way) for way in gone):
        note = _every(label or _("退回"), report.sum.finished, times)
    elif times > cases:
        again = _("其中 %(n)s 次是又走一遍", n=times - cases)
        note = _("，").join(part for part in (label, again) if part)
    else:
        note = label
    return WayRow(*pair, title, times, note)


def _every(label: str, finished: int, times: int) -> str:
    """退回，每 4 件 1 次."""
    if finished >= 2 * times:
        return _("%(what)s，每 %(n)s 件 1 次", what=label, n=(finished + times // 2) // times)
    return label


# ---- heat --------------------------------------------------------------------------------------------------------


def heat_of(report: ProcessReport, speaker: Speaker) -> Heat:
    """What colours the diagram: mean hours of waiting by step, how often each way was gone."""
    means = {step.key: mean for step in report.steps if (mean := step.sum.mean_waiting) is not None}
    alone = {step.key for step in report.steps if step.stay is not None}
    gone: dict[tuple[str, str], int] = {}
    for way in report.ways:
        gone[way.source, way.target] = gone.get((way.source, way.target), 0) + way.times
    lines = {key: _("等 %(hours)s", hours=f"{mean}") for key, mean in means.items()}
    lines |= {key: _("不经人手") for key in alone}
    return Heat(
        lines=lines,
        depths={key: depth_of(mean) for key, mean in means.items()},
        alone=frozenset(alone),
        gone=gone,
        said=_heat_said(report, speaker, means),
    )


def depth_of(hours: Decimal) -> Depth:
    """How deep a box is coloured: below 4 hours not at all, from 4, 8 and 12 on deeper."""
    depths: tuple[Depth, ...] = (0, 1, 2, 3)
    return depths[sum(hours >= limit for limit in DEPTHS)]


def _heat_said(report: ProcessReport, speaker: Speaker, means: Mapping[str, Decimal]) -> str:
    steps = _("，").join(f"{speaker.say(step.title)} {means[step.key]}" for step in report.steps if step.key in means)
    said = _("每件平均等的工时：%(steps)s。", steps=steps)
    if report.sent_back:
        said += _("退回 %(n)s 次。", n=report.sent_back)
    return said


def heat_drawing(report: ProcessReport, speaker: Speaker) -> Diagram:
    """The diagram of the newest version with the heat of all."""
    svg = draw(
        report.process, language=language(), look=None, names=speaker.names, heat=heat_of(report, speaker), width=COLUMN
    )
    caption = (
        _("流程图 · 第 %(n)s 版", n=report.version),
        _("颜色越深等得越久，线越粗走得越多，虚线没人走过"),
    )
    return Diagram(Markup(svg), caption, text_href="#h-steps")  # noqa: S704 - drawn by our own code, every text in it escaped
