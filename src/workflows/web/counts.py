"""How much the reader has in hand: the same tasks that 待办 lists, also those of people they stand in for and those passed up.

Scorings among them are counted by the way: tasks in whose form lines of a scorecard are judged, whatever their process is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import g
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from workflows.definition.model import Process
from workflows.engine.mine import held_by
from workflows.engine.scene import Scene
from workflows.engine.tables import Task, TaskEscalation, TaskStatus
from workflows.http import visit

SOON: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class InHand:
    """Tasks in hand: all, of these late, and those that stand under 今天 (due today or within 24 hours, not late yet);
    scorings, and those of them that are late."""

    mine: int
    late: int
    today: int
    scorings: int
    late_scorings: int


def in_hand() -> InHand:
    """Counted once per transaction, in one statement."""
    here = visit()
    kept = g.get("in_hand")
    if kept is not None and kept[0] is here:
        found: InHand = kept[1]
        return found
    counted = _count()
    g.in_hand = (here, counted)
    return counted


def is_scoring(scene: Scene) -> ColumnElement[bool]:
    """Tasks in whose form lines of a scorecard are judged; a condition on `Task`."""
    places = {(one.process.key, state) for one in scene.versions for state in scoring_states(one.process)}
    return or_(false(), *(and_(Task.process == process, Task.state == state) for process, state in sorted(places)))


def scoring_states(process: Process) -> frozenset[str]:
    """The states of a process in which somebody judges lines of a scorecard."""
    judged = {name for name, field in process.fields.items() if "score" in field.give and "verdict" not in field.give}
    return frozenset(
        key for key, state in process.states.items() if any(not judged.isdisjoint(task.edit) for task in state.tasks)
    )


def _count() -> InHand:
    here = visit()
    told = select(TaskEscalation.task_id).where(TaskEscalation.person_id == here.me.id)
    passed_up = Task.id.in_(told) & ~Task.excluded.contains(here.me.id.hex)
    mine = or_(held_by(here.scene, here.me.id), passed_up)
    late = case((Task.due_at < here.now, 1), else_=0)
    scorings = case((is_scoring(here.scene), 1), else_=0)
    today = case(((Task.due_at >= here.now) & (Task.due_at < here.now + SOON), 1), else_=0)
    row = here.session.execute(
        select(func.count(), *(func.coalesce(func.sum(n), 0) for n in (late, today, scorings, scorings * late))).where(
            Task.status == TaskStatus.OPEN, mine
        )
    ).one()
    return InHand(*(int(n) for n in row))
