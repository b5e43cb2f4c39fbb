"""Every duration and moment is meaningful: nothing is due before it begins, reminded before it exists, or on the 40th workday."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from workflows.definition.model import Duration, Moment, Path, Process, Schedule, State, Task
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import graph_of
from workflows.errors import Text

_HOURS = {"h": 1, "d": 24, "wd": 24}
_MOST_WORKDAYS = {"week": 7, "month": 23, "quarter": 66, "year": 262}
_LONGEST_LEAD = {"week": 4, "month": 20, "quarter": 60, "year": 240}
"""How many working days a schedule may ring before its anchor and still fall into its period."""


def find(process: Process, _family: Family) -> Iterator[Finding]:
    """Moments that cannot be meant as they are written."""
    for state in process.states.values():
        for task in state.tasks:
            yield from _task(process, state, task)
        for after in state.after:
            yield from _ahead(process, after.when, after.path, state)
            yield from _nth(process, after.when, after.path)
        yield from _same_moment(process, state)
    for anytime in process.anytime.values():
        if anytime.until is not None:
            yield from _nth(process, anytime.until, (*anytime.action.path, "until"))
    for schedule in process.schedules:
        yield from _schedule(process, schedule)


def _task(process: Process, state: State, task: Task) -> Iterator[Finding]:
    if task.due is not None:
        yield from _ahead(process, task.due, (*task.path, "due"), state)
        yield from _nth(process, task.due, (*task.path, "due"))
    for index, reminder in enumerate(task.remind):
        path = _entry(process, (*task.path, "remind"), index)
        yield from _after_entry(process, task, reminder.when, path, state)
        if any(reminder == earlier for earlier in task.remind[:index]):
            yield Finding(process, path, Text("同一提醒写了两次。", "The same reminder is written twice."))
    for index, escalation in enumerate(task.escalate):
        path = _entry(process, (*task.path, "escalate"), index)
        if escalation.when.anchor.kind == "due" and _sum(escalation.when) < 0:
            text = Text(
                "升级不能早于期限；提前请用 remind。", "It escalates before it is due; to be early, use `remind`."
            )
            yield Finding(process, path, text)
        yield from _after_entry(process, task, escalation.when, path, state)


def _entry(process: Process, path: Path, index: int) -> Path:
    """The path of the index-th entry, or of the only one that stands without a list."""
    return (*path, index) if (*path, index) in process.lines else path


def _sum(moment: Moment) -> int:
    """The offsets together in hours, a working day counted as a day."""
    return sum(offset.amount * _HOURS[offset.unit] for offset in moment.offsets)


def _from_entry(moment: Moment) -> bool:
    return moment.anchor.kind == "entered" and not moment.anchor.args


def _ahead(process: Process, moment: Moment, path: Path, state: State) -> Iterator[Finding]:
    """What counts from entering the state lies after it."""
    if _from_entry(moment) and _sum(moment) <= 0:
        text = Text(
            f"“{moment.source}”不在进入这一步之后。", f"`{moment.source}` does not lie after the state is entered."
        )
        yield Finding(process, path, text, graph_of(process).way_to(state.key))


def _after_entry(process: Process, task: Task, moment: Moment, path: Path, state: State) -> Iterator[Finding]:
    """`due: 2wd, remind: due - 5wd`: three working days before the task is there."""
    if moment.anchor.kind == "due" and task.due is not None and _from_entry(task.due):
        from_entry = (*task.due.offsets, *moment.offsets)
        if any(_before_zero(offsets) for offsets in _each_choice(from_entry)):
            text = Text(
                f"“{moment.source}”早于待办出现（期限是 {task.due.source}）。",
                f"`{moment.source}` lies before the task exists (it is due `{task.due.source}`).",
            )
            yield Finding(process, path, text, graph_of(process).way_to(state.key))
        return
    yield from _ahead(process, moment, path, state)
    yield from _nth(process, moment, path)


def _before_zero(offsets: tuple[Duration, ...]) -> bool:
    """Whether they add up to less than nothing, as far as one unit can tell."""
    return len({offset.unit for offset in offsets}) == 1 and sum(offset.amount for offset in offsets) < 0


def _each_choice(offsets: tuple[Duration, ...]) -> Iterator[tuple[Duration, ...]]:
    """The durations for every choice that decides about one of them."""
    deciding = {offset.by: [key for key, _ in offset.choices] for offset in offsets if offset.by is not None}
    for keys in product(*deciding.values()):
        chosen = dict(zip(deciding, keys, strict=True))
        yield tuple((offset.chosen(chosen[offset.by]) if offset.by else None) or offset for offset in offsets)


def _nth(process: Process, moment: Moment, path: Path) -> Iterator[Finding]:
    """`workday(30, period)`: no month has so many."""
    if moment.anchor.kind != "workday":
        return
    number, inner = int(str(moment.anchor.args[0])), moment.anchor.args[1]
    while isinstance(inner, tuple) and inner[0] != "field":
        inner = inner[1]
    name = str(inner[1]) if isinstance(inner, tuple) else ""
    kind = process.fields[name].type if name in process.fields else "month"
    yield from _too_many(process, number, kind, path)


def _too_many(process: Process, number: int, kind: str, path: Path) -> Iterator[Finding]:
    most = _MOST_WORKDAYS.get(kind, 23)
    if abs(number) > most:
        text = Text(
            f"没有第 {number} 个工作日：最多 {most} 个。", f"There is no workday number {number}: at most {most}."
        )
        yield Finding(process, path, text)


def _same_moment(process: Process, state: State) -> Iterator[Finding]:
    """Two timers of one state at one moment: which one would win is anybody's guess."""
    seen: dict[tuple[object, tuple[Duration, ...]], Path] = {}
    for after in state.after:
        key = (after.when.anchor, after.when.offsets)
        if key in seen:
            yield Finding(process, after.path, Text("同一时刻写了两个去向。", "Two timers ring at the same moment."))
        seen[key] = after.path


def _schedule(process: Process, schedule: Schedule) -> Iterator[Finding]:
    if not isinstance(schedule.day, Moment):
        return
    path = (*schedule.path, "day")
    if schedule.day.anchor.kind == "workday":
        yield from _too_many(process, int(str(schedule.day.anchor.args[0])), schedule.every, path)
    lead = -_sum(schedule.day) // 24
    most = _LONGEST_LEAD.get(schedule.every, 0)
    if lead > most or any(offset.unit == "h" for offset in schedule.day.offsets):
        text = Text(
            f"“{schedule.day.source}”落不到同一个周期里（最多提前 {most} 天，不用小时）。",
            f"`{schedule.day.source}` falls out of its {schedule.every} (at most {most} days earlier, no hours).",
        )
        yield Finding(process, path, text)
