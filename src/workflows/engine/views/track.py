"""The line of steps: where a case has been, where it stands, and where it is likely to go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.definition.model import START
from workflows.engine.running import Running
from workflows.engine.views.ahead import likely_way, names
from workflows.engine.views.pages import TimelineEvent, TrackStep


def steps(run: Running, events: tuple[TimelineEvent, ...], older: int | None) -> tuple[TrackStep, ...]:
    """Every state once, in the order of the way; coming back to a state takes the line back to it and counts.

    A state that was left while nobody had done its tasks (a timer, an appeal in between) is not done: where the likely way
    leads there again it stands ahead, else it keeps its place without the mark of what is done.
    """
    visited = (
        _from_entries(run) if older is not None else [e.to_state for e in reversed(events) if e.to_state is not None]
    )
    line: list[str] = []
    returned: dict[str, int] = {}
    for state in visited:
        if state in line:
            line = line[: line.index(state)]
            returned[state] = returned.get(state, 0) + 1
        line.append(state)
    undone = {key for key in line if _left_undone(run, key)}
    ahead = [] if run.row.ended else list(_ahead(run, set(line) - undone))
    again = {step.state for step in ahead}
    past = [
        _skipped(run, key) if key in undone else _past(run, key, returned.get(key, 0))
        for key in line
        if key != run.row.state and key not in again
    ]
    now = [_now(run, returned.get(run.row.state, 0))]
    return (*past, *now, *ahead)


def _from_entries(run: Running) -> list[str]:
    return sorted(run.row.entries, key=lambda state: run.row.entries[state])


def _left_undone(run: Running, key: str) -> bool:
    """Whether the last visit of a state had tasks and nobody did any of them."""
    tasks = [task for task in run.tasks if task.state == key]
    last = max((task.visit for task in tasks), default=0)
    return bool(tasks) and not any(task.done for task in tasks if task.visit == last)


def _skipped(run: Running, key: str) -> TrackStep:
    return TrackStep(key, run.published.machine.state(key).title, "ahead", (), None)


def _past(run: Running, key: str, returned: int) -> TrackStep:
    done = [task for task in run.tasks if task.state == key and task.done and task.completed_by is not None]
    last = max((task.visit for task in done), default=0)
    people = [
        run.scene.organisation.name_of(task.completed_by) for task in done if task.visit == last and not task.anonymous
    ]
    at = max((task.completed_at for task in done if task.completed_at is not None), default=None)
    entered = datetime.fromisoformat(run.row.entries[key]) if key in run.row.entries else None
    return TrackStep(
        key, run.published.machine.state(key).title, "done", tuple(dict.fromkeys(people)), at or entered, returned
    )


def _now(run: Running, returned: int) -> TrackStep:
    state, name = run.state, run.scene.organisation.name_of
    open_tasks = run.open_tasks()
    people = tuple(dict.fromkeys(name(task.holder_id) for task in open_tasks if task.holder_id is not None))
    dues = [task.due_at for task in open_tasks if task.due_at is not None]
    due = min(dues, default=None)
    if run.row.ended:
        return TrackStep(state.key, state.title, "done", (), run.row.ended_at, returned)
    late = due is not None and due < run.now
    return TrackStep(state.key, state.title, "late" if late else "now", people, due or run.row.entered_at, returned)


def _ahead(run: Running, line: set[str]) -> Iterable[TrackStep]:
    for state in likely_way(run, run.state):
        if state.key not in line and state.key != START:
            people = tuple(name for task in state.tasks for name in names(run, task)[:1])
            yield TrackStep(state.key, state.title, "ahead", people if len(people) == 1 else (), None)


def timer_targets(run: Running, kind: str, rule: str) -> tuple[str, ...]:
    """The states a timer leads to; () for reminders, escalations and alerts."""
    if kind != "after":
        return ()
    index = int(rule.rpartition("/")[2])
    timers = run.state.after
    return tuple(way.to for way in timers[index].ways) if index < len(timers) else ()
