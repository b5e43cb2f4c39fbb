"""What sources fill in (`fill: scorecard`): when a case begins, live while a task is shown, for good when it is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.definition.model import Action, Task
from workflows.engine.forms import GOING_BACK
from workflows.engine.rows import TaskRow
from workflows.engine.running import Running, Step
from workflows.engine.scene import FillRequest


def at_start(run: Running, step: Step) -> None:
    """What is known when a case begins: which card holds for it."""
    if run.process.start.fill is not None:
        run.set_fields(_given(run, run.process.start.fill, None), step)


def when_shown(run: Running, task: Task, row: TaskRow) -> None:
    """Show the case to whoever may do the task as it would be if it were handed in now. Nothing is stored."""
    if task.fill is not None and not _released(run, row):
        run.suppose(_given(run, task.fill, None))


def when_handed_in(
    run: Running, task: Task, row: TaskRow, action: Action, values: Mapping[str, Any], step: Step
) -> None:
    """Fill in for good, with what has just been handed in set already. Raises what the source refuses."""
    staying = action.stay and not any(name in values for name in task.edit)
    if task.fill is None or action.kind in GOING_BACK or staying or _released(run, row):
        return
    run.set_fields(_given(run, task.fill, values), step)


def check(run: Running, action: Action, values: Mapping[str, Any]) -> None:
    """Let a source look at what an action's own form brought. It sets nothing: an appeal leaves the card as it was frozen."""
    if action.fill is not None:
        _given(run, action.fill, values)


def _released(run: Running, row: TaskRow) -> bool:
    """Whether the first of several people has released it: what they agreed to is not computed anew."""
    several = {action.name for action in run.state.actions.values() if action.people > 1}
    return any(t.done and (t.visit, t.part) == (row.visit, row.part) and t.action in several for t in run.tasks)


def _given(run: Running, name: str, handed_in: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the source gives, as far as the process says that it is filled in."""
    row, process = run.row, run.process
    request = FillRequest(
        row.id, row.process, row.state, row.subject_id, dict(row.data), run.now, handed_in, process.fields
    )  # fmt: skip
    found = run.scene.source(name)(run.session, request)
    return {field: value for field, value in found.items() if field in process.filled()}
